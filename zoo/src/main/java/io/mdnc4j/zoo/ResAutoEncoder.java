package io.mdnc4j.zoo;

/**
 * Auto-encoder of residual blocks: encoder and decoder without skips; maps {@code [N, C, size...]} to {@code [N,
 * outPlanes, size...]}, in 1, 2 or 3 dimensions (G. Hinton and R. Salakhutdinov, doi:10.1126/science.1127647).
 *
 * <p>Its blocks are bottlenecks, or plain ones with {@code block(BlockKind.PLAIN)}: units of normalisation, activation
 * and convolution beside a shortcut (K. He et al., arXiv:1512.03385 and arXiv:1603.05027). Bottlenecks do not squeeze
 * channels here. Normalisation is affine instance normalisation (D. Ulyanov et al., arXiv:1607.08022) and activation
 * PReLU (K. He et al., arXiv:1502.01852), unless {@code normalizer} and {@code activator} say otherwise.
 *
 * <p>{@code layers} has the blocks of each stage down and, last, of the middle stage; the stages up mirror those down.
 * Sizes are those of an axis with a kernel above 1, halved rounding up; an axis with kernel 1 keeps its size.
 *
 * <table>
 *   <caption>Sizes for n stages, {@code channel} c and inputs of size s</caption>
 *   <thead><tr><th>part</th><th>channels</th><th>size</th></tr></thead>
 *   <tbody>
 *     <tr><td>first convolution, kernel k + 2</td><td>c</td><td>s</td></tr>
 *     <tr><td>stage down i, 1 to n - 1</td><td>c 2<sup>i - 1</sup></td><td>s / 2<sup>i</sup></td></tr>
 *     <tr><td>middle stage, scales up</td><td>c 2<sup>n - 2</sup>, twice that inside</td><td>s / 2<sup>n - 2</sup></td></tr>
 *     <tr><td>stage up that mirrors stage i, n - 1 to 2</td><td>c 2<sup>i - 2</sup></td><td>s / 2<sup>i - 2</sup></td></tr>
 *     <tr><td>last stage, does not scale</td><td>c</td><td>s</td></tr>
 *     <tr><td>last convolution, kernel k + 2</td><td>{@code outPlanes}</td><td>s</td></tr>
 *   </tbody>
 * </table>
 *
 * <pre>{@code
 * ComputationGraph network = ResAutoEncoder.builder()
 *         .inputShape(3, 64, 63)
 *         .outPlanes(1)
 *         .channel(16)
 *         .layers(2, 2, 3)
 *         .build()
 *         .init();
 * INDArray output = network.outputSingle(Nd4j.rand(4, 3, 64, 63)); // [4, 1, 64, 63]
 * }</pre>
 */
@SuppressWarnings("unchecked") // DL4J declares <M extends Model> M init()
public final class ResAutoEncoder extends NetworkModel {
    private ResAutoEncoder(ModelSettings settings) {
        super(settings);
    }

    /**
     * {@return settings, all with defaults}
     */
    public static Builder<ResAutoEncoder> builder() {
        return new Builder<>(Family.RESNET, Network.AUTO_ENCODER, ResAutoEncoder::new);
    }
}
