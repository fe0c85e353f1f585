package io.mdnc4j.zoo.export;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.DeepSupervisionVertex;
import io.mdnc4j.blocks.conf.SpatialLayer;
import io.mdnc4j.zoo.GraphSpec;
import io.mdnc4j.zoo.ModelDescription;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TensorShapeProto.Dimension;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network as an ONNX graph of the same names: inputs, outputs, and a value for each vertex. Batch and, unless the input is
 * a vector, spatial sizes are open.
 */
final class OnnxNetwork {
    private static final String BATCH = "batch";

    /** Names of spatial axes, of which the last ones are used. */
    private static final List<String> AXES = List.of("depth", "height", "width");

    private static final List<String> SIGNAL_AXES = List.of("length");

    /** Sizes for which types of outputs are computed: only their channels are kept. */
    private static final long ANY_SIZE = 64;

    private final ComputationGraph network;
    private final ComputationGraphConfiguration conf;
    private final SpatialDims dims;
    private final OnnxGraph graph = new OnnxGraph();

    private OnnxNetwork(ComputationGraph network) {
        this.network = network;
        this.conf = network.getConfiguration();
        this.dims = dims();
    }

    /**
     * The network as a graph.
     *
     * @throws ArgumentException if it has a layer or vertex without ONNX operator
     */
    static OnnxGraph of(ComputationGraph network, ModelDescription description) {
        OnnxNetwork self = new OnnxNetwork(network);
        self.graph
                .proto()
                .setName(description == null || description.model() == null ? "network" : description.model());
        self.addInputsAndOutputs();
        Set<String> needed = self.needed();
        for (int index : network.topologicalSortOrder()) {
            String name = network.getVertices()[index].getVertexName();
            if (needed.contains(name)) {
                self.addVertex(name);
            }
        }
        return self.graph;
    }

    /** What outputs come from; outputs that only training supervises are nobody's input. */
    private Set<String> needed() {
        Set<String> needed = new HashSet<>();
        Deque<String> waiting = new ArrayDeque<>(conf.getNetworkOutputs());
        while (!waiting.isEmpty()) {
            String name = waiting.pop();
            if (needed.add(name) && conf.getVertexInputs().containsKey(name)) {
                List<String> inputs = conf.getVertexInputs().get(name);
                boolean passesFirst = unwrapped(conf.getVertices().get(name)) instanceof DeepSupervisionVertex;
                waiting.addAll(passesFirst ? inputs.subList(0, 1) : inputs);
            }
        }
        return needed;
    }

    private void addVertex(String name) {
        GraphVertex vertex = conf.getVertices().get(name);
        if (vertex == null) {
            return; // an input
        }
        List<String> inputs = conf.getVertexInputs().get(name);
        Map<String, INDArray> parameters = Map.of();
        Object configuration = unwrapped(vertex);
        if (configuration instanceof Layer) {
            parameters = network.getLayer(name).paramTable();
            requireNoPreProcessor(name, vertex);
        }
        boolean vectorInput = configuration instanceof Convolution
                && conf.getNetworkInputs().contains(inputs.get(0))
                && takesVector(name);
        OnnxOperators.add(
                graph,
                configuration,
                new OnnxVertex(name, inputs, parameters == null ? Map.of() : parameters, dims, vectorInput));
    }

    /** The layer's configuration, or the vertex's own where it has no layer; what is frozen counts as what it is. */
    private static Object unwrapped(GraphVertex vertex) {
        if (vertex instanceof FrozenVertex frozen) {
            return unwrapped(frozen.getUnderlying());
        }
        if (vertex instanceof LayerVertex layer) {
            Layer conf = layer.getLayerConf().getLayer();
            if (conf instanceof FrozenLayer frozen) {
                return frozen.getLayer();
            }
            return conf instanceof FrozenLayerWithBackprop frozen ? frozen.getUnderlying() : conf;
        }
        return vertex;
    }

    private static void requireNoPreProcessor(String name, GraphVertex vertex) {
        if (vertex instanceof LayerVertex layer && layer.getPreProcessor() != null) {
            throw new ArgumentException(
                    "network",
                    "vertex \"" + name + "\" has a "
                            + layer.getPreProcessor().getClass().getSimpleName() + ", which has no ONNX operator here",
                    "export a network without");
        }
    }

    private SpatialDims dims() {
        return layers().filter(Convolution.class::isInstance)
                .map(layer -> SpatialDims.of(((Convolution) layer).getKernelSize().length))
                .findFirst()
                .orElseThrow(() -> new ArgumentException(
                        "network",
                        "has no convolution, which would tell its dimensions",
                        "export a network of this library"));
    }

    private Stream<Object> layers() {
        return conf.getVertices().values().stream().map(OnnxNetwork::unwrapped).filter(Objects::nonNull);
    }

    /** Whether that convolution is a decoder's first one, which spreads a vector. */
    private static boolean takesVector(String vertex) {
        return vertex.equals(GraphSpec.SPREAD);
    }

    private void addInputsAndOutputs() {
        List<String> inputs = conf.getNetworkInputs();
        boolean fixed = false;
        InputType[] types = new InputType[inputs.size()];
        for (int i = 0; i < types.length; i++) {
            String input = inputs.get(i);
            String consumer = consumer(input);
            boolean vector = takesVector(consumer);
            long channels = channels(consumer);
            fixed |= vector;
            types[i] =
                    vector ? InputType.feedForward(channels) : dims.inputType(channels, dims.perAxis("size", ANY_SIZE));
            graph.proto().addInput(value(input, types[i], "", vector));
        }
        Map<String, InputType> all = conf.getLayerActivationTypes(types);
        for (String output : conf.getNetworkOutputs()) {
            graph.proto().addOutput(value(output, all.get(output), "output_", fixed));
        }
    }

    private String consumer(String input) {
        return conf.getVertexInputs().entrySet().stream()
                .filter(entry -> entry.getValue().contains(input)
                        && unwrapped(conf.getVertices().get(entry.getKey())) instanceof SpatialLayer)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new ArgumentException(
                        "network",
                        "no layer of this library reads input \"" + input + "\", which would tell its channels",
                        "export a network of this library"));
    }

    private long channels(String vertex) {
        return ((SpatialLayer) unwrapped(conf.getVertices().get(vertex))).getNIn();
    }

    /** Name, type and shape of an input or output. */
    private ValueInfoProto value(String name, InputType type, String prefix, boolean fixed) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(Dimension.newBuilder().setDimParam(BATCH))
                .addDim(Dimension.newBuilder().setDimValue(SpatialDims.channels(type)));
        long[] size = SpatialDims.size(type);
        List<String> axes = size.length == 1 ? SIGNAL_AXES : AXES.subList(AXES.size() - size.length, AXES.size());
        for (int axis = 0; axis < size.length; axis++) {
            shape.addDim(
                    fixed
                            ? Dimension.newBuilder().setDimValue(size[axis])
                            : Dimension.newBuilder().setDimParam(prefix + axes.get(axis)));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }
}
