package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.Activator;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.ComputePath;
import io.mdnc4j.blocks.LayerOrder;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.conf.AveragePooling;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.DeepSupervisionVertex;
import io.mdnc4j.blocks.conf.InstanceNormalization;
import io.mdnc4j.blocks.conf.LeakyReLU;
import io.mdnc4j.blocks.conf.NonOverlappingTransposedConvolution;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.conf.SumVertex;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The networks' own passes, with channels side by side in memory, beside those of DL4J's loop with ND4J's operations. */
class ChannelsLastTest {
    private static final String SHARES = "mdnc4j.shares";
    private static final double OUTPUT = 1e-4;
    private static final double GRADIENT = 1e-3;

    private final List<String> told = new ArrayList<>();

    @AfterEach
    void host() {
        ComputePath.set(ComputePath.HOST);
        System.clearProperty(SHARES);
    }

    private static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of("resnet.ae1d", BlockKind.PLAIN, 5, new int[] {2, 1, 2}, new int[] {2, 37}, 3),
                Arguments.of("resnet.unet1d", BlockKind.BOTTLENECK, 3, new int[] {1, 1}, new int[] {1, 24}, 1),
                Arguments.of("resnet.unet2d", BlockKind.PLAIN, 3, new int[] {1, 2}, new int[] {3, 11, 14}, 2),
                Arguments.of("resnet.ae2d", BlockKind.BOTTLENECK, 3, new int[] {2, 1}, new int[] {1, 9, 8}, 4),
                Arguments.of("resnet.encoder2d", BlockKind.PLAIN, 3, new int[] {2, 2}, new int[] {1, 8, 8}, 5),
                Arguments.of("resnet.encoder3d", BlockKind.BOTTLENECK, 3, new int[] {1, 1}, new int[] {1, 9, 8, 7}, 2),
                Arguments.of("resnet.unet3d", BlockKind.PLAIN, 3, new int[] {1, 1}, new int[] {1, 9, 8, 12}, 2),
                Arguments.of("conv.unet1d", BlockKind.CONV, 5, new int[] {2, 2, 1}, new int[] {1, 40}, 3),
                Arguments.of("conv.unet2d", BlockKind.CONV, 3, new int[] {3, 1}, new int[] {2, 13, 10}, 1),
                Arguments.of("conv.unet3d", BlockKind.CONV, 3, new int[] {1, 1, 1}, new int[] {1, 16, 16, 16}, 2),
                Arguments.of("conv.ae3d", BlockKind.CONV, 3, new int[] {1, 1}, new int[] {1, 10, 9, 8}, 1),
                Arguments.of("conv.encoder1d", BlockKind.CONV, 3, new int[] {1, 2}, new int[] {3, 19}, 2));
    }

    private static NetworkModel.Builder<? extends NetworkModel> builder(
            String model, BlockKind block, int kernel, int[] layers, int... sample) {
        return NetworkModel.builder(model)
                .inputShape(sample)
                .block(block)
                .channel(6)
                .layers(layers)
                .kernelSize(kernel)
                .updater(new Sgd(0.1))
                .seed(3)
                .task(Task.REGRESSION);
    }

    private InPlaceComputationGraph shaken(NetworkModel model) {
        InPlaceComputationGraph network = (InPlaceComputationGraph) model.init();
        Random random = new Random(1);
        // away from 1, 0 and 0.25, which hide mixed-up channels
        StateDict.of(network).forEach((name, array) -> {
            for (long i = 0; array.rank() == 1 && i < array.length() && !name.contains("running"); i++) {
                array.putScalar(
                        i, array.getDouble(i) * (1 + 0.3 * random.nextGaussian()) + 0.05 * random.nextGaussian());
            }
        });
        network.setLayerClock((what, nanos) -> told.add(what));
        return network;
    }

    private static INDArray random(long seed, long... shape) {
        Nd4j.getRandom().setSeed(seed);
        return Nd4j.randn(DataType.FLOAT, shape);
    }

    private static long[] with(long samples, int... sample) {
        long[] shape = new long[sample.length + 1];
        shape[0] = samples;
        for (int i = 0; i < sample.length; i++) {
            shape[i + 1] = sample[i];
        }
        return shape;
    }

    private static void close(INDArray expected, INDArray actual, double tolerance) {
        assertArrayEquals(expected.shape(), actual.shape());
        double largest = Math.max(1e-6, expected.amaxNumber().doubleValue());
        double difference = expected.sub(actual).amaxNumber().doubleValue();
        assertTrue(difference <= tolerance * largest, difference + " of " + largest);
    }

    /** Output, score, all gradients and, where there are some, running statistics. */
    private void agree(InPlaceComputationGraph network, INDArray x) {
        ComputePath.set(ComputePath.OPS);
        INDArray expected = network.outputSingle(x);
        INDArray y = random(9, expected.shape());
        INDArray expectedGradients = gradients(network, x, y);
        double expectedScore = network.score();
        assertEquals(List.of(), told);

        ComputePath.set(ComputePath.HOST);
        INDArray output = network.outputSingle(x);
        assertFalse(told.isEmpty(), "left to DL4J");
        told.clear();
        close(expected, output, OUTPUT);
        assertEquals('c', output.ordering());
        assertArrayEquals(output.dup('c').data().asFloat(), output.data().asFloat());
        for (int repetition = 0; repetition < 2; repetition++) {
            close(expectedGradients, gradients(network, x, y), GRADIENT);
            assertEquals(expectedScore, network.score(), 1e-4 * Math.abs(expectedScore));
            assertFalse(told.isEmpty(), "left to DL4J");
            told.clear();
        }
    }

    private static INDArray gradients(ComputationGraph network, INDArray x, INDArray y) {
        network.setInputs(x);
        network.setLabels(y);
        network.computeGradientAndScore();
        return network.getFlattenedGradients().dup();
    }

    @ParameterizedTest
    @MethodSource("models")
    void ownPassesAreThoseOfTheLayers(
            String model, BlockKind block, int kernel, int[] layers, int[] sample, int samples) {
        agree(shaken(builder(model, block, kernel, layers, sample).build()), random(4, with(samples, sample)));
    }

    private static Stream<Arguments> styles() {
        return Stream.of(Normalizer.values())
                .flatMap(normalizer -> Stream.of(Activator.values())
                        .flatMap(activator -> Stream.of(LayerOrder.values())
                                .map(order -> Arguments.of(normalizer, activator, order))));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void inEveryStyle(Normalizer normalizer, Activator activator, LayerOrder order) {
        for (String model : List.of("resnet.unet2d", "conv.encoder1d")) {
            int[] sample = model.endsWith("2d") ? new int[] {2, 10, 9} : new int[] {2, 18};
            BlockKind block = model.startsWith("conv") ? BlockKind.CONV : BlockKind.PLAIN;
            agree(
                    shaken(builder(model, block, 3, new int[] {1, 2}, sample)
                            .normalizer(normalizer)
                            .activator(activator)
                            .layerOrder(order)
                            .build()),
                    random(4, with(3, sample)));
        }
    }

    private static Stream<Arguments> planned() {
        return Stream.of(
                Arguments.of("nnunet.plain1d", "1,2,2", true, new int[] {2, 24}, 3),
                Arguments.of("nnunet.plain2d", "1,2x1,2,1", true, new int[] {1, 16, 20}, 2),
                Arguments.of("nnunet.plain3d", "1,1x2x2,2,1x2x3", true, new int[] {1, 4, 16, 24}, 2),
                Arguments.of("nnunet.plain3d", "1,2,2", false, new int[] {2, 8, 12, 8}, 1),
                Arguments.of("nnunet.residual1d", "1,3,2", false, new int[] {1, 36}, 2),
                Arguments.of("nnunet.residual2d", "1,2,2,2", true, new int[] {3, 24, 16}, 3),
                Arguments.of("nnunet.residual3d", "1,1x2x2,2", true, new int[] {1, 6, 12, 8}, 1));
    }

    /** nnU-Net's, whose decoders have an output at each stage. */
    @ParameterizedTest
    @MethodSource("planned")
    void networksAsNnUNetPlansThem(String model, String strides, boolean supervised, int[] sample, int samples) {
        int[][] all = Stream.of(strides.split(","))
                .map(stride ->
                        Stream.of(stride.split("x")).mapToInt(Integer::parseInt).toArray())
                .toArray(int[][]::new);
        int[] features = IntStream.range(0, all.length).map(i -> 5 + 4 * i).toArray();
        NetworkModel.Builder<? extends NetworkModel> settings = NetworkModel.builder(model)
                .inputShape(sample)
                .outPlanes(3)
                .features(features)
                .strides(all)
                .deepSupervision(supervised)
                .updater(new Sgd(0.1))
                .seed(3)
                .task(Task.REGRESSION);
        agree(shaken(settings.build()), random(4, with(samples, sample)));
    }

    /** Averages and a transposed convolution after them, of sizes that windows do not divide; an output that counts twice. */
    @Test
    void cells() {
        InPlaceComputationGraph network = new InPlaceComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .addLayer("conv", new Convolution.Builder(1, 1).nOut(3).build(), "input")
                .addLayer("pool", new AveragePooling.Builder(2, 3).build(), "conv")
                .addLayer(
                        "up",
                        new NonOverlappingTransposedConvolution.Builder(3, 2)
                                .nOut(5)
                                .build(),
                        "pool")
                .addLayer(
                        "same",
                        new NonOverlappingTransposedConvolution.Builder(1, 1)
                                .nOut(5)
                                .build(),
                        "up")
                .addVertex("sum", new SumVertex(false), "up", "same")
                .addLayer("half", new AveragePooling.Builder(2, 1).build(), "sum")
                .addVertex("supervise", new DeepSupervisionVertex(0.5, 0, 0.3, 0.2), "sum", "same", "half", "up")
                .addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), "supervise")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(9, 11, 2))
                .build());
        network.init();
        network.setLayerClock((what, nanos) -> told.add(what));
        agree(network, random(4, 3, 2, 9, 11));
    }

    /** What counts for nothing is not computed, and has no gradient. */
    @Test
    void outputsWithoutWeightAreLeftOut() {
        InPlaceComputationGraph network = shaken(NetworkModel.builder("nnunet.plain2d")
                .inputShape(1, 8, 8)
                .features(4, 6, 8)
                .updater(new Sgd(0.1))
                .task(Task.REGRESSION)
                .build());
        INDArray x = random(4, 2, 1, 8, 8);
        network.outputSingle(x);
        assertTrue(told.stream().anyMatch(name -> name.contains("seg_layers.1")));
        assertFalse(told.stream().anyMatch(name -> name.contains("seg_layers.0")));
        INDArray gradients = gradients(network, x, random(5, 2, 2, 8, 8));
        assertTrue(gradients.amaxNumber().doubleValue() > 0);
        assertEquals(
                0,
                network.gradient()
                        .getGradientFor("decoder.seg_layers.0_weight")
                        .amaxNumber()
                        .doubleValue());
        network.getFlattenedGradients().assign(7);
        assertEquals(gradients, gradients(network, x, random(5, 2, 2, 8, 8)));
    }

    /** A slope that no parameter has, with and without a normalisation before it. */
    @Test
    void constantSlopes() {
        InPlaceComputationGraph network = new InPlaceComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .addLayer("first", new LeakyReLU.Builder().build(), "input")
                .addLayer("conv", new Convolution.Builder(3).padding(1).nOut(4).build(), "first")
                .addLayer("norm", new InstanceNormalization.Builder().build(), "conv")
                .addLayer("second", new LeakyReLU.Builder().build(), "norm")
                .addLayer("last", new Convolution.Builder(1).nOut(1).build(), "second")
                .addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), "last")
                .setOutputs("output")
                .setInputTypes(InputType.recurrent(2, 20))
                .build());
        network.init();
        network.setLayerClock((what, nanos) -> told.add(what));
        agree(network, random(4, 3, 2, 20));
    }

    /** Strided kernels that reach over both ends of a volume. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void flatVolumes(int depth) {
        agree(
                shaken(builder("conv.encoder3d", BlockKind.CONV, 3, new int[] {1, 1}, 1, depth, 8, 7)
                        .build()),
                random(4, 2, 1, depth, 8, 7));
    }

    /** A strided kernel of 1, whose gradient oneDNN computes beyond its memory if asked for it as the maps lie. */
    @ParameterizedTest
    @ValueSource(ints = {5, 12, 20})
    void channelsThatDoNotFillVectors(int channels) {
        agree(
                shaken(builder("resnet.encoder2d", BlockKind.PLAIN, 3, new int[] {1, 1}, 1, 48, 40)
                        .channel(channels)
                        .build()),
                random(4, 3, 1, 48, 40));
    }

    /** Many weights, few positions. */
    @Test
    @Tag("long")
    void wideAndSmall() {
        agree(
                shaken(builder("conv.encoder3d", BlockKind.CONV, 3, new int[] {1, 1, 1}, 1, 8, 7, 9)
                        .channel(256)
                        .build()),
                random(4, 1, 1, 8, 7, 9));
        agree(
                shaken(builder("resnet.ae1d", BlockKind.PLAIN, 3, new int[] {1, 1}, 1, 15)
                        .channel(512)
                        .build()),
                random(4, 3, 1, 15));
    }

    /** Several chunks a sample, several samples a chunk. */
    @Test
    void largeMaps() {
        agree(
                shaken(builder("resnet.unet2d", BlockKind.PLAIN, 3, new int[] {1, 1}, 1, 96, 80)
                        .build()),
                random(4, 1, 1, 96, 80));
        agree(
                shaken(builder("conv.unet2d", BlockKind.CONV, 3, new int[] {1, 1}, 1, 96, 80)
                        .normalizer(Normalizer.BATCH)
                        .build()),
                random(4, 3, 1, 96, 80));
    }

    /** From a vector; the decoder's first convolution takes it for a map of size 1. */
    @Test
    void vectors() {
        InPlaceComputationGraph network = shaken(NetworkModel.builder("resnet.decoder2d")
                .inLength(5)
                .outSize(9, 12)
                .channel(4)
                .layers(1, 1)
                .updater(new Sgd(0.1))
                .task(Task.REGRESSION)
                .build());
        agree(network, random(4, 3, 5));
    }

    /** Means far from 0 beside small deviations. */
    @Test
    void offsetsDoNotCostPrecision() {
        InPlaceComputationGraph network = shaken(builder("conv.unet1d", BlockKind.CONV, 3, new int[] {1, 1}, 1, 64)
                .build());
        agree(network, random(4, 2, 1, 64).addi(300));
    }

    /** Sizes in turns, more than programs are kept; what one leaves in memory is none of the other's business. */
    @Test
    void sizesInTurns() {
        InPlaceComputationGraph network = shaken(builder("conv.unet1d", BlockKind.CONV, 3, new int[] {1, 1}, 1, 64)
                .build());
        List<INDArray> first = new ArrayList<>();
        for (int size = 20; size < 44; size++) {
            first.add(network.outputSingle(random(size, 2, 1, size)));
        }
        for (int size = 20; size < 44; size++) {
            assertEquals(first.get(size - 20), network.outputSingle(random(size, 2, 1, size)));
        }
    }

    /** Inputs in other orders, views and types than memory has them. */
    @Test
    void inputsAsTheyCome() {
        InPlaceComputationGraph network = shaken(builder("conv.unet2d", BlockKind.CONV, 3, new int[] {1, 1}, 2, 12, 10)
                .build());
        INDArray x = random(4, 3, 2, 12, 10);
        INDArray expected = network.outputSingle(x);
        assertEquals(expected, network.outputSingle(x.dup('f')));
        assertEquals(expected, network.outputSingle(x.castTo(DataType.DOUBLE)));
        INDArray large = Nd4j.zeros(DataType.FLOAT, 5, 2, 12, 10);
        INDArray part = large.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(1, 4));
        part.assign(x);
        assertEquals(expected, network.outputSingle(part));
        assertFalse(told.isEmpty());
    }

    /** Each share in a thread of its own; a batch normalisation in training sees all samples together. */
    @ParameterizedTest
    @ValueSource(strings = {"AFFINE_INSTANCE", "BATCH"})
    void samplesInShares(String normalizer) {
        System.setProperty(SHARES, "3");
        for (String model : List.of("conv.unet1d", "resnet.encoder2d", "conv.ae3d")) {
            int[] sample = {1, 14, 12, 10};
            int[] used = Arrays.copyOf(sample, 1 + Integer.parseInt(model.replaceAll("\\D", "")));
            InPlaceComputationGraph network = shaken(builder(
                            model,
                            model.startsWith("conv") ? BlockKind.CONV : BlockKind.PLAIN,
                            3,
                            new int[] {1, 1},
                            used)
                    .normalizer(Normalizer.valueOf(normalizer))
                    .build());
            agree(network, random(4, with(3, used)));
            agree(network, random(5, with(7, used)));
            agree(network, random(6, with(2, used)));
        }
    }

    /** Several threads' networks, each in shares that the same helpers take. */
    @Test
    void sharesOfSeveralThreads() throws Exception {
        System.setProperty(SHARES, "2");
        List<ComputationGraph> networks = new ArrayList<>();
        List<INDArray> inputs = new ArrayList<>();
        List<INDArray> expected = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            networks.add(builder("conv.unet1d", BlockKind.CONV, 3, new int[] {1, 1}, 1, 64)
                    .build()
                    .init());
            inputs.add(random(i, 4, 1, 64));
            expected.add(networks.get(i).outputSingle(inputs.get(i)));
        }
        List<Future<List<INDArray>>> found = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int i = 0; i < 3; i++) {
                ComputationGraph network = networks.get(i);
                INDArray x = inputs.get(i);
                found.add(threads.submit(() -> IntStream.range(0, 20)
                        .mapToObj(unused -> network.outputSingle(x))
                        .toList()));
            }
            for (int i = 0; i < 3; i++) {
                for (INDArray output : found.get(i).get()) {
                    assertEquals(expected.get(i), output);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "two"})
    void sharesAreANumber(String shares) {
        ComputationGraph network = builder("conv.unet1d", BlockKind.CONV, 3, new int[] {1, 1}, 1, 16)
                .build()
                .init();
        System.setProperty(SHARES, shares);
        String message = assertThrows(ArgumentException.class, () -> network.outputSingle(random(1, 2, 1, 16)))
                .getMessage();
        assertTrue(message.contains(SHARES), message);
    }

    /** Changed parameters count at once, whoever changes them. */
    @Test
    void parametersAreReadAnew() {
        InPlaceComputationGraph network = shaken(builder("resnet.ae1d", BlockKind.PLAIN, 3, new int[] {1, 1}, 1, 32)
                .build());
        INDArray x = random(4, 2, 1, 32);
        INDArray before = network.outputSingle(x);
        INDArray held = network.getParam("conv_final_weight");
        held.muli(2);
        INDArray doubled = network.outputSingle(x);
        assertTrue(before.sub(doubled).amaxNumber().doubleValue() > 1e-3);
        network.setParams(network.params().dup().muli(0.5));
        assertTrue(doubled.sub(network.outputSingle(x)).amaxNumber().doubleValue() > 1e-3);
    }

    /** DL4J's loop computes what has stock layers, dropout or frozen layers, and says the same before and after. */
    @Test
    void whatProgramsCannotDoIsLeftToDl4j() {
        InPlaceComputationGraph network = shaken(builder("conv.unet2d", BlockKind.CONV, 3, new int[] {1, 1}, 1, 12, 10)
                .build());
        INDArray x = random(4, 2, 1, 12, 10);
        INDArray expected = network.outputSingle(x);
        told.clear();
        ComputationGraph mixed = new TransferLearning.GraphBuilder(network)
                .removeVertexKeepConnections("output")
                .addLayer("stock", new ActivationLayer(Activation.IDENTITY), "conv_final")
                .addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), "stock")
                .build();
        InPlaceComputationGraph own = new InPlaceComputationGraph(mixed.getConfiguration());
        own.init(network.params().dup(), false);
        own.setLayerClock((what, nanos) -> told.add(what));
        close(expected, own.outputSingle(x), OUTPUT);
        own.fit(new DataSet(x, expected));
        assertEquals(List.of(), told);

        InPlaceComputationGraph dropping = shaken(builder("conv.unet2d", BlockKind.CONV, 3, new int[] {1, 1}, 1, 12, 10)
                .configuration(conf -> conf.dropOut(new Dropout(0.5)))
                .build());
        dropping.fit(new DataSet(x, expected));
        assertEquals(List.of(), told);
    }

    /** Who watches activations sees all of them, and changes nothing. */
    @Test
    void listenersSeeActivations() {
        System.setProperty(SHARES, "3");
        NetworkModel model = builder("resnet.unet1d", BlockKind.PLAIN, 3, new int[] {1, 1}, 1, 20)
                .build();
        InPlaceComputationGraph watched = shaken(model);
        InPlaceComputationGraph alone = shaken(model);
        INDArray x = random(4, 16, 1, 20);
        INDArray y = random(5, 16, 1, 20);
        Map<String, INDArray> expected = watched.feedForward(x, false);
        List<Map<String, INDArray>> seen = new ArrayList<>();
        watched.setListeners(new BaseTrainingListener() {
            @Override
            public void onForwardPass(Model network, Map<String, INDArray> activations) {
                seen.add(activations);
            }
        });
        told.clear();
        watched.fit(new DataSet(x, y));
        assertFalse(told.isEmpty());
        alone.fit(new DataSet(x, y));
        assertArrayEquals(
                alone.params().data().asFloat(), watched.params().data().asFloat());
        assertEquals(1, seen.size());
        for (String name : seen.get(0).keySet()) {
            close(expected.get(name), seen.get(0).get(name), OUTPUT);
        }
        assertTrue(seen.get(0).keySet().stream().anyMatch(name -> name.endsWith("conv1.0")));
    }
}
