package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.layers.SummingVertex;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The sum of two activations of equal shape, in training if asked for written over the first one: only where nothing else
 * reads that one, and its own layer does not need its output again, as a convolution does not.
 */
public class SumVertex extends GraphVertex {
    @JsonProperty
    private boolean inPlace;

    /** For Jackson, which then sets the fields. */
    protected SumVertex() {}

    /**
     * A sum.
     *
     * @param inPlace whether training writes the sum over the first input
     */
    public SumVertex(boolean inPlace) {
        this.inPlace = inPlace;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        long[][] shapes =
                Arrays.stream(inputs).map(type -> type.getShape(false)).toArray(long[][]::new);
        boolean known = Arrays.stream(shapes).flatMapToLong(Arrays::stream).noneMatch(s -> s == SpatialDims.UNKNOWN);
        require(
                !known || Arrays.equals(shapes[0], shapes[1]),
                "inputType",
                shapes,
                "sum activations of the same channels and size");
        return inputs[0];
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray parameterView,
            boolean initialize,
            DataType dataType) {
        return new SummingVertex(graph, name, index, inPlace, dataType);
    }

    @Override
    public long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public int minVertexInputs() {
        return 2;
    }

    @Override
    public int maxVertexInputs() {
        return 2;
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputs) {
        return new LayerMemoryReport.Builder(null, getClass(), inputs[0], inputs[0])
                .standardMemory(0, 0)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(0, 0)
                .build();
    }

    @Override
    public SumVertex clone() {
        return new SumVertex(inPlace);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SumVertex that && inPlace == that.inPlace;
    }

    @Override
    public int hashCode() {
        return Boolean.hashCode(inPlace) + 37;
    }
}
