package io.mdnc4j.zoo.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import io.mdnc4j.blocks.Activator;
import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.LayerOrder;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.AdaptiveAveragePooling;
import io.mdnc4j.blocks.conf.CropVertex;
import io.mdnc4j.blocks.conf.LinearUpsampling;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.zoo.ConvUNet;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.Features;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.ResEncoder;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.nnunet.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Exported networks in ONNX Runtime, which checks them, give the outputs that they give here. */
class OnnxTest {
    private static final int[][] SIZES = {{21}, {11, 13}, {9, 7, 6}};
    private static final int[][] OTHER_SIZES = {{34}, {17, 10}, {7, 12, 11}};

    @TempDir
    Path folder;

    static Stream<ModelName> models() {
        return ModelName.all().stream()
                .filter(name -> name.family() != Family.NNUNET)
                .filter(name -> name.preset() == null);
    }

    @ParameterizedTest
    @MethodSource("models")
    void outputsOfAllModelsAreEqual(ModelName name) throws IOException, OrtException {
        int[] size = SIZES[name.dims().ordinal()];
        NetworkModel.Builder<? extends NetworkModel> builder =
                NetworkModel.builder(name.name()).channel(4).layers(2, 1, 1);
        boolean decoder = name.network() == Network.DECODER;
        if (decoder) {
            builder.outSize(Arrays.stream(size).asLongStream().toArray()).inLength(3);
        } else {
            builder.inputShape(shape(2, size));
        }
        ComputationGraph network = builder.build().init();
        perturb(network);
        try (OnnxRuntime runtime = exported(network)) {
            int[] ones = new int[size.length];
            Arrays.fill(ones, 1);
            for (int[] input : decoder
                    ? new int[][] {{3}, {3}}
                    : new int[][] {
                        shape(2, size), shape(2, OTHER_SIZES[name.dims().ordinal()]), shape(2, ones)
                    }) {
                assertEqual(network, runtime, shape(1, input));
                assertEqual(network, runtime, shape(3, input));
            }
        }
    }

    /** Of nnU-Net's trained models, regions too. */
    @ParameterizedTest
    @ValueSource(strings = {"plain-3d-anisotropic", "residual-2d-slices", "residual-3d-regions"})
    void importedModelsAreEqual(String name) throws IOException, OrtException {
        ModelFolder model = ModelFolder.read(
                Path.of(System.getProperty("reference.dir", "../src/reference"), "nnunet/models", name),
                null,
                List.of());
        ComputationGraph network = model.network();
        try (OnnxRuntime runtime = exported(network)) {
            int[] patch =
                    model.processing().patch().stream().mapToInt(size -> size).toArray();
            int channels = model.processing().channels().size();
            assertEqual(network, runtime, shape(1, shape(channels, patch)));
        }
    }

    static Stream<ModelName> plannedModels() {
        return ModelName.all().stream().filter(name -> name.family() == Family.NNUNET && name.preset() == null);
    }

    /** Outputs that only training supervises are left out. */
    @ParameterizedTest
    @MethodSource("plannedModels")
    void plannedModelsAreEqual(ModelName name) throws IOException, OrtException {
        int[] size = {4, 8, 12};
        int[] own = Arrays.copyOf(size, name.dims().count());
        ComputationGraph network = NetworkModel.builder(name.name())
                .features(3, 4, 5)
                .layers(1, 2, 1)
                .strides(new int[] {1}, PLANAR[own.length - 1], new int[] {2})
                .inputShape(shape(2, own))
                .build()
                .init();
        perturb(network);
        try (OnnxRuntime runtime = exported(network)) {
            for (int[] input :
                    new int[][] {own, Arrays.stream(own).map(s -> 2 * s).toArray()}) {
                assertEqual(network, runtime, shape(1, shape(2, input)));
                assertEqual(network, runtime, shape(3, shape(2, input)));
            }
        }
    }

