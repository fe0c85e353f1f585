package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.layers.SupervisingVertex;
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
 * Several outputs in training, one in prediction: passes its first input through, {@code [N, C, size...]}, to a
 * {@link SpatialLossLayer}, whose loss in training is the weighted sum of the losses of all inputs. Each of these is
 * compared with the labels at its own size, taken from the nearest position: {@code floor((i + 0.5) labels / size)}. A
 * network so trained has one output and takes one array of labels, like any other; its score outside of training is the
 * loss of that output. Lee et al., arXiv:1409.5185.
 */
public class DeepSupervisionVertex extends GraphVertex {
    @JsonProperty
    private double[] weights;

    /** For Jackson, which then sets the fields. */
    protected DeepSupervisionVertex() {}

    /**
     * With a weight for the loss of each input.
     *
     * @param weights finite, at least 0, not all 0
     * @throws ArgumentException if they are not
     */
    public DeepSupervisionVertex(double... weights) {
        require(
                weights.length >= 1
                        && Arrays.stream(weights).allMatch(weight -> weight >= 0 && Double.isFinite(weight))
                        && Arrays.stream(weights).anyMatch(weight -> weight > 0),
                "weights",
                weights,
                "use finite numbers of at least 0, one above 0 among them");
        this.weights = weights.clone();
    }

    /**
     * nnU-Net's weights for that many outputs, the largest first: 1, 1/2, 1/4 ..., the last one 0 where there are several,
     * divided by their sum.
     *
     * @param outputs at least 1
     * @return a new array
     */
    public static double[] halvedWeights(int outputs) {
        double[] weights = new double[outputs];
        for (int i = 0; i < outputs; i++) {
            weights[i] = i > 0 && i == outputs - 1 ? 0 : Math.pow(2, -i);
        }
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    /** {@return a copy of the weights, one for each input} */
    public double[] getWeights() {
        return weights.clone();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        for (InputType input : inputs) {
            require(
                    SpatialDims.channels(input) == SpatialDims.channels(inputs[0]),
                    "inputType",
                    input,
                    "supervise outputs of the same channels, " + SpatialDims.channels(inputs[0]));
        }
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
        return new SupervisingVertex(graph, name, index, weights, dataType);
    }

    @Override
    public long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public int minVertexInputs() {
        return weights.length;
    }

    @Override
    public int maxVertexInputs() {
        return weights.length;
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
    public DeepSupervisionVertex clone() {
        return new DeepSupervisionVertex(weights);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeepSupervisionVertex that && Arrays.equals(weights, that.weights);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(weights);
    }
}
