package io.mdnc4j.zoo;

import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockGraph;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.IWeightInit;

/** The checked description of something that adds vertices to a graph: a whole network or a single block. */
public sealed interface GraphSpec permits NetworkSpec, BlockSpec {
    /** The name of the graph's input. */
    String INPUT = "input";

    /** The name of the convolution that spreads a decoder's vector over its smallest map. */
    String SPREAD = "conv_in";

    /** Number of spatial dimensions. */
    SpatialDims dims();

    /** What the units consist of. */
    BlockStyle style();

    /** The number of convolutional layers along the depth; {@code null} for a block. */
    Integer depth();

    /** The type of the input with that spatial size, one number an axis. */
    InputType inputType(long... size);

    /** Adds the vertices, without a loss, fed by {@code input}; returns the last one. */
    String assemble(BlockGraph graph, String input);

    /**
     * Adds the vertices to a builder, fed by a new input named {@link #INPUT}.
     *
     * @param weightInit initial weights, {@code null} for PyTorch's
     * @param last receives the name of the last vertex
     * @return what was added
     */
    default BlockGraph addTo(GraphBuilder builder, IWeightInit weightInit, java.util.function.Consumer<String> last) {
        BlockGraph graph = new BlockGraph(builder.addInputs(INPUT), dims(), style(), weightInit);
        last.accept(assemble(graph, INPUT));
        return graph;
    }
}
