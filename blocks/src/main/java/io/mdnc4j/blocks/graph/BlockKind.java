package io.mdnc4j.blocks.graph;

import static io.mdnc4j.blocks.ArgumentException.require;
import static io.mdnc4j.blocks.graph.BlockGraph.join;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.Geometry;
import java.util.Arrays;

/**
 * The kinds of block that networks are stacked from. A block maps {@code [N, in, size...]} to
 * {@code [N, out, scaled size...]}.
 */
public enum BlockKind implements Coded {
    /** Modern convolution: one unit. */
    CONV("ConvModern", 1) {
        @Override
        String body(BlockGraph graph, String name, String input, long in, long out, Geometry geometry) {
            return Sequence.unit(graph, join(name, "mconv"), input, in, out, geometry);
        }
    },
    /** Plain residual block: two units, of which the second scales, plus the shortcut. He et al., arXiv:1512.03385. */
    PLAIN("BlockPlain", 2) {
        @Override
        String body(BlockGraph graph, String name, String input, long in, long out, Geometry geometry) {
            requireSizeKept(geometry);
            String first = Sequence.unit(graph, join(name, "conv1"), input, in, in, geometry.unscaled());
            String second = Sequence.unit(graph, join(name, "conv2"), first, in, out, geometry);
            return residual(graph, name, input, second, in, out, geometry);
        }
    },
    /**
     * Bottleneck residual block: 1x1 unit, unit with the kernel that scales, 1x1 unit, plus the shortcut. Channels are not
     * squeezed in between.
     */
    BOTTLENECK("BlockBottleneck", 3) {
        @Override
        String body(BlockGraph graph, String name, String input, long in, long out, Geometry geometry) {
            requireSizeKept(geometry);
            Geometry pointwise = geometry.unscaled().pointwise();
            String first = Sequence.unit(graph, join(name, "conv1"), input, in, in, pointwise);
            String second = Sequence.unit(graph, join(name, "conv2"), first, in, in, geometry);
            String third = Sequence.unit(graph, join(name, "conv3"), second, in, out, pointwise);
            return residual(graph, name, input, third, in, out, geometry);
        }
    };

    private final String typeName;
    private final int depth;

    BlockKind(String typeName, int depth) {
        this.typeName = typeName;
        this.depth = depth;
    }

    /** {@return the convolutions along the depth of one block: 1, 2 or 3} */
    public int depth() {
        return depth;
    }

    /** {@return the name of the block's class in layer tables, without dimensions} */
    public String typeName() {
        return typeName;
    }

    /**
     * Adds one block.
     *
     * @param graph where it goes
     * @param name what the names of its vertices begin with; may be empty
     * @param input the vertex that feeds it
     * @param inChannels channels of the input, at least 1
     * @param outChannels channels of the output, at least 1
     * @param geometry kernel and scaling, one number for each of the graph's dimensions
     * @return the vertex with its output
     * @throws ArgumentException if an argument is out of range; for residual blocks also a padding with which the
     *     convolution alone would change the size
     */
    public String add(
            BlockGraph graph, String name, String input, long inChannels, long outChannels, Geometry geometry) {
        return add(graph, typeName + graph.dims().suffix(), name, input, inChannels, outChannels, geometry);
    }

    /** {@link #add} for a block inside a network, which layer tables show under another type name. */
    String addNested(BlockGraph graph, String name, String input, long in, long out, Geometry geometry) {
        return add(graph, "_" + typeName + "Nd", name, input, in, out, geometry);
    }

    private String add(
            BlockGraph graph, String container, String name, String input, long in, long out, Geometry geometry) {
        require(in >= 1, "inChannels", in, "use at least 1");
        require(out >= 1, "outChannels", out, "use at least 1");
        require(
                geometry.dims() == graph.dims(),
                "kernelSize",
                geometry.dims().count() + " numbers for " + graph.dims().count() + " spatial dimensions",
                "give one number an axis");
        return graph.close(container, body(graph, name, input, in, out, geometry));
    }

    /** Refuses paddings with which the convolution alone would change the size, so that the sum with the shortcut fits. */
    private static void requireSizeKept(Geometry geometry) {
        int[] kernelSize = geometry.kernelSize();
        int[] padding = geometry.padding();
        for (int i = 0; i < kernelSize.length; i++) {
            if (2 * padding[i] != kernelSize[i] - 1) {
                throw new ArgumentException(
                        "padding",
                        Arrays.toString(padding) + " with kernelSize " + Arrays.toString(kernelSize)
                                + " changes the size of a residual block's main branch",
                        "use odd kernel sizes k with padding (k - 1) / 2");
            }
        }
    }

    abstract String body(BlockGraph graph, String name, String input, long in, long out, Geometry geometry);

    /** Main branch plus shortcut: the input itself where nothing is scaled and the channels stay. */
    private static String residual(
            BlockGraph graph, String name, String input, String main, long in, long out, Geometry geometry) {
        boolean identity = in == out && !geometry.scales();
        String shortcut = identity ? input : Sequence.shortcut(graph, join(name, "in_node"), input, in, out, geometry);
        // with the normalisation first, the main branch ends in a convolution, which does not read its output again
        return graph.sum(join(name, "sum"), main, shortcut, graph.style().normalizesFirst());
    }
}
