package io.mdnc4j.zoo.export;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.DeepSupervisionVertex;
import io.mdnc4j.blocks.conf.NonOverlappingTransposedConvolution;
import io.mdnc4j.blocks.conf.SpatialLayer;
import io.mdnc4j.zoo.GraphSpec;
import io.mdnc4j.zoo.ModelDescription;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
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
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network as an ONNX graph of the same names: inputs, outputs, and a value for each vertex. Batch and, unless the input is
 * a vector, spatial sizes are open unless they are fixed.
 */
final class OnnxNetwork {
    private static final String BATCH = "batch";

    /** Names of spatial axes, of which the last ones are used. */
    private static final List<String> AXES = List.of("depth", "height", "width");

    private static final List<String> SIGNAL_AXES = List.of("length");

    /** Sizes for which types of outputs are computed where they are open: only their channels are kept. */
    private static final long ANY_SIZE = 64;

    private final ComputationGraph network;
    private final ComputationGraphConfiguration conf;
    private final SpatialDims dims;
    private final long @Nullable [] fixed;
    private final OnnxGraph graph = new OnnxGraph();

    /** Other names of values that are inputs or outputs of the network, but not of the graph. */
    private final Map<String, String> inside = new HashMap<>();

    private Map<String, InputType> types = Map.of();

    private OnnxNetwork(ComputationGraph network, long... fixedSize) {
        this.network = network;
        this.conf = network.getConfiguration();
        this.dims = dims();
        this.fixed = fixedSize.length == 0 ? null : dims.perAxis("fixedSize", fixedSize);
    }

    /**
     * The network as a graph, with what is wanted around it.
     *
     * @throws ArgumentException if it has a layer or vertex without ONNX operator
     */
    static OnnxGraph of(OnnxExport how) {
        OnnxNetwork self = new OnnxNetwork(how.network(), how.fixedSize());
        ModelDescription description = how.description();
        self.graph
                .proto()
                .setName(description == null || description.model() == null ? "network" : description.model());
        Runnable end = self.begin(how);
        Set<String> needed = self.needed();
        for (int index : self.network.topologicalSortOrder()) {
            String name = self.network.getVertices()[index].getVertexName();
            if (needed.contains(name)) {
                self.addVertex(name);
            }
        }
        end.run();
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
        List<long[]> sizes = fixed == null
                ? List.of()
                : inputs.stream().map(types::get).map(SpatialDims::size).toList();
        OnnxOperators.add(
                graph,
                configuration,
                new OnnxVertex(
                        inside.getOrDefault(name, name),
                        inputs.stream()
                                .map(input -> inside.getOrDefault(input, input))
                                .toList(),
                        parameters == null ? Map.of() : parameters,
                        dims,
                        sizes,
                        vectorInput));
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

    /** Adds inputs, outputs, and what comes before the network; returns what adds the rest. */
    private Runnable begin(OnnxExport how) {
        List<String> inputs = conf.getNetworkInputs();
        ModelDescription around = how.surroundings();
        ArgumentException.require(
                around == null || inputs.size() == 1 && conf.getNetworkOutputs().size() == 1,
                "network",
                "has " + inputs.size() + " inputs and "
                        + conf.getNetworkOutputs().size() + " outputs",
                "give one with one of each, or export it alone");
        boolean closed = fixed != null;
        long[] multiples = multiples();
        InputType[] own = new InputType[inputs.size()];
        InputType[] taken = new InputType[own.length];
        OnnxSurroundings surroundings = null;
        for (int i = 0; i < own.length; i++) {
            String input = inputs.get(i);
            String consumer = consumer(input);
            boolean vector = takesVector(consumer);
            long channels = channels(consumer);
            ArgumentException.require(
                    !vector || fixed == null,
                    "fixedSize",
                    "given for a network whose inputs are vectors",
                    "leave it out: its outputs have one size");
            closed |= vector;
            own[i] = vector ? InputType.feedForward(channels) : dims.inputType(channels, size(multiples));
            graph.proto().addInput(value(input, own[i], "", fixed != null || vector));
            taken[i] = own[i];
            if (around != null) {
                long[] none = {};
                surroundings = new OnnxSurroundings(
                        graph, around, how.processing(), input, own[i], fixed, vector ? none : multiples);
                inside.put(input, surroundings.before(input));
                long[] size = surroundings.taken();
                taken[i] = vector || size == null ? own[i] : dims.inputType(channels, size);
            }
        }
        types = types(inputs, taken, multiples);
        for (String output : conf.getNetworkOutputs()) {
            InputType type = types.get(output);
            graph.proto()
                    .addOutput(value(output, surroundings == null ? type : surroundings.type(type), "output_", closed));
        }
        String output = conf.getNetworkOutputs().get(0);
        if (surroundings == null || !surroundings.changes(types.get(output))) {
            return () -> {};
        }
        String answer = output + ".answer";
        inside.put(output, answer);
        OnnxSurroundings after = surroundings;
        return () -> after.after(answer, types.get(output), output);
    }

    /** The size of inputs, or some size that the network takes. */
    private long[] size(long... multiples) {
        return fixed != null
                ? fixed
                : Arrays.stream(multiples)
                        .map(multiple -> (ANY_SIZE + multiple - 1) / multiple * multiple)
                        .toArray();
    }

    /** Of which a network takes sizes. */
    static long[] multiples(ComputationGraph network) {
        return new OnnxNetwork(network).multiples();
    }

    private Map<String, InputType> types(List<String> inputs, InputType[] taken, long... multiples) {
        boolean fits = fixed == null
                || Arrays.stream(taken)
                        .map(SpatialDims::size)
                        .allMatch(size ->
                                IntStream.range(0, size.length).allMatch(axis -> size[axis] % multiples[axis] == 0));
        ArgumentException.require(
                fits, "fixedSize", fixed, "use multiples of " + Arrays.toString(multiples) + ", the network's strides");
        Map<String, InputType> all = new HashMap<>(conf.getLayerActivationTypes(taken));
        for (int i = 0; i < taken.length; i++) {
            all.put(inputs.get(i), taken[i]);
        }
        return all;
    }

    /** Of which the network takes sizes: what is made larger without overlap is joined with what is as large. */
    private long[] multiples() {
        long[] multiples = new long[dims.count()];
        Arrays.fill(multiples, 1);
        layers().filter(NonOverlappingTransposedConvolution.class::isInstance)
                .map(NonOverlappingTransposedConvolution.class::cast)
                .forEach(layer -> Arrays.setAll(multiples, axis -> multiples[axis] * layer.getKernelSize()[axis]));
        return multiples;
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
    private ValueInfoProto value(String name, InputType type, String prefix, boolean closed) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(
                        fixed == null
                                ? Dimension.newBuilder().setDimParam(BATCH)
                                : Dimension.newBuilder().setDimValue(1))
                .addDim(Dimension.newBuilder().setDimValue(SpatialDims.channels(type)));
        long[] size = SpatialDims.size(type);
        List<String> axes = size.length == 1 ? SIGNAL_AXES : AXES.subList(AXES.size() - size.length, AXES.size());
        for (int axis = 0; axis < size.length; axis++) {
            shape.addDim(
                    closed
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