    /** Whose inputs have 128 elements at least, or multiples of that. */
    @Test
    void networksOfLargeStridesAreEqual() throws IOException, OrtException {
        ComputationGraph network = NetworkModel.builder("nnunet.plain2d")
                .features(2, 2, 2, 2, 2, 2, 2, 2)
                .layers(1, 1, 1, 1, 1, 1, 1, 1)
                .inputShape(1, 128, 128)
                .build()
                .init();
        try (OnnxRuntime runtime = exported(network)) {
            assertEqual(network, runtime, 2, 1, 128, 128);
        }
    }

    /** Strides that leave the first of several axes alone. */
    private static final int[][] PLANAR = {{2}, {1, 2}, {1, 2, 2}};

    @ParameterizedTest
    @EnumSource(SpatialDims.class)
    void mapsOfFeaturesGoInAndOut(SpatialDims dims) throws IOException, OrtException {
        int[] size = SIZES[dims.ordinal()];
        ComputationGraph encoder = NetworkModel.builder("resnet.encoder" + dims.suffix())
                .channel(4)
                .layers(1, 2)
                .outLength(0)
                .inputShape(shape(1, size))
                .build()
                .init();
        ComputationGraph decoder = NetworkModel.builder("conv.decoder" + dims.suffix())
                .channel(4)
                .layers(1, 2)
                .inLength(0)
                .outSize(Arrays.stream(size).asLongStream().toArray())
                .build()
                .init();
        try (OnnxRuntime first = exported(encoder);
                OnnxRuntime second = exported(decoder)) {
            assertEqual(encoder, first, shape(2, shape(1, size)));
            INDArray features = encoder.outputSingle(random(shape(2, shape(1, size))));
            assertEqual(
                    decoder,
                    second,
                    Arrays.stream(features.shape()).mapToInt(Math::toIntExact).toArray());
        }
    }

