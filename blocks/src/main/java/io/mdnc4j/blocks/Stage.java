package io.mdnc4j.blocks;

import static io.mdnc4j.blocks.BlockGraph.join;

/**
 * A stack of blocks of one kind, of which the last one scales.
 *
 * @param output the vertex with its output
 * @param channels channels of the output
 * @param skip the vertex with the input of the scaling block, which a U-Net hands across
 * @param skipChannels channels of the skip
 */
public record Stage(String output, long channels, String skip, long skipChannels) {
    /**
     * Adds a stage: the first {@code blocks - 1} blocks keep the size and map to {@code hidden} channels, the last one
     * scales and maps to {@code out}.
     *
     * @param name what the names of its vertices begin with
     * @param showSkip whether layer tables show the skip as a second output
     */
    public static Stage add(
            BlockGraph graph,
            BlockKind kind,
            String name,
            String input,
            int blocks,
            long in,
            long hidden,
            long out,
            Geometry scaling,
            boolean showSkip) {
        String last = input;
        long channels = in;
        for (int i = 0; i < blocks - 1; i++) {
            last = kind.addNested(graph, join(name, "conv_list." + i), last, channels, hidden, scaling.unscaled());
            channels = hidden;
        }
        String output = kind.addNested(graph, join(name, "conv_scale"), last, channels, out, scaling);
        String container = kind == BlockKind.CONV ? "_BlockConvStkNd" : "_BlockResStkNd";
        if (showSkip) {
            graph.close(container, output, last);
        } else {
            graph.close(container, output);
        }
        return new Stage(output, out, last, channels);
    }
}
