package io.mdnc4j.zoo.export;

import static io.mdnc4j.zoo.export.OnnxGraph.attribute;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.conf.AdaptiveAveragePooling;
import io.mdnc4j.blocks.conf.AveragePooling;
import io.mdnc4j.blocks.conf.BatchNormalization;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.CropVertex;
import io.mdnc4j.blocks.conf.DeepSupervisionVertex;
import io.mdnc4j.blocks.conf.InstanceNormalization;
import io.mdnc4j.blocks.conf.LeakyReLU;
import io.mdnc4j.blocks.conf.Linear;
import io.mdnc4j.blocks.conf.LinearUpsampling;
import io.mdnc4j.blocks.conf.NonOverlappingTransposedConvolution;
import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.blocks.conf.Parameter;
import io.mdnc4j.blocks.conf.ReLU;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.conf.SumVertex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The ONNX operators (version 17) of each layer and vertex. To export another one, add a row. */
final class OnnxOperators {
    /** Adds the nodes of one vertex, the last of which has the vertex's name. */
    @FunctionalInterface
    private interface Operator<T> {
        void add(OnnxGraph graph, T configuration, OnnxVertex vertex);
    }

    private static final Map<Class<?>, Operator<?>> OPERATORS = new HashMap<>();

    /** Operators of output activations. */
    private static final Map<Class<?>, String> ACTIVATIONS = new HashMap<>();

    static {
        row(Convolution.class, OnnxOperators::convolution);
        row(NonOverlappingTransposedConvolution.class, OnnxOperators::transposedConvolution);
        row(Linear.class, OnnxOperators::linear);
        row(InstanceNormalization.class, OnnxOperators::instanceNormalization);
        row(BatchNormalization.class, OnnxOperators::batchNormalization);
        row(PReLU.class, OnnxOperators::parametricRectifier);
        row(LeakyReLU.class, OnnxOperators::leakyRectifier);
        row(ReLU.class, (graph, conf, vertex) -> graph.node("Relu", vertex.name(), vertex.inputs()));
        row(LinearUpsampling.class, OnnxOperators::upsampling);
        row(AveragePooling.class, OnnxOperators::averagePooling);
        row(AdaptiveAveragePooling.class, OnnxOperators::adaptivePooling);
        row(SumVertex.class, (graph, conf, vertex) -> graph.node("Add", vertex.name(), vertex.inputs()));
        row(CropVertex.class, OnnxOperators::crop);
        row(
                DeepSupervisionVertex.class,
                (graph, conf, vertex) -> graph.node("Identity", vertex.name(), List.of(vertex.input())));
        row(SpatialLossLayer.class, OnnxOperators::activation);

        ACTIVATIONS.put(activation(Activation.IDENTITY), "Identity");
        ACTIVATIONS.put(activation(Activation.SOFTMAX), "Softmax");
        ACTIVATIONS.put(activation(Activation.SIGMOID), "Sigmoid");
        ACTIVATIONS.put(activation(Activation.TANH), "Tanh");
        ACTIVATIONS.put(activation(Activation.RELU), "Relu");
        ACTIVATIONS.put(activation(Activation.SOFTPLUS), "Softplus");
        ACTIVATIONS.put(activation(Activation.SOFTSIGN), "Softsign");
    }

    private OnnxOperators() {}

    private static <T> void row(Class<T> type, Operator<T> operator) {
        OPERATORS.put(type, operator);
    }

    private static Class<? extends IActivation> activation(Activation activation) {
        return activation.getActivationFunction().getClass();
    }

    /**
     * Adds the nodes of a vertex.
     *
     * @param configuration of its layer, or of the vertex itself
     * @throws ArgumentException if there is no operator for it
     */
    @SuppressWarnings("unchecked") // rows pair classes with their own operators
    static void add(OnnxGraph graph, Object configuration, OnnxVertex vertex) {
        Operator<Object> operator = (Operator<Object>) OPERATORS.get(configuration.getClass());
        if (operator == null) {
            throw new ArgumentException(
                    "network",
                    "vertex \"" + vertex.name() + "\" is a "
                            + configuration.getClass().getName() + ", for which there is no ONNX operator here",
                    "export a network of this library's layers");
        }
        operator.add(graph, configuration, vertex);
    }