    static Stream<BlockStyle> styles() {
        return Arrays.stream(Normalizer.values())
                .flatMap(normalizer -> Stream.of(
                        new BlockStyle(normalizer, Activator.PRELU, LayerOrder.OLD),
                        new BlockStyle(normalizer, Activator.RELU, LayerOrder.NEW)));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void blocksOfAllStylesAreEqual(BlockStyle style) throws IOException, OrtException {
        Geometry resampled = new Geometry(new int[] {3, 3}, new double[] {1.5, 1}, new int[] {1, 1}, Scaler.UP, null);
        Geometry sized =
                new Geometry(new int[] {3, 3}, new double[] {1, 1}, new int[] {1, 1}, Scaler.UP, new long[] {9, 1});
        ComputationGraph network = graph(SpatialDims.TWO, style, 3, graph -> {
            String last = BlockKind.PLAIN.add(graph, "down", "input", 3, 4, Geometry.scaling(Scaler.DOWN, 3, 1));
            last = BlockKind.BOTTLENECK.add(graph, "up", last, 4, 4, resampled);
            last = BlockKind.CONV.add(graph, "size", last, 4, 4, sized);
            return graph.convolution("last", last, 4, 2, new int[] {1, 1}, true);
        });
        // so that running statistics are not those of the start
        network.fit(new DataSet(random(2, 3, 8, 7), random(2, 2, 9, 1)));
        try (OnnxRuntime runtime = exported(network)) {
            assertEqual(network, runtime, 2, 3, 7, 6);
            assertEqual(network, runtime, 1, 3, 1, 1);
        }
    }

    static Stream<Arguments> styledModels() {
        return Stream.of(
                Arguments.of("conv.unet2d", new BlockStyle(Normalizer.BATCH, Activator.RELU, LayerOrder.OLD)),
                Arguments.of("resnet.ae1d", new BlockStyle(Normalizer.INSTANCE, Activator.NONE, LayerOrder.NEW)),
                Arguments.of("resnet.encoder3d", new BlockStyle(Normalizer.NONE, Activator.PRELU, LayerOrder.OLD)),
                Arguments.of("conv.decoder2d", new BlockStyle(Normalizer.BATCH, Activator.PRELU, LayerOrder.NEW)));
    }

    @ParameterizedTest
    @MethodSource("styledModels")
    void networksOfOtherStylesAreEqual(String model, BlockStyle style) throws IOException, OrtException {
        ModelName name = ModelName.parse(model);
        int[] size = SIZES[name.dims().ordinal()];
        NetworkModel.Builder<? extends NetworkModel> builder = NetworkModel.builder(model)
                .channel(4)
                .layers(2, 1)
                .normalizer(style.normalizer())
                .activator(style.activator())
                .layerOrder(style.order());
        boolean decoder = name.network() == Network.DECODER;
        if (decoder) {
            builder.outSize(Arrays.stream(size).asLongStream().toArray()).inLength(3);
        } else {
            builder.inputShape(shape(2, size));
        }
        ComputationGraph network = builder.task(Task.REGRESSION).build().init();
        int[] input = decoder ? new int[] {3} : shape(2, size);
        INDArray features = random(shape(3, input));
        // so that running statistics are not those of the start
        network.fit(new DataSet(features, network.outputSingle(features).mul(0)));
        try (OnnxRuntime runtime = exported(network)) {
            assertEqual(network, runtime, shape(1, input));
            assertEqual(network, runtime, shape(3, input));
        }
    }

    /** Where much is cut away, odd and even; in the networks it is one element at most. */
    @Test
    void cropsAreCentral() throws IOException, OrtException {
        ComputationGraph network = graph(SpatialDims.TWO, BlockStyle.DEFAULT, 2, graph -> {
            String large = graph.convolution("large", "input", 2, 2, new int[] {3, 3}, true);
            String small = BlockKind.CONV.add(graph, "small", large, 2, 2, Geometry.scaling(Scaler.DOWN, 3, 3));
            String tall = BlockKind.CONV.add(graph, "tall", large, 2, 2, Geometry.scaling(Scaler.UP, 3, 1));
            String joined = graph.vertex("joined", CropVertex.andConcatenate(), tall, small);
            String cut = graph.vertex("cut", CropVertex.toReference(), large, joined);
            String both = graph.vertex("both", CropVertex.andConcatenate(), joined, cut);
            return graph.vertex("fixed", CropVertex.toSize(2, 100), both);
        });
        try (OnnxRuntime runtime = exported(network)) {
            assertEqual(network, runtime, 2, 2, 9, 12);
            assertEqual(network, runtime, 1, 2, 16, 7);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"IDENTITY", "SOFTMAX", "SIGMOID", "TANH", "RELU", "SOFTPLUS", "SOFTSIGN"})
    void outputActivationsAreEqual(Activation activation) throws IOException, OrtException {
        ComputationGraph network = ConvUNet.builder()
                .inputShape(1, 16)
                .outPlanes(3)
                .channel(4)
                .layers(1, 1)
                .outputActivation(activation.getActivationFunction())
                .build()
                .init();
        try (OnnxRuntime runtime = exported(network)) {
            assertEqual(network, runtime, 2, 1, 19);
        }
    }

    @Test
    void shapesSayWhatIsOpen() throws IOException, OrtException {
        ComputationGraph segmentation = ConvUNet.builder()
                .inputShape(1, 16, 16)
                .outPlanes(3)
                .channel(4)
                .task(Task.CLASSIFICATION)
                .build()
                .init();
        try (OnnxRuntime runtime = exported(segmentation)) {
            assertShape(runtime, true, new long[] {-1, 1, -1, -1}, "batch", "", "height", "width");
            assertShape(runtime, false, new long[] {-1, 3, -1, -1}, "batch", "", "output_height", "output_width");
        }
        ComputationGraph classifier = ResEncoder.builder()
                .inputShape(2, 16)
                .outLength(5)
                .channel(4)
                .build()
                .init();
        try (OnnxRuntime runtime = exported(classifier)) {
            assertShape(runtime, true, new long[] {-1, 2, -1}, "batch", "", "length");
            assertShape(runtime, false, new long[] {-1, 5}, "batch", "");
        }
        ComputationGraph decoder = NetworkModel.builder("conv.decoder3d")
                .outSize(9, 8, 7)
                .inLength(6)
                .channel(4)
                .layers(1, 1)
                .build()
                .init();
        try (OnnxRuntime runtime = exported(decoder)) {
            assertShape(runtime, true, new long[] {-1, 6}, "batch", "");
            assertShape(runtime, false, new long[] {-1, 1, 9, 8, 7}, "batch", "", "", "", "");
        }
    }

    private static void assertShape(OnnxRuntime runtime, boolean input, long[] shape, String... names)
            throws OrtException {
        TensorInfo info = (TensorInfo) (input
                        ? runtime.session().getInputInfo().get("input")
                        : runtime.session().getOutputInfo().get("output"))
                .getInfo();
        assertArrayEquals(shape, info.getShape());
        assertArrayEquals(names, info.getDimensionNames());
    }

    @Test
    void theDescriptionGoesWithIt() throws IOException, OrtException {
        ModelDescription description = new ModelDescription(
                "conv.unet1d",
                "segmentation",
                List.of(1L, 16L),
                null,
                List.of("a", "b"),
                "mV",
                360.0,
                null,
                Map.of("\u00e4", "\u00f6"));
        ComputationGraph network =
                ConvUNet.builder().inputShape(1, 16).channel(2).build().init();
        Path file = folder.resolve("model.onnx");
        ExportFormat.ONNX.write(network, description, file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            Map<String, String> metadata = runtime.session().getMetadata().getCustomMetadata();
            ModelDescription stored = ModelDescription.fromJson(metadata.get(ModelDescription.NOTE));
            assertEquals(
                    description.withWindows(ModelDescription.Windows.DEFAULT), stored, "how windows are cut is said");
            assertEquals("mdnc4j", runtime.session().getMetadata().getProducerName());
            String documentation = runtime.session().getMetadata().getDescription();
            assertTrue(documentation.contains("windows of 1 x 16,") && documentation.contains("'hann'"), documentation);
        }
        ModelDescription.Windows own = new ModelDescription.Windows(0.25, "gaussian", "zero", List.of(0));
        ExportFormat.ONNX.write(network, description.withWindows(own), file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            Map<String, String> metadata = runtime.session().getMetadata().getCustomMetadata();
            assertEquals(
                    own,
                    ModelDescription.fromJson(metadata.get(ModelDescription.NOTE))
                            .windows());
        }
    }

    @Test
    void doublesAreNarrowed() throws IOException, OrtException {
        ComputationGraph network = Checkpoints.network("ckpt-conv-EncoderNet3d");
        try (OnnxRuntime runtime = exported(network)) {
            assertEqual(network, runtime, 2, 1, 7, 8, 9);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Family.class, names = "NNUNET", mode = EnumSource.Mode.EXCLUDE)
    void whatIsFrozenCountsAsWhatItIs(Family family) throws IOException, OrtException {
        ComputationGraph network = NetworkModel.builder(family.code() + ".unet1d")
                .channel(4)
                .layers(1, 1)
                .build()
                .init();
        ComputationGraph frozen = new TransferLearning.GraphBuilder(network)
                .setFeatureExtractor(Features.of(network).vertex("conv_up_list.0"))
                .build();
        assertTrue(frozen.getConfiguration().toJson().contains("Frozen"));
        try (OnnxRuntime runtime = exported(frozen)) {
            assertEqual(network, runtime, 2, 1, 13);
        }
    }

    @Test
    void whatHasNoOperatorIsRefused() {
        BlockStyle style = BlockStyle.DEFAULT;
        assertRefused(
                graph(
                        SpatialDims.TWO,
                        style,
                        2,
                        graph -> graph.vertex(
                                "scaled",
                                new ScaleVertex(2),
                                graph.convolution("first", "input", 2, 2, new int[] {3, 3}, true))),
                "scaled",
                "ScaleVertex");
        assertRefused(
                graph(
                        SpatialDims.TWO,
                        style,
                        2,
                        graph -> graph.layer(
                                "pool",
                                new AdaptiveAveragePooling.Builder(2, 2).nIn(2).nOut(2),
                                graph.convolution("first", "input", 2, 2, new int[] {3, 3}, true))),
                "pool",
                "size 1");
        assertRefused(
                graph(
                        SpatialDims.ONE,
                        style,
                        2,
                        graph -> graph.layer(
                                "resampled",
                                new LinearUpsampling.Builder().scale(0.1).nIn(2).nOut(2),
                                graph.convolution("first", "input", 2, 2, new int[] {3}, true))),
                "resampled",
                "0.1");
        assertRefused(
                graph(SpatialDims.ONE, style, 2, graph -> graph.vertex("crop", CropVertex.toSize(3), "input")),
                "no convolution");
        assertRefused(
                ConvUNet.builder()
                        .inputShape(1, 16)
                        .channel(2)
                        .outputActivation(Activation.CUBE.getActivationFunction())
                        .build()
                        .init(),
                "cube");
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> OnnxWriter.requireFits(1L << 31));
        assertTrue(e.getMessage().contains("2 GB"), e.getMessage());
        OnnxWriter.requireFits(Integer.MAX_VALUE);
    }

    private void assertRefused(ComputationGraph network, String... parts) {
        Path file = folder.resolve("refused.onnx");
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> ExportFormat.ONNX.write(network, null, file));
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
        assertFalse(Files.exists(file));
    }

