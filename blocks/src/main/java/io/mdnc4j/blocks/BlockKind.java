package io.mdnc4j.blocks;

import static io.mdnc4j.blocks.BlockGraph.join;

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
            geometry.requireSizeKept();
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
            geometry.requireSizeKept();
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

    /** Convolutions along the depth of one block: 1, 2 or 3. */
    public int depth() {
        return depth;
    }

    /** The name of the block's class in layer tables, without dimensions. */
    public String typeName() {
        return typeName;
    }

    @Override
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * Adds one block.
     *
     * @param name what the names of its vertices begin with; may be empty
     * @param input the vertex that feeds it
     * @param in channels of the input
     * @param out channels of the output
     * @param geometry kernel and scaling, one number for each of the graph's dimensions
     * @return the vertex with its output
     * @throws IllegalArgumentException if an argument is out of range, naming it
     */
    public String add(BlockGraph graph, String name, String input, long in, long out, Geometry geometry) {
        return add(graph, typeName + graph.dims().suffix(), name, input, in, out, geometry);
    }

    /** {@link #add} for a block inside a network, which layer tables show under another type name. */
    String addNested(BlockGraph graph, String name, String input, long in, long out, Geometry geometry) {
        return add(graph, "_" + typeName + "Nd", name, input, in, out, geometry);
    }

    private String add(
            BlockGraph graph, String container, String name, String input, long in, long out, Geometry geometry) {
        requireChannels("input channels", in);
        requireChannels("output channels", out);
        if (geometry.kernel().length != graph.dims().count()) {
            throw new IllegalArgumentException("kernel size: " + geometry.kernel().length + " numbers for "
                    + graph.dims().count() + " spatial dimensions; give one number an axis");
        }
        return graph.close(container, body(graph, name, input, in, out, geometry));
    }

    private static void requireChannels(String argument, long channels) {
        if (channels < 1) {
            throw new IllegalArgumentException(argument + ": " + channels + "; use at least 1");
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
