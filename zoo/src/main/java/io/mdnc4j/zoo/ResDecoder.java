package io.mdnc4j.zoo;

/**
 * Decoder of residual blocks: maps a vector {@code [N, inLength]} or, with {@code inLength(0)}, a map of features
 * {@code [N, channel 2^(stages - 1), size...]}, to {@code [N, outPlanes, outSize...]}, in 1, 2 or 3 dimensions.
 *
 * <p>Its blocks are bottlenecks, or plain ones with {@code block(BlockKind.PLAIN)}: units of normalisation, activation
 * and convolution beside a shortcut (K. He et al., arXiv:1512.03385 and arXiv:1603.05027). Bottlenecks do not squeeze
 * channels here. Normalisation is affine instance normalisation (D. Ulyanov et al., arXiv:1607.08022) and activation
 * PReLU (K. He et al., arXiv:1502.01852), unless {@code normalizer} and {@code activator} say otherwise.
 *
 * <p>{@code layers} has the blocks of each stage. Sizes are those of an axis with a kernel above 1, halved rounding
 * up; an axis with kernel 1 keeps its size.
 *
 * <table>
 *   <caption>Sizes for n stages, {@code channel} c and outputs of size S</caption>
 *   <thead><tr><th>part</th><th>channels</th><th>size</th></tr></thead>
 *   <tbody>
 *     <tr><td>convolution that spreads a vector</td><td>c 2<sup>n - 1</sup></td><td>S / 2<sup>n</sup></td></tr>
 *     <tr><td>first convolution, kernel k</td><td>c 2<sup>n - 1</sup></td><td>S / 2<sup>n</sup></td></tr>
 *     <tr><td>stage i, 1 to n - 1</td><td>c 2<sup>n - 1 - i</sup></td><td>S / 2<sup>n - i</sup></td></tr>
 *     <tr><td>last stage</td><td>c</td><td>S</td></tr>
 *     <tr><td>last convolution, kernel k + 2</td><td>{@code outPlanes}</td><td>S</td></tr>
 *   </tbody>
 * </table>
 *
 * <pre>{@code
 * ComputationGraph network = ResDecoder.builder()
 *         .outSize(64, 63)
 *         .inLength(32)
 *         .channel(16)
 *         .layers(2, 2, 3)
 *         .build()
 *         .init();
 * INDArray output = network.outputSingle(Nd4j.rand(4, 32)); // [4, 1, 64, 63]
 * }</pre>
 */
@SuppressWarnings("unchecked") // DL4J declares <M extends Model> M init()
public final class ResDecoder extends NetworkModel {
    private ResDecoder(ModelSettings settings) {
        super(settings);
    }

    /**
     * {@return settings, all with defaults but the output's size}
     */
    public static Builder<ResDecoder> builder() {
        return new Builder<>(Family.RESNET, Network.DECODER, ResDecoder::new);
    }
}
