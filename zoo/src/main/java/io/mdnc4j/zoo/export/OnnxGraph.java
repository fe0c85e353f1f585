package io.mdnc4j.zoo.export;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An ONNX graph while it is put together: nodes in the order in which they are computed, small constants, and weights, which
 * stay ND4J arrays until they are written. Values are known by name.
 */
final class OnnxGraph {
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Map<String, Weight> weights = new LinkedHashMap<>();
    private final Map<String, String> constants = new LinkedHashMap<>();

    /** Values that are written as floats, in another shape where that is so. */
    record Weight(INDArray values, long... shape) {}

    /** The nodes and what was set besides; the weights are not in it. */
    GraphProto.Builder proto() {
        return graph;
    }

    /** The weights by name. */
    Map<String, Weight> weights() {
        return weights;
    }

    /**
     * Adds a node with one output.
     *
     * @param output name of its output, which is the node's, too
     * @param inputs names of values; empty for one left out
     * @return {@code output}
     */
    String node(String operator, String output, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(Arrays.asList(attributes)));
        return output;
    }

    /** Adds a weight; returns its name. */
    String weight(String name, INDArray values, long... shape) {
        weights.put(name, new Weight(values, shape));
        return name;
    }

    /** A vector of that one value; equal ones are shared. */
    String filled(float value, long length) {
        String name = "filled_" + value + "_" + length;
        weights.computeIfAbsent(
                name, key -> new Weight(Nd4j.valueArrayOf(new long[] {length}, value, DataType.FLOAT), length));
        return name;
    }

    /** A vector of integers; equal ones are shared. */
    String integers(long... values) {
        return constants.computeIfAbsent("integers" + Arrays.toString(values), name -> {
            graph.addInitializer(TensorProto.newBuilder()
                    .setName(name)
                    .setDataType(TensorProto.DataType.INT64_VALUE)
                    .addDims(values.length)
                    .addAllInt64Data(Arrays.stream(values).boxed().toList()));
            return name;
        });
    }

    /** A single integer; equal ones are shared. */
    String integer(long value) {
        return constants.computeIfAbsent("integer" + value, name -> {
            graph.addInitializer(TensorProto.newBuilder()
                    .setName(name)
                    .setDataType(TensorProto.DataType.INT64_VALUE)
                    .addInt64Data(value));
            return name;
        });
    }

    /** A vector of floats; equal ones are shared. */
    String floats(float... values) {
        return constants.computeIfAbsent("floats" + Arrays.toString(values), name -> {
            TensorProto.Builder tensor = TensorProto.newBuilder()
                    .setName(name)
                    .setDataType(TensorProto.DataType.FLOAT_VALUE)
                    .addDims(values.length);
            for (float value : values) {
                tensor.addFloatData(value);
            }
            graph.addInitializer(tensor);
            return name;
        });
    }

    static AttributeProto attribute(String name, int... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto attribute(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    static AttributeProto attribute(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(org.nd4j.shade.protobuf.ByteString.copyFromUtf8(value))
                .build();
    }
}
