package io.mdnc4j.blocks.graph;

import static io.mdnc4j.blocks.graph.BlockGraph.join;

import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.conf.AveragePooling;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.InstanceNormalization;
import io.mdnc4j.blocks.conf.LeakyReLU;
import io.mdnc4j.blocks.conf.NonOverlappingTransposedConvolution;
import java.util.Arrays;

/**
 * Blocks of nnU-Net's networks: convolution, affine instance normalisation and leaky rectifier of slope 0.01, in this order.
 * Kernels are odd and padded so that the convolution alone keeps the size. Names are those of the package
 * dynamic_network_architectures.
 *
 * @param graph where they go; its style is not theirs
 * @param bias whether their convolutions have a bias, but for those of shortcuts, which never have one
 */
public record ConvNormBlocks(BlockGraph graph, boolean bias) {
    /**
     * Adds a unit: convolution, normalisation, leaky rectifier.
     *
     * @param name what the names of its vertices begin with
     * @param input the vertex that feeds it
     * @param in channels of the input
     * @param out channels of the output
     * @param kernel kernel size, one odd number an axis
     * @param stride stride, one number an axis
     * @return the vertex with its output
     */
    public String unit(String name, String input, long in, long out, int[] kernel, int... stride) {
        String last = rectify(join(name, "nonlin"), normalized(name, input, in, out, kernel, stride, bias), out);
        return graph.close("ConvDropoutNormReLU", last);
    }

    /**
     * Adds units one after the other, of which the first has the stride: {@code name.convs.0} and so on.
     *
     * @param name what the names of its vertices begin with
     * @param input the vertex that feeds it
     * @param count number of units, at least 1
     * @param in channels of the input
     * @param out channels of the output
     * @param kernel kernel size, one odd number an axis
     * @param stride stride of the first, one number an axis
     * @return the vertex with its output
     */
    public String units(String name, String input, int count, long in, long out, int[] kernel, int... stride) {
        String last = unit(join(name, "convs.0"), input, in, out, kernel, stride);
        for (int i = 1; i < count; i++) {
            last = unit(join(name, "convs." + i), last, out, out, kernel, ones(stride.length));
        }
        return graph.close("StackedConvBlocks", last);
    }

    /**
     * Adds residual blocks one after the other, of which the first has the stride: {@code name.blocks.0} and so on. A block
     * is a unit with the stride, convolution and normalisation, plus the shortcut, and a leaky rectifier. The shortcut is an
     * average over as many elements as the block strides by, and, where the channels change, a convolution with kernel 1 and
     * a normalisation (the "D" of He et al., arXiv:1812.01187).
     *
     * @param name what the names of its vertices begin with
     * @param input the vertex that feeds it
     * @param count number of blocks, at least 1
     * @param in channels of the input
     * @param out channels of the output
     * @param kernel kernel size, one odd number an axis
     * @param stride stride of the first, one number an axis
     * @return the vertex with its output
     */
    public String residuals(String name, String input, int count, long in, long out, int[] kernel, int... stride) {
        String last = residual(join(name, "blocks.0"), input, in, out, kernel, stride);
        for (int i = 1; i < count; i++) {
            last = residual(join(name, "blocks." + i), last, out, out, kernel, ones(stride.length));
        }
        return graph.close("StackedResidualBlocks", last);
    }

    private String residual(String name, String input, long in, long out, int[] kernel, int... stride) {
        int[] ones = ones(stride.length);
        String main = unit(join(name, "conv1"), input, in, out, kernel, stride);
        main = normalized(join(name, "conv2"), main, out, out, kernel, ones, bias);
        graph.close("ConvDropoutNormReLU", main);
        String shortcut = input;
        int part = 0;
        if (!Arrays.equals(stride, ones)) {
            AveragePooling.Builder pooling = new AveragePooling.Builder(stride);
            shortcut = graph.layer(join(name, "skip." + part++), pooling.nIn(in).nOut(in), shortcut);
        }
        if (in != out) {
            shortcut = normalized(join(name, "skip." + part), shortcut, in, out, ones, ones, false);
            graph.close("ConvDropoutNormReLU", shortcut);
        }
        // a normalisation does not read its output again
        String sum = graph.sum(join(name, "sum"), main, shortcut, true);
        return graph.close("BasicBlockD", rectify(join(name, "nonlin2"), sum, out));
    }

    /**
     * Adds a transposed convolution with kernel = stride.
     *
     * @param name its name
     * @param input the vertex that feeds it
     * @param in channels of the input
     * @param out channels of the output
     * @param stride by how much the size grows, one number an axis
     * @return its name
     */
    public String upsample(String name, String input, long in, long out, int... stride) {
        return graph.layer(
                name,
                new NonOverlappingTransposedConvolution.Builder(stride)
                        .hasBias(bias)
                        .nIn(in)
                        .nOut(out),
                input);
    }

    private String normalized(
            String name, String input, long in, long out, int[] kernel, int[] stride, boolean withBias) {
        String convolution = graph.layer(
                join(name, "conv"),
                new Convolution.Builder(kernel)
                        .stride(stride)
                        .padding(Geometry.keeping(kernel).padding())
                        .hasBias(withBias)
                        .nIn(in)
                        .nOut(out),
                input);
        return graph.layer(
                join(name, "norm"), new InstanceNormalization.Builder().nIn(out).nOut(out), convolution);
    }

    private String rectify(String name, String input, long channels) {
        // what feeds it is a normalisation or a sum, which do not read their outputs again
        return graph.layer(
                name, new LeakyReLU.Builder().inPlace(true).nIn(channels).nOut(channels), input);
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
