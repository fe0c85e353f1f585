package io.mdnc4j.blocks.graph;

import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.SpatialLayer;
import io.mdnc4j.blocks.conf.SumVertex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;

/**
 * A GraphBuilder to which blocks add their vertices, with what all of them need to know: the number of dimensions and the
 * style of the units. It also keeps the order in which layers and their containers were finished, for layer tables.
 *
 * <pre>{@code
 * GraphBuilder builder = new NeuralNetConfiguration.Builder().graphBuilder().addInputs("input");
 * BlockGraph graph = new BlockGraph(builder, SpatialDims.TWO);
 * String last = BlockKind.PLAIN.add(graph, "block1", "input", 3, 64, Geometry.scaling(Scaler.DOWN, 3, 3));
 * }</pre>
 */
public final class BlockGraph {
    private final GraphBuilder builder;
    private final SpatialDims dims;
    private final BlockStyle style;
    private final @Nullable IWeightInit weightInit;
    private final List<Step> steps = new ArrayList<>();

    /**
     * A layer or container in the order of completion.
     *
     * @param container name of the container, {@code null} for a layer
     * @param outputs the vertices whose activations it returns, a copy; for a layer its own vertex
     */
    public record Step(@Nullable String container, List<String> outputs) {
        /**
         * Copies the list.
         *
         * @param container name of the container, {@code null} for a layer
         * @param outputs the vertices whose activations it returns
         */
        public Step {
            outputs = List.copyOf(outputs);
        }
    }

    /**
     * Blocks of {@link BlockStyle#DEFAULT}, with PyTorch's initial weights.
     *
     * @param builder where the vertices go
     * @param dims the number of spatial dimensions
     */
    public BlockGraph(GraphBuilder builder, SpatialDims dims) {
        this(builder, dims, BlockStyle.DEFAULT, null);
    }

    /**
     * Blocks of that style.
     *
     * @param builder where the vertices go
     * @param dims the number of spatial dimensions
     * @param style what their units consist of
     * @param weightInit initial weights of convolutions and linear maps, {@code null} for PyTorch's
     */
    public BlockGraph(GraphBuilder builder, SpatialDims dims, BlockStyle style, @Nullable IWeightInit weightInit) {
        this.builder = builder;
        this.dims = dims;
        this.style = style;
        this.weightInit = weightInit;
    }

    /** {@return the number of spatial dimensions} */
    public SpatialDims dims() {
        return dims;
    }

    /** {@return what the units of its blocks consist of} */
    public BlockStyle style() {
        return style;
    }

    /** {@return what was added so far, in order; a view} */
    public List<Step> steps() {
        return Collections.unmodifiableList(steps);
    }

    /**
     * Adds a layer.
     *
     * @param name its name
     * @param layer its settings, which take over this graph's initial weights
     * @param input the vertex that feeds it
     * @return its name
     */
    public String layer(String name, SpatialLayer.Builder<?> layer, String input) {
        if (weightInit != null) {
            layer.weightInit(weightInit);
        }
        builder.addLayer(name, layer.build(), input);
        steps.add(new Step(null, List.of(name)));
        return name;
    }

    /**
     * Adds a convolution that does not belong to a unit and, with an odd kernel, keeps the size.
     *
     * @param name its name
     * @param input the vertex that feeds it
     * @param inChannels channels of the input
     * @param outChannels channels of the output
     * @param kernelSize kernel size, one number an axis
     * @param bias whether a bias is added
     * @return its name
     * @throws io.mdnc4j.blocks.ArgumentException if the kernel size has not one number of at least 1 an axis
     */
    public String convolution(
            String name, String input, long inChannels, long outChannels, int[] kernelSize, boolean bias) {
        return layer(name, convolution(Geometry.keeping(kernelSize), inChannels, outChannels, bias), input);
    }

    static Convolution.Builder convolution(Geometry geometry, long in, long out, boolean bias) {
        return new Convolution.Builder(geometry.kernelSize())
                .stride(geometry.convolutionStride())
                .padding(geometry.padding())
                .hasBias(bias)
                .nIn(in)
                .nOut(out);
    }

    /**
     * Adds a vertex that no layer table shows.
     *
     * @param name its name
     * @param vertex the vertex
     * @param inputs the vertices that feed it
     * @return its name
     */
    public String vertex(String name, GraphVertex vertex, String... inputs) {
        builder.addVertex(name, vertex, inputs);
        return name;
    }

    /**
     * Adds the sum of two activations; returns its name.
     *
     * @param inPlace whether training may write it over the first
     */
    String sum(String name, String left, String right, boolean inPlace) {
        return vertex(name, new SumVertex(inPlace), left, right);
    }

    /**
     * Notes that a container is finished, for layer tables.
     *
     * @param container the name of its type
     * @param outputs the vertices whose activations it returns
     * @return its first output
     */
    public String close(String container, String... outputs) {
        steps.add(new Step(container, List.of(outputs)));
        return outputs[0];
    }

    /**
     * The name of a part; the parts of an unnamed whole keep their own.
     *
     * @param whole the name of the whole, may be empty
     * @param part the name of the part, or its number
     * @return {@code whole.part}
     */
    public static String join(String whole, Object part) {
        return whole.isEmpty() ? part.toString() : whole + "." + part;
    }
}
