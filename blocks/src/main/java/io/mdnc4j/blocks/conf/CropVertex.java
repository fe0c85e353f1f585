package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.layers.CroppingVertex;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Centre crop, never padding: each axis is cut to the smaller of its own and the wanted size, from
 * {@code floor((size - wanted) / 2)} on. There are three uses:
 *
 * <ul>
 *   <li>{@link #toSize}: one input, cut to a given size;
 *   <li>{@link #toReference}: two inputs; the first is cut to the second's spatial size, the second is only measured;
 *   <li>{@link #andConcatenate}: two inputs, both cut to the smaller of their sizes, then joined along channels.
 * </ul>
 */
public class CropVertex extends GraphVertex {
    @JsonProperty
    private long @Nullable [] size;

    @JsonProperty
    private boolean concatenate;

    /** For Jackson; as it is, crops the first input to the second. */
    protected CropVertex() {}

    private CropVertex(long @Nullable [] size, boolean concatenate) {
        this.size = size;
        this.concatenate = concatenate;
    }

    /**
     * Cuts its one input to that size.
     *
     * @param size spatial size, one number an axis, at least 1
     * @return the vertex
     * @throws ArgumentException if a size is below 1
     */
    public static CropVertex toSize(long... size) {
        SpatialDims.of(size.length);
        require(Arrays.stream(size).allMatch(s -> s >= 1), "size", size, "use at least 1");
        return new CropVertex(size.clone(), false);
    }

    /**
     * Cuts the first input to the spatial size of the second.
     *
     * @return the vertex
     */
    public static CropVertex toReference() {
        return new CropVertex(null, false);
    }

    /**
     * Cuts both inputs to the smaller size on each axis and joins them along channels, the first one first.
     *
     * @return the vertex
     */
    public static CropVertex andConcatenate() {
        return new CropVertex(null, true);
    }

    /** The common size of the cropped inputs with these spatial sizes. */
    private long[] croppedSize(long[][] sizes) {
        long[] result = sizes[0].clone();
        for (long[] other : size == null ? sizes : new long[][] {sizes[0], size}) {
            if (other.length != result.length) {
                throw new ArgumentException(
                        "size",
                        other.length + " numbers for " + result.length + " spatial dimensions",
                        "give one number an axis");
            }
            for (int i = 0; i < result.length; i++) {
                boolean unknown = result[i] < 0 || other[i] < 0;
                result[i] = unknown ? SpatialDims.UNKNOWN : Math.min(result[i], other[i]);
            }
        }
        return result;
    }

    /** {@return a copy of the size to cut to, one number an axis; {@code null} where a second input gives it} */
    public long @Nullable [] getSize() {
        return size == null ? null : size.clone();
    }

    /** {@return whether both inputs are cropped and joined along channels} */
    public boolean isConcatenate() {
        return concatenate;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) throws InvalidInputTypeException {
        if (inputs.length != minVertexInputs()) {
            throw new InvalidInputTypeException(
                    "a crop of this kind has " + minVertexInputs() + " inputs, got " + inputs.length);
        }
        long[][] sizes = Arrays.stream(inputs).map(SpatialDims::size).toArray(long[][]::new);
        long channels = concatenate
                ? Arrays.stream(inputs).mapToLong(SpatialDims::channels).sum()
                : SpatialDims.channels(inputs[0]);
        return SpatialDims.of(inputs[0]).inputType(channels, croppedSize(sizes));
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray parameterView,
            boolean initialize,
            DataType dataType) {
        return new CroppingVertex(graph, name, index, concatenate, this::croppedSize, dataType);
    }

    @Override
    public long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public int minVertexInputs() {
        return size == null ? 2 : 1;
    }

    @Override
    public int maxVertexInputs() {
        return minVertexInputs();
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputs) {
        return new LayerMemoryReport.Builder(null, getClass(), inputs[0], getOutputType(-1, inputs))
                .standardMemory(0, 0)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(0, 0)
                .build();
    }

    @Override
    public CropVertex clone() {
        return new CropVertex(size == null ? null : size.clone(), concatenate);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CropVertex that && Arrays.equals(size, that.size) && concatenate == that.concatenate;
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(size), concatenate);
    }
}
