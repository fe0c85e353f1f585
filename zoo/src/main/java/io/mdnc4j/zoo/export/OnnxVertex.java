package io.mdnc4j.zoo.export;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.Parameter;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A vertex on its way into an ONNX graph.
 *
 * @param name its name, and that of its output
 * @param inputs names of the values that feed it
 * @param parameters by their names in the layer
 * @param dims the network's dimensions
 * @param sizes spatial sizes of the inputs, of one sample; empty where they are open
 * @param vectorInput whether its input is a vector, {@code [N, C]}, where its layer works on maps
 */
record OnnxVertex(
        String name,
        List<String> inputs,
        Map<String, INDArray> parameters,
        SpatialDims dims,
        List<long[]> sizes,
        boolean vectorInput) {
    /** The only input. */
    String input() {
        return inputs.get(0);
    }

    /** The spatial size of an input; {@code null} where it is open. */
    long @Nullable [] size(int which) {
        return sizes.isEmpty() ? null : sizes.get(which);
    }

    /** A name for a value inside; {@code inner("weight")} is PyTorch's key of the weight. */
    String inner(String part) {
        return name + "." + part;
    }

    /** Adds a parameter as it is. */
    String weight(OnnxGraph graph, String parameter) {
        INDArray values = parameters.get(parameter);
        return graph.weight(inner(parameter), values, values.shape());
    }

    /** Adds the weight and, where there is one, the bias. */
    List<String> weightAndBias(OnnxGraph graph) {
        return Stream.of(Parameter.WEIGHT, Parameter.BIAS)
                .filter(parameters::containsKey)
                .map(parameter -> weight(graph, parameter))
                .toList();
    }

    /** A one for each spatial axis. */
    LongStream ones() {
        return LongStream.generate(() -> 1).limit(dims.count());
    }
}
