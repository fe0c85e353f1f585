package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockGraph;
import java.util.Arrays;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;

/** The checked description of something that adds vertices to a graph: a whole network or a single block. */
public sealed interface GraphSpec permits NetworkSpec, BlockSpec {
    /** The name of the graph's input. */
    String INPUT = "input";

    /** The name of the convolution that spreads a decoder's vector over its smallest map. */
    String SPREAD = "conv_in";

    /**
     * {@return number of spatial dimensions}
     */
    SpatialDims dims();

    /**
     * {@return the values of all options that it has}
     */
    SpecValues values();

    /**
     * {@return the value of an option that it has}
     *
     * @param <T> type of the option's values
     * @param option the option
     * @throws ArgumentException if it does not have it, or leaves it open
     */
    default <T> T value(SpecOption<T> option) {
        T value = values().get(option);
        if (value == null) {
            throw new ArgumentException(option.name(), "not there", "use one of " + values().given());
        }
        return value;
    }

    /**
     * {@return what the units of its blocks consist of, where there is a choice}
     */
    default BlockStyle style() {
        return new BlockStyle(
                values().getOr(SpecOption.NORMALIZER, BlockStyle.DEFAULT.normalizer()),
                values().getOr(SpecOption.ACTIVATOR, BlockStyle.DEFAULT.activator()),
                values().getOr(SpecOption.LAYER_ORDER, BlockStyle.DEFAULT.order()));
    }

    /**
     * {@return the number of convolutional layers along the depth; {@code null} for a block}
     */
    @Nullable
    Integer depth();

    /**
     * {@return the type of the input with that spatial size, one number an axis}
     *
     * @param size spatial size, one number an axis
     * @throws ArgumentException if it has not one number an axis, or one that no array has
     */
    InputType inputType(long... size);

    /**
     * {@return the type of inputs with these channels and this size}
     *
     * @param dims number of spatial dimensions
     * @param channels number of channels
     * @param size spatial size, one number an axis
     */
    static InputType inputType(SpatialDims dims, long channels, long... size) {
        ArgumentException.require(
                size.length == dims.count()
                        && Arrays.stream(size)
                                .allMatch(s -> s == SpatialDims.UNKNOWN || s >= 1 && s <= Integer.MAX_VALUE),
                "size",
                size,
                "give one number for each of the " + dims.count() + " spatial dimensions, at least 1 and at most "
                        + Integer.MAX_VALUE);
        return dims.inputType(channels, size);
    }

    /**
     * Adds the vertices, without a loss, fed by {@code input}; returns the last one.
     *
     * @param graph takes the vertices
     * @param input the vertex that feeds them
     * @return the last vertex
     */
    String assemble(BlockGraph graph, String input);

    /**
     * Adds the vertices to a builder, fed by a new input named {@link #INPUT}.
     *
     * @param builder takes the vertices
     * @param weightInit initial weights, {@code null} for PyTorch's
     * @param last receives the name of the last vertex
     * @return what was added
     */
    default BlockGraph addTo(GraphBuilder builder, @Nullable IWeightInit weightInit, Consumer<String> last) {
        BlockGraph graph = new BlockGraph(builder.addInputs(INPUT), dims(), style(), weightInit);
        last.accept(assemble(graph, INPUT));
        return graph;
    }
}
