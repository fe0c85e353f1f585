package io.mdnc4j.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.conf.AdaptiveAveragePooling;
import io.mdnc4j.blocks.conf.AveragePooling;
import io.mdnc4j.blocks.conf.BatchNormalization;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.CropVertex;
import io.mdnc4j.blocks.conf.InstanceNormalization;
import io.mdnc4j.blocks.conf.LeakyReLU;
import io.mdnc4j.blocks.conf.Linear;
import io.mdnc4j.blocks.conf.LinearUpsampling;
import io.mdnc4j.blocks.conf.NonOverlappingTransposedConvolution;
import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.blocks.conf.ReLU;
import io.mdnc4j.blocks.conf.SpatialLayer;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Analytic gradients against central differences, in double. */
class GradientCheckTest {
    private static final double EPSILON = 1e-6;
    private static final double MAX_RELATIVE_ERROR = 1e-4;
    private static final double MIN_ABSOLUTE_ERROR = 1e-8;

    @BeforeAll
    static void doubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void floats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    static Stream<Arguments> layers() {
        List<Arguments> cases = new ArrayList<>();
        for (SpatialDims dims : SpatialDims.values()) {
            int[] strides = new int[dims.count()];
            double[] scales = new double[dims.count()];
            long[] sizes = new long[dims.count()];
            for (int axis = 0; axis < dims.count(); axis++) {
                strides[axis] = 1 + axis % 2;
                scales[axis] = 2 - axis * 0.5;
                sizes[axis] = 3 + 5 * axis;
            }
            add(
                    cases,
                    dims,
                    "Convolution",
                    () -> new Convolution.Builder(dims.perAxis("kernel", 3))
                            .stride(strides)
                            .padding(dims.perAxis("padding", 1))
                            .nIn(3)
                            .nOut(3));
            add(cases, dims, "InstanceNormalization", InstanceNormalization.Builder::new);
            add(
                    cases,
                    dims,
                    "InstanceNormalization without parameters",
                    () -> new InstanceNormalization.Builder().affine(false));
            add(cases, dims, "BatchNormalization", () -> new BatchNormalization.Builder().momentum(0));
            add(cases, dims, "PReLU", PReLU.Builder::new);
            add(cases, dims, "ReLU", ReLU.Builder::new);
            add(cases, dims, "LeakyReLU", () -> new LeakyReLU.Builder().slope(0.1));
            add(
                    cases,
                    dims,
                    "NonOverlappingTransposedConvolution",
                    () -> new NonOverlappingTransposedConvolution.Builder(strides)
                            .nIn(3)
                            .nOut(3));
            add(cases, dims, "AveragePooling", () -> new AveragePooling.Builder(dims.perAxis("kernel", 2)));
            add(cases, dims, "LinearUpsampling by scale", () -> new LinearUpsampling.Builder().scale(scales));
            add(cases, dims, "LinearUpsampling to size", () -> new LinearUpsampling.Builder().size(sizes));
            add(
                    cases,
                    dims,
                    "AdaptiveAveragePooling",
                    () -> new AdaptiveAveragePooling.Builder(dims.perAxis("size", 2L)));
        }
        return cases.stream();
    }

    private static void add(
            List<Arguments> cases,
            SpatialDims dims,
            String name,
            java.util.function.Supplier<SpatialLayer.Builder<?>> layer) {
        cases.add(Arguments.of(name + " " + dims.suffix(), dims, layer));
    }

    static Stream<Arguments> flatLayers() {
        return layers().filter(layer -> layer.get()[1] != SpatialDims.THREE);
    }

    static Stream<Arguments> volumeLayers() {
        return layers().filter(layer -> layer.get()[1] == SpatialDims.THREE);
    }

