package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelFileException;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Pretrained;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class PredictorTest {
    private static final Normalization OWN = new Normalization(Normalization.By.SAMPLE, List.of(), List.of(), true);

    /** A network without any layer: what comes out is what went in. */
    private static ComputationGraph identity(SpatialDims dims, long... size) {
        return identity(1, dims, size);
    }

    private static ComputationGraph identity(int channels, SpatialDims dims, long... size) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), "input")
                .setOutputs("output")
                .setInputTypes(dims.inputType(channels, size))
                .build());
        graph.init();
        return graph;
    }

    private static ModelDescription description(Normalization normalization, Long... shape) {
        return new ModelDescription(
                "identity", "regression", List.of(shape), normalization, List.of(), null, null, List.of(), Map.of());
    }

    @Test
    void overlappingWindowsAreBlendedToTheWhole() {
        INDArray volume = Nd4j.rand(DataType.FLOAT, 1, 13, 8, 21);
        Predictor predictor = Predictor.builder(identity(SpatialDims.THREE, 8, 8, 8), description(OWN, 1L, 8L, 8L, 8L))
                .batch(3)
                .build();
        INDArray output = predictor.predict(volume);
        assertArrayEquals(volume.shape(), output.shape());
        assertEquals(0, output.sub(volume).amaxNumber().doubleValue(), 1e-5);
    }

    /** Channels have windows of one place and one sum of weights. */
    @Test
    void channelsAreBlendedEach() {
        for (SpatialDims dims : SpatialDims.values()) {
            int axes = dims.count();
            long[] window = {8, 6, 4};
            Long[] trained = {3L, 8L, 6L, 4L};
            long[] shape = {3, 21, 13, 9};
            INDArray input = Nd4j.rand(DataType.FLOAT, Arrays.copyOf(shape, axes + 1));
            Predictor predictor = Predictor.builder(
                            identity(3, dims, Arrays.copyOf(window, axes)),
                            description(Normalization.NONE, Arrays.copyOf(trained, axes + 1)))
                    .batch(4)
                    .build();
            INDArray output = predictor.predict(input);
            assertArrayEquals(input.shape(), output.shape());
            assertEquals(0, output.sub(input).amaxNumber().doubleValue(), 1e-5);
        }
    }

    @Test
    void examplesOfDifferentSizesComeInTheirOrder() {
        Normalization set = new Normalization(Normalization.By.SET, List.of(2.0), List.of(4.0), false);
        Predictor predictor = Predictor.builder(identity(SpatialDims.ONE, 16), description(set, 1L, 16L))
                .batch(4)
                .build();
        List<Example> examples = new ArrayList<>();
        for (int length : new int[] {16, 40, 5, 16, 16}) {
            examples.add(new Example("of " + length, Nd4j.rand(DataType.FLOAT, 1, length), null));
        }
        List<Example> seen = new ArrayList<>();
        predictor.predict(Examples.of(examples), (example, output) -> {
            seen.add(example);
            assertArrayEquals(example.input().shape(), output.shape());
            assertEquals(
                    0, output.sub(example.input().sub(2).div(4)).amaxNumber().doubleValue(), 1e-5);
        });
        assertEquals(examples, seen);
    }

    @Test
    void otherChannelsOrAxesAreRefused() {
        Predictor predictor = signals(Normalization.NONE);
        String message = refused("input", () -> predictor.predict(Nd4j.rand(DataType.FLOAT, 2, 16)));
        assertTrue(message.contains("[2, 16]") && message.contains("[1, 16]"), message);
        refused("input", () -> predictor.predict(Nd4j.rand(DataType.FLOAT, 1, 1, 1, 16)));
        refused("values", () -> predictor.predict(new float[16], 1, 15));
        refused("input", () -> predictor.predict(new float[16], 1, 4, 4));
        String named = assertThrows(
                        DataException.class,
                        () -> predictor.predict(
                                Examples.of(List.of(new Example("a.csv", Nd4j.rand(DataType.FLOAT, 2, 16), null))),
                                (example, output) -> {}))
                .getMessage();
        assertTrue(named.startsWith("a.csv: has shape [2, 16]"), named);
    }

    private static String refused(String argument, Executable call) {
        ArgumentException e = assertThrows(ArgumentException.class, call);
        assertEquals(argument, e.argument(), e.getMessage());
        return e.getMessage();
    }

    private static Predictor signals(Normalization normalization) {
        return Predictor.builder(identity(SpatialDims.ONE, 16), description(normalization, 1L, 16L))
                .build();
    }

    @Test
    void floatsAreAnsweredAsArraysAre() {
        Predictor predictor = signals(OWN);
        float[] signal = Nd4j.rand(DataType.FLOAT, 50).data().asFloat();
        float[] expected = predictor
                .predict(Nd4j.createFromArray(signal).reshape('c', 1, 50))
                .data()
                .asFloat();
        assertArrayEquals(expected, predictor.predict(signal));
        assertArrayEquals(expected, predictor.predict(signal, 1, 50));
        Predictor stereo = Predictor.builder(identity(2, SpatialDims.ONE, 16), description(Normalization.NONE, 2L, 16L))
                .build();
        assertArrayEquals(signal, stereo.predict(signal), 1e-6f);
        refused("values", () -> stereo.predict(new float[51]));
        Predictor images = Predictor.builder(
                        identity(SpatialDims.TWO, 8, 8), description(Normalization.NONE, 1L, 8L, 8L))
                .build();
        refused("signal", () -> images.predict(new float[64]));
        assertEquals(200, images.predict(new float[200], 1, 10, 20).length);
    }

    @Test
    void aBatchIsAnsweredSampleBySample() {
        Predictor predictor = signals(OWN);
        INDArray batch = Nd4j.rand(DataType.FLOAT, 3, 1, 50);
        INDArray outputs = predictor.predict(batch);
        assertArrayEquals(batch.shape(), outputs.shape());
        for (int n = 0; n < 3; n++) {
            assertEquals(predictor.predict(batch.slice(n).dup()), outputs.slice(n));
        }
        INDArray view = batch.permute(0, 1, 2)
                .get(NDArrayIndex.interval(1, 3), NDArrayIndex.all(), NDArrayIndex.interval(5, 35));
        assertEquals(predictor.predict(view.dup('c')), predictor.predict(view));
        INDArray permuted = Nd4j.rand(DataType.FLOAT, 30, 2, 1).permute(1, 2, 0);
        assertEquals(predictor.predict(permuted.dup('c')), predictor.predict(permuted));
    }

    /** One element that is not a number would make nothing of all windows that it lies in. */
    @Test
    void whatIsNotFiniteIsRefused() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            Predictor predictor = signals(OWN);
            INDArray input = Nd4j.rand(DataType.FLOAT, 1, 50);
            input.putScalar(0, 33, value).putScalar(0, 40, value);
            assertTrue(refused("input", () -> predictor.predict(input)).contains(value + " at [0, 33]"));
            refused("input", () -> predictor.predict(input.data().asFloat()));
            String batch = refused("input", () -> predictor.predict(Nd4j.stack(0, Nd4j.zeros(1, 50), input)));
            assertTrue(batch.contains("sample 1 has " + value + " at [0, 33]"), batch);
            Examples examples =
                    Examples.of(List.of(new Example("a", Nd4j.zeros(1, 50), null), new Example("b.wav", input, null)));
            String named = assertThrows(DataException.class, () -> predictor.predict(examples, (example, output) -> {}))
                    .getMessage();
            assertTrue(named.startsWith("b.wav: has " + value + " at [0, 33]") && named.contains("replace"), named);
            INDArray output = Predictor.builder(identity(SpatialDims.ONE, 16), description(Normalization.NONE, 1L, 16L))
                    .requireFinite(false)
                    .build()
                    .predict(input);
            assertTrue(Float.isNaN(output.getFloat(0, 33)) || Float.isInfinite(output.getFloat(0, 33)));
        }
    }

    /** Their sum is not finite, they are. */
    @Test
    void largeNumbersAreFinite() {
        INDArray large = Nd4j.valueArrayOf(new long[] {1, 16}, 3e38, DataType.FLOAT);
        assertEquals(large, signals(Normalization.NONE).predict(large));
    }

    @Test
    void constantInputsAreDividedByOne() {
        INDArray constant = Nd4j.valueArrayOf(new long[] {1, 16}, 7.5, DataType.FLOAT);
        assertEquals(constant, signals(OWN).predict(constant));
    }

    @Test
    void descriptionsWithoutTaskOrShape() {
        ModelDescription unknown =
                new ModelDescription(null, null, List.of(), null, List.of(), null, null, List.of(), Map.of());
        Predictor predictor =
                Predictor.builder(identity(SpatialDims.ONE, 16), unknown).build();
        assertEquals(Task.REGRESSION, predictor.task());
        float[] signal = Nd4j.rand(DataType.FLOAT, 50).data().asFloat();
        assertArrayEquals(signal, predictor.predict(signal));
        assertEquals(0, predictor.windows().window().length);
        Predictor cut = Predictor.builder(identity(SpatialDims.ONE, 16), unknown)
                .window(16)
                .overlap(0.25)
                .blend(Blend.GAUSSIAN)
                .build();
        assertArrayEquals(signal, cut.predict(signal), 1e-6f);
        assertThrows(ArgumentException.class, () -> FilePredictions.builder(predictor), "which axis has the channels?");
    }

    /** Opening a pipe waits for another program, reading a device may never end. */
    @Test
    void onlyRegularFilesAreRead(@TempDir Path folder) throws IOException {
        Path zeros = Path.of("/dev/zero");
        assumeTrue(Files.exists(zeros), "no such device here");
        Path link = Files.createSymbolicLink(folder.resolve("a.npy"), zeros);
        FilePredictions files = FilePredictions.builder(signals(Normalization.NONE))
                .folder(folder.resolve("out"))
                .build();
        assertThrows(DataException.class, () -> files.write(List.of(link)));
        Files.delete(link);
    }

    /** No option is ignored. */
    @Test
    void settingsThatDoNotFitAreRefused() {
        ComputationGraph network = identity(SpatialDims.ONE, 16);
        ModelDescription signals = description(Normalization.NONE, 1L, 16L);
        Predictor.Builder builder = Predictor.builder(network, signals);
        refused("batch", () -> builder.batch(0));
        refused("threads", () -> builder.threads(0));
        refused("window", () -> builder.window(0));
        refused("overlap", () -> builder.overlap(-0.1));
        refused("window", () -> Predictor.builder(network, signals).window(4, 4).build());
        refused(
                "description",
                () -> Predictor.builder(network, description(Normalization.NONE, 1L, -16L))
                        .build());
        ModelDescription classes = new ModelDescription(
                null, "classification", List.of(1L, 16L), null, List.of("a"), null, null, List.of(), Map.of());
        refused("window", () -> Predictor.builder(network, classes).window(8).build());
        refused(
                "overlap",
                () -> Predictor.builder(network, classes).overlap(0.1).build());
        refused(
                "blend",
                () -> Predictor.builder(network, description(Normalization.NONE))
                        .blend(Blend.CONSTANT)
                        .build());
        refused("network", () -> Predictor.builder(new ComputationGraph(network.getConfiguration()), signals));
    }

    @Test
    void numbersOfTheTrainingSetMustFit() {
        Normalization two = new Normalization(Normalization.By.SET, List.of(1.0, 2.0), List.of(1.0, 2.0), true);
        refused("input", () -> signals(two));
        Normalization zero = new Normalization(Normalization.By.SET, List.of(1.0), List.of(0.0), true);
        refused("description", () -> signals(zero));
        // two channels become one: whose mean would be put back?
        ComputationGraph first = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .addVertex("first", new SubsetVertex(0, 0), "input")
                .addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), "first")
                .setOutputs("output")
                .setInputTypes(SpatialDims.ONE.inputType(2, 16))
                .build());
        first.init();
        Predictor predictor =
                Predictor.builder(first, description(two, 2L, 16L)).build();
        refused("description", () -> predictor.predict(Nd4j.rand(DataType.FLOAT, 2, 16)));
    }

    @Test
    void filesThatCannotBeRead(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.zip"), "no zip");
        assertThrows(ModelFileException.class, () -> Predictor.read(broken));
        assertTrue(refused("model", () -> Predictor.read(folder.resolve("none.zip")))
                .contains("digits"));
        ComputationGraph network = NetworkModel.builder("conv.ae1d")
                .channel(2)
                .layers(1, 1)
                .build()
                .init();
        Path bare = folder.resolve("bare.zip");
        ModelFiles.write(network, bare);
        refused("model", () -> Predictor.read(bare));
        Path file = folder.resolve("model.zip");
        ModelFiles.write(network, description(OWN, 1L, 16L), file);
        float[] signal = Nd4j.rand(DataType.FLOAT, 50).data().asFloat();
        try (Predictor predictor = Predictor.read(file)) {
            Predictor same =
                    Predictor.builder(network, description(OWN, 1L, 16L)).build();
            // one is computed as DL4J does, the other as a program
            assertArrayEquals(same.predict(signal), predictor.predict(signal), 1e-6f);
        }
    }

    @Test
    void networksThatComeAlong() throws IOException {
        Predictor digits =
                Predictor.builder(Pretrained.named("digits")).batch(2).build();
        INDArray images = Nd4j.rand(
                DataType.FLOAT,
                Axes.prepended(
                        3,
                        digits.description().inputShape().stream()
                                .mapToLong(Long::longValue)
                                .toArray()));
        INDArray probabilities = digits.predict(images);
        assertArrayEquals(new long[] {3, 10}, probabilities.shape());
        assertEquals(3, probabilities.sumNumber().doubleValue(), 1e-4);
        digits.close();
        digits.close();
        assertThrows(IllegalStateException.class, () -> digits.predict(images));
    }

    @Test
    void aNetworkThatWasGivenOutlivesThePredictor() {
        ComputationGraph network = NetworkModel.builder("conv.ae1d")
                .channel(2)
                .layers(1, 1)
                .build()
                .init();
        INDArray input = Nd4j.rand(DataType.FLOAT, 1, 1, 16);
        INDArray expected = network.outputSingle(input);
        Predictor predictor = Predictor.builder(network, description(Normalization.NONE, 1L, 16L))
                .build();
        assertEquals(expected, predictor.predict(input));
        predictor.close();
        assertEquals(expected, network.outputSingle(input));
    }
}