    private OnnxRuntime exported(ComputationGraph network) throws IOException, OrtException {
        Path file = Files.createTempFile(folder, "model", ".onnx");
        ExportFormat.ONNX.write(network, null, file);
        return new OnnxRuntime(file);
    }

    private static ComputationGraph graph(SpatialDims dims, BlockStyle style, long channels, Vertices vertices) {
        GraphBuilder builder =
                new NeuralNetConfiguration.Builder().graphBuilder().addInputs("input");
        String last = vertices.add(new BlockGraph(builder, dims, style, null));
        ComputationGraph network = new ComputationGraph(
                builder.addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), last)
                        .setOutputs("output")
                        .setInputTypes(dims.inputType(channels, dims.perAxis("size", 8L)))
                        .build());
        network.init();
        return network;
    }

    /** Adds vertices; returns the last one. */
    @FunctionalInterface
    private interface Vertices {
        String add(BlockGraph graph);
    }

    /** Values that defaults, such as a shift of 0, would hide. */
    private static void perturb(ComputationGraph network) {
        Nd4j.getRandom().setSeed(3);
        INDArray params = network.params();
        params.addi(Nd4j.randn(DataType.FLOAT, params.shape()).muli(0.05));
    }

    private static int[] shape(int first, int... rest) {
        int[] shape = new int[rest.length + 1];
        shape[0] = first;
        System.arraycopy(rest, 0, shape, 1, rest.length);
        return shape;
    }

    private static INDArray random(int... shape) {
        return Nd4j.randn(DataType.FLOAT, Arrays.stream(shape).asLongStream().toArray());
    }

    private static void assertEqual(ComputationGraph network, OnnxRuntime runtime, int... shape) throws OrtException {
        INDArray input = random(shape);
        INDArray expected =
                network.outputSingle(input.castTo(network.params().dataType())).castTo(DataType.FLOAT);
        INDArray actual = runtime.output(input);
        assertArrayEquals(expected.shape(), actual.shape());
        assertFalse(expected.isNaN().any());
        double difference = expected.sub(actual).amaxNumber().doubleValue();
        double scale = expected.amaxNumber().doubleValue();
        assertTrue(scale > 0, "says something");
        assertTrue(difference <= 1e-4 * Math.max(1, scale), () -> difference + " apart, values up to " + scale);
    }
}