    private static void convolution(OnnxGraph graph, Convolution conf, OnnxVertex vertex) {
        List<String> inputs = new ArrayList<>(vertex.inputs());
        if (vertex.vectorInput()) {
            int[] axes = spatialAxes(vertex).toArray();
            inputs.set(
                    0,
                    graph.node(
                            "Unsqueeze",
                            vertex.inner("map"),
                            List.of(
                                    inputs.get(0),
                                    graph.integers(
                                            Arrays.stream(axes).asLongStream().toArray()))));
        }
        inputs.addAll(vertex.weightAndBias(graph));
        int[] padding = conf.getPadding();
        graph.node(
                "Conv",
                vertex.name(),
                inputs,
                attribute("kernel_shape", conf.getKernelSize()),
                attribute("strides", conf.getStride()),
                attribute(
                        "pads",
                        IntStream.concat(Arrays.stream(padding), Arrays.stream(padding))
                                .toArray()));
    }

    private static void transposedConvolution(
            OnnxGraph graph, NonOverlappingTransposedConvolution conf, OnnxVertex vertex) {
        List<String> inputs = new ArrayList<>(vertex.inputs());
        inputs.addAll(vertex.weightAndBias(graph));
        int[] kernel = conf.getKernelSize();
        graph.node(
                "ConvTranspose",
                vertex.name(),
                inputs,
                attribute("kernel_shape", kernel),
                attribute("strides", kernel));
    }

    private static void linear(OnnxGraph graph, Linear conf, OnnxVertex vertex) {
        List<String> inputs = new ArrayList<>();
        inputs.add(graph.node("Flatten", vertex.inner("vector"), vertex.inputs(), attribute("axis", 1L)));
        inputs.addAll(vertex.weightAndBias(graph));
        graph.node("Gemm", vertex.name(), inputs, attribute("transB", 1L));
    }

    private static void instanceNormalization(OnnxGraph graph, InstanceNormalization conf, OnnxVertex vertex) {
        List<String> inputs = new ArrayList<>(vertex.inputs());
        inputs.addAll(
                conf.isAffine()
                        ? vertex.weightAndBias(graph)
                        : List.of(graph.filled(1, conf.getNIn()), graph.filled(0, conf.getNIn())));
        graph.node("InstanceNormalization", vertex.name(), inputs, attribute("epsilon", (float) conf.getEps()));
    }

    private static void batchNormalization(OnnxGraph graph, BatchNormalization conf, OnnxVertex vertex) {
        List<String> inputs = new ArrayList<>(vertex.inputs());
        inputs.addAll(vertex.weightAndBias(graph));
        inputs.add(vertex.weight(graph, BatchNormalization.RUNNING_MEAN));
        inputs.add(vertex.weight(graph, BatchNormalization.RUNNING_VAR));
        graph.node("BatchNormalization", vertex.name(), inputs, attribute("epsilon", (float) conf.getEps()));
    }

    /** The slopes are shaped {@code [C, 1, ...]}, so that they spread over space. */
    private static void parametricRectifier(OnnxGraph graph, PReLU conf, OnnxVertex vertex) {
        INDArray slopes = vertex.parameters().get(Parameter.WEIGHT);
        long[] shape =
                LongStream.concat(LongStream.of(slopes.length()), vertex.ones()).toArray();
        String slope = graph.weight(vertex.inner(Parameter.WEIGHT), slopes, shape);
        graph.node("PRelu", vertex.name(), List.of(vertex.input(), slope));
    }

    private static void leakyRectifier(OnnxGraph graph, LeakyReLU conf, OnnxVertex vertex) {
        graph.node("LeakyRelu", vertex.name(), vertex.inputs(), attribute("alpha", (float) conf.getSlope()));
    }

    private static void upsampling(OnnxGraph graph, LinearUpsampling conf, OnnxVertex vertex) {
        double[] scale = conf.getScale();
        List<String> inputs = scale != null
                ? List.of(vertex.input(), "", graph.floats(scales(vertex, scale)))
                : List.of(vertex.input(), "", "", sizes(graph, vertex, conf));
        graph.node(
                "Resize",
                vertex.name(),
                inputs,
                attribute("mode", "linear"),
                attribute("coordinate_transformation_mode", "align_corners"));
    }

    /** One and one for samples and channels, then the factors, which must be floats if sizes are to be equal. */
    private static float[] scales(OnnxVertex vertex, double[] scale) {
        float[] scales = new float[scale.length + 2];
        Arrays.fill(scales, 1);
        for (int axis = 0; axis < scale.length; axis++) {
            scales[axis + 2] = (float) scale[axis];
            if (scales[axis + 2] != scale[axis]) {
                throw new ArgumentException(
                        "network",
                        "vertex \"" + vertex.name() + "\" scales by " + scale[axis] + ", which ONNX would round",
                        "use a factor such as 2 or 1.5, or a size");
            }
        }
        return scales;
    }

