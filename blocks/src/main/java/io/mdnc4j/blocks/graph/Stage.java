package io.mdnc4j.blocks.graph;

import static io.mdnc4j.blocks.ArgumentException.require;
import static io.mdnc4j.blocks.graph.BlockGraph.join;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Geometry;

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
     * Adds a stage: the first {@code blocks - 1} blocks keep the size and map to {@code hiddenChannels}, the last one
     * scales and maps to {@code outChannels}.
     *
     * @param graph where it goes
     * @param kind the kind of its blocks
     * @param name what the names of its vertices begin with
     * @param input the vertex that feeds it
     * @param blocks number of blocks, at least 1
     * @param inChannels channels of the input
     * @param hiddenChannels channels between the blocks
     * @param outChannels channels of the output
     * @param scaling kernel and scaling of the last block; the others have its kernel and padding
     * @param showSkip whether layer tables show the skip as a second output
     * @return what was added
     * @throws ArgumentException if an argument is out of range
     */
    public static Stage add(
            BlockGraph graph,
            BlockKind kind,
            String name,
            String input,
            int blocks,
            long inChannels,
            long hiddenChannels,
            long outChannels,
            Geometry scaling,
            boolean showSkip) {
        require(blocks >= 1, "blocks", blocks, "use at least 1");
        String last = input;
        long channels = inChannels;
        for (int i = 0; i < blocks - 1; i++) {
            last = kind.addNested(
                    graph, join(name, "conv_list." + i), last, channels, hiddenChannels, scaling.unscaled());
            channels = hiddenChannels;
        }
        String output = kind.addNested(graph, join(name, "conv_scale"), last, channels, outChannels, scaling);
        String container = kind == BlockKind.CONV ? "_BlockConvStkNd" : "_BlockResStkNd";
        if (showSkip) {
            graph.close(container, output, last);
        } else {
            graph.close(container, output);
        }
        return new Stage(output, outChannels, last, channels);
    }
}
