package io.mdnc4j.zoo;

/**
 * Encoder of residual blocks: maps {@code [N, C, size...]} to a vector {@code [N, outLength]} or, with {@code
 * outLength(0)}, to a map of features, in 1, 2 or 3 dimensions.
 *
 * <p>Its blocks are bottlenecks, or plain ones with {@code block(BlockKind.PLAIN)}: units of normalisation, activation
 * and convolution beside a shortcut (K. He et al., arXiv:1512.03385 and arXiv:1603.05027). Bottlenecks do not squeeze
 * channels here. Normalisation is affine instance normalisation (D. Ulyanov et al., arXiv:1607.08022) and activation
 * PReLU (K. He et al., arXiv:1502.01852), unless {@code normalizer} and {@code activator} say otherwise.
 *
 * <p>{@code layers} has the blocks of each stage. Unless a task is set, a vector is trained as classes, a map as
 * values. Sizes are those of an axis with a kernel above 1, halved rounding up; an axis with kernel 1 keeps its size.
 *
 * <table>
 *   <caption>Sizes for n stages, {@code channel} c and inputs of size s</caption>
 *   <thead><tr><th>part</th><th>channels</th><th>size</th></tr></thead>
 *   <tbody>
 *     <tr><td>first convolution, kernel k + 2</td><td>c</td><td>s</td></tr>
 *     <tr><td>stage i, 1 to n</td><td>c 2<sup>i - 1</sup></td><td>s / 2<sup>i</sup></td></tr>
 *     <tr><td>last convolution, kernel k</td><td>c 2<sup>n - 1</sup></td><td>s / 2<sup>n</sup></td></tr>
 *     <tr><td>average and linear map, for a vector</td><td>{@code outLength}</td><td>none</td></tr>
 *   </tbody>
 * </table>
 *
 * <pre>{@code
 * ComputationGraph network = ResEncoder.builder()
 *         .inputShape(3, 64, 63)
 *         .outLength(10)
 *         .channel(16)
 *         .layers(2, 2, 3)
 *         .build()
 *         .init();
 * INDArray output = network.outputSingle(Nd4j.rand(4, 3, 64, 63)); // [4, 10]
 * }</pre>
 */
@SuppressWarnings("unchecked") // DL4J declares <M extends Model> M init()
public final class ResEncoder extends NetworkModel {
    private ResEncoder(ModelSettings settings) {
        super(settings);
    }

    /**
     * {@return settings, all with defaults}
     */
    public static Builder<ResEncoder> builder() {
        return new Builder<>(Family.RESNET, Network.ENCODER, ResEncoder::new);
    }
}
