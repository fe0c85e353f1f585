package io.mdnc4j.zoo;

/**
 * U-Net of plain convolutions as nnU-Net plans it, with its parameters under its names: convolution, affine instance normalisation (D. Ulyanov et al., arXiv:1607.08022) and leaky rectifier of slope 0.01, in
 * {@code layers} units for each stage of the encoder, of which the first has the stage's stride (F. Isensee et al.,
 * doi:10.1038/s41592-020-01008-z).
 *
 * <p>It maps {@code [N, C, size...]} to {@code [N, outPlanes, size...]}, in 1, 2 or 3 dimensions; sizes are multiples of the
 * product of all strides. Stages have {@code features} channels, a kernel and a stride each, one number an axis. The decoder
 * takes a transposed convolution with kernel = stride, joins what the encoder had at that size, and adds
 * {@code decoderLayers} units. Training supervises the outputs of all its stages but the deepest, at their own size, unless
 * {@code deepSupervision} is false; in prediction there is one output.
 *
 * <table>
 *   <caption>Sizes for n stages of features f, strides s and inputs of size a</caption>
 *   <thead><tr><th>part</th><th>channels</th><th>size</th></tr></thead>
 *   <tbody>
 *     <tr><td>stage i of the encoder, 1 to n</td><td>f<sub>i</sub></td><td>a / (s<sub>1</sub> ... s<sub>i</sub>)</td></tr>
 *     <tr><td>stage of the decoder beside i, n - 1 to 1</td><td>f<sub>i</sub></td><td>a / (s<sub>1</sub> ... s<sub>i</sub>)</td></tr>
 *     <tr><td>last convolution, kernel 1</td><td>{@code outPlanes}</td><td>a</td></tr>
 *   </tbody>
 * </table>
 *
 * <pre>{@code
 * ComputationGraph network = PlainConvUNet.builder()
 *         .inputShape(1, 16, 32, 32)
 *         .outPlanes(3)
 *         .features(8, 16, 32)
 *         .kernels(new int[] {1, 3, 3}, new int[] {3}, new int[] {3})
 *         .strides(new int[] {1}, new int[] {1, 2, 2}, new int[] {2})
 *         .build()
 *         .init();
 * INDArray output = network.outputSingle(Nd4j.rand(1, 1, 16, 32, 32)); // [1, 3, 16, 32, 32]
 * }</pre>
 */
@SuppressWarnings("unchecked") // DL4J declares <M extends Model> M init()
public final class PlainConvUNet extends NetworkModel {
    private PlainConvUNet(ModelSettings settings) {
        super(settings);
    }

    /**
     * {@return settings, all with defaults}
     */
    public static Builder<PlainConvUNet> builder() {
        return new Builder<>(Family.NNUNET, Network.PLAIN, PlainConvUNet::new);
    }
}