    @Tag("long")
    @ParameterizedTest(name = "{0}")
    @MethodSource("volumeLayers")
    void layerOfVolumes(String name, SpatialDims dims, java.util.function.Supplier<SpatialLayer.Builder<?>> layer) {
        layer(name, dims, layer);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("flatLayers")
    void layer(String name, SpatialDims dims, java.util.function.Supplier<SpatialLayer.Builder<?>> layer) {
        checkEach(Graphs.around(dims, DataType.DOUBLE, layer.get()), dims);
    }

    @ParameterizedTest
    @EnumSource
    void linear(SpatialDims dims) {
        checkEach(
                network(dims, BlockStyle.DEFAULT, graph -> {
                    String pool =
                            graph.layer("pool", new AdaptiveAveragePooling.Builder(dims.perAxis("size", 1L)), "input");
                    return graph.layer("fc", new Linear.Builder().nOut(3), pool);
                }),
                dims);
    }

    @ParameterizedTest
    @EnumSource
    void cropAndConcatenate(SpatialDims dims) {
        checkEach(
                network(dims, BlockStyle.DEFAULT, graph -> {
                    int[] kernel = dims.perAxis("kernel", 3);
                    String left = graph.convolution("left", "input", 2, 3, kernel, true);
                    String large = graph.layer("large", new LinearUpsampling.Builder().scale(scale(dims)), left);
                    String right = graph.convolution("right", "input", 2, 2, kernel, true);
                    String joined = graph.vertex("joined", CropVertex.andConcatenate(), large, right);
                    String cropped = graph.vertex("cropped", CropVertex.toSize(dims.perAxis("size", 4L)), joined);
                    String again = graph.vertex("again", CropVertex.toReference(), right, cropped);
                    return graph.convolution("last", again, 2, 2, kernel, true);
                }),
                dims);
    }

    private static double[] scale(SpatialDims dims) {
        double[] scale = new double[dims.count()];
        java.util.Arrays.fill(scale, 1.5);
        return scale;
    }

    static Stream<Arguments> blocks() {
        List<Arguments> cases = new ArrayList<>();
        for (SpatialDims dims : SpatialDims.values()) {
            for (BlockKind kind : BlockKind.values()) {
                for (Normalizer normalizer : Normalizer.values()) {
                    for (LayerOrder order : LayerOrder.values()) {
                        cases.add(Arguments.of(dims, kind, normalizer, order));
                    }
                }
            }
        }
        return cases.stream();
    }

    /** Every kind of block and unit, in as many dimensions as it takes. */
    static Stream<Arguments> fewBlocks() {
        return blocks().filter(arguments -> {
            List<Object> values = List.of(arguments.get());
            boolean usual = values.contains(Normalizer.AFFINE_INSTANCE) && values.contains(LayerOrder.NEW);
            return usual || values.contains(SpatialDims.ONE) && values.contains(BlockKind.PLAIN);
        });
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("blocks")
    void everyBlock(SpatialDims dims, BlockKind kind, Normalizer normalizer, LayerOrder order) {
        block(dims, kind, normalizer, order);
    }

    @ParameterizedTest
    @MethodSource("fewBlocks")
    void block(SpatialDims dims, BlockKind kind, Normalizer normalizer, LayerOrder order) {
        BlockStyle style = new BlockStyle(normalizer, Activator.PRELU, order);
        int[] kernel = dims.perAxis("kernel", 3);
        checkDirections(
                network(dims, style, graph -> {
                    String down = kind.add(graph, "down", "input", 2, 3, Geometry.scaling(Scaler.DOWN, kernel));
                    return kind.add(graph, "up", down, 3, 2, Geometry.scaling(Scaler.UP, kernel));
                }),
                dims);
    }

    private static ComputationGraph network(SpatialDims dims, BlockStyle style, Function<BlockGraph, String> body) {
        return Graphs.network(dims, DataType.DOUBLE, 2, style, new NoOp(), body);
    }

    /** DL4J's check of every single parameter. */
    private static void checkEach(ComputationGraph network, SpatialDims dims) {
        INDArray input = Graphs.input(dims, DataType.DOUBLE, 2);
        INDArray labels =
                Nd4j.randn(DataType.DOUBLE, network.outputSingle(input).shape());
        assertTrue(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                .net(network)
                .epsilon(EPSILON)
                .maxRelError(MAX_RELATIVE_ERROR)
                .minAbsoluteError(MIN_ABSOLUTE_ERROR)
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)
                .inputs(new INDArray[] {input})
                .labels(new INDArray[] {labels})));
    }

    /** One random direction in each tensor: two passes a tensor instead of two a parameter. */
    private static void checkDirections(ComputationGraph network, SpatialDims dims) {
        INDArray input = Graphs.input(dims, DataType.DOUBLE, 2);
        DataSet batch = new DataSet(
                input, Nd4j.randn(DataType.DOUBLE, network.outputSingle(input).shape()));
        network.setInputs(batch.getFeatures());
        network.setLabels(batch.getLabels());
        network.computeGradientAndScore();
        Map<String, INDArray> gradients = new TreeMap<>();
        network.gradient().gradientForVariable().forEach((name, gradient) -> gradients.put(name, gradient.dup()));
        network.paramTable().forEach((name, parameter) -> {
            if (name.contains("_running")) {
                return; // a step of its own stands in the place of its gradient
            }
            INDArray direction = Nd4j.randn(DataType.DOUBLE, parameter.shape());
            INDArray start = parameter.dup();
            parameter.assign(start.add(direction.mul(EPSILON)));
            double above = network.score(batch, true);
            parameter.assign(start.sub(direction.mul(EPSILON)));
            double below = network.score(batch, true);
            parameter.assign(start);
            double numeric = (above - below) / (2 * EPSILON);
            double analytic = gradients.get(name).mul(direction).sumNumber().doubleValue() / input.size(0);
            assertEquals(numeric, analytic, MAX_RELATIVE_ERROR * Math.abs(numeric) + MIN_ABSOLUTE_ERROR, name);
        });
    }
}