    private static String sizes(OnnxGraph graph, OnnxVertex vertex, LinearUpsampling conf) {
        long[] size = conf.getSize();
        if (vertex.size(0) != null) {
            return graph.integers(LongStream.concat(LongStream.of(1, conf.getNIn()), Arrays.stream(size))
                    .toArray());
        }
        String shape = graph.node(
                "Shape", vertex.inner("batch"), vertex.inputs(), attribute("start", 0L), attribute("end", 2L));
        return graph.node("Concat", vertex.inner("size"), List.of(shape, graph.integers(size)), attribute("axis", 0L));
    }

    private static void averagePooling(OnnxGraph graph, AveragePooling conf, OnnxVertex vertex) {
        int[] window = conf.getKernelSize();
        graph.node(
                "AveragePool",
                vertex.name(),
                vertex.inputs(),
                attribute("kernel_shape", window),
                attribute("strides", window));
    }

    private static void adaptivePooling(OnnxGraph graph, AdaptiveAveragePooling conf, OnnxVertex vertex) {
        if (Arrays.stream(conf.getSize()).anyMatch(size -> size != 1)) {
            throw new ArgumentException(
                    "network",
                    "vertex \"" + vertex.name() + "\" pools to size " + Arrays.toString(conf.getSize()),
                    "pool to size 1, since ONNX has no other adaptive pooling");
        }
        graph.node(
                "ReduceMean",
                vertex.name(),
                vertex.inputs(),
                attribute("axes", spatialAxes(vertex).toArray()),
                attribute("keepdims", 1L));
    }

    /** Sizes that are open are computed in the graph, so that it takes inputs of any size. */
    private static void crop(OnnxGraph graph, CropVertex conf, OnnxVertex vertex) {
        List<String> inputs = vertex.inputs();
        List<OnnxSize> sizes = IntStream.range(0, inputs.size())
                .mapToObj(i -> OnnxSize.of(graph, vertex.inner("size" + i), inputs.get(i), vertex.size(i)))
                .toList();
        OnnxSize wanted = conf.getSize() == null ? sizes.get(1) : OnnxSize.of(graph, conf.getSize());
        OnnxSize smaller = sizes.get(0).min(vertex.inner("smaller"), wanted);
        if (!conf.isConcatenate()) {
            window(graph, vertex, inputs.get(0), sizes.get(0), smaller, "", vertex.name());
            return;
        }
        List<String> windows = IntStream.range(0, inputs.size())
                .mapToObj(i -> sizes.get(i).is(smaller)
                        ? inputs.get(i)
                        : window(
                                graph,
                                vertex,
                                inputs.get(i),
                                sizes.get(i),
                                smaller,
                                "" + i,
                                vertex.inner("window" + i)))
                .toList();
        graph.node("Concat", vertex.name(), windows, attribute("axis", 1L));
    }

    /** The central part: from half of what is too much, rounded down. */
    private static String window(
            OnnxGraph graph,
            OnnxVertex vertex,
            String input,
            OnnxSize size,
            OnnxSize wanted,
            String which,
            String output) {
        OnnxSize start = size.minus(vertex.inner("surplus" + which), wanted).half(vertex.inner("start" + which));
        OnnxSize end = start.plus(vertex.inner("end" + which), wanted);
        String axes = graph.integers(spatialAxes(vertex).asLongStream().toArray());
        return graph.node("Slice", output, List.of(input, start.vector(), end.vector(), axes));
    }

    private static void activation(OnnxGraph graph, SpatialLossLayer conf, OnnxVertex vertex) {
        String operator = ACTIVATIONS.get(conf.getActivationFn().getClass());
        if (operator == null) {
            throw new ArgumentException(
                    "network",
                    "output activation " + conf.getActivationFn() + " has no ONNX operator here",
                    "use one of " + ACTIVATIONS.values());
        }
        if (operator.equals("Softmax")) {
            graph.node(operator, vertex.name(), vertex.inputs(), attribute("axis", 1L)); // over channels
        } else {
            graph.node(operator, vertex.name(), vertex.inputs());
        }
    }

    private static IntStream spatialAxes(OnnxVertex vertex) {
        return IntStream.range(2, vertex.dims().arrayRank());
    }
}
