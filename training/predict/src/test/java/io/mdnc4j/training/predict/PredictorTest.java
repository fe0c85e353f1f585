package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class PredictorTest {
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
        Normalization own = new Normalization(Normalization.By.SAMPLE, List.of(), List.of(), true);
        Predictor predictor = new Predictor(identity(SpatialDims.THREE, 8, 8, 8), description(own, 1L, 8L, 8L, 8L), 3);
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
            Predictor predictor = new Predictor(
                    identity(3, dims, Arrays.copyOf(window, axes)),
                    description(Normalization.NONE, Arrays.copyOf(trained, axes + 1)),
                    4);
            INDArray output = predictor.predict(input);
            assertArrayEquals(input.shape(), output.shape());
            assertEquals(0, output.sub(input).amaxNumber().doubleValue(), 1e-5);
        }
    }

    @Test
    void examplesOfDifferentSizesComeInTheirOrder() {
        Normalization set = new Normalization(Normalization.By.SET, List.of(2.0), List.of(4.0), false);
        Predictor predictor = new Predictor(identity(SpatialDims.ONE, 16), description(set, 1L, 16L), 4);
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
        Predictor predictor = new Predictor(identity(SpatialDims.ONE, 16), description(Normalization.NONE, 1L, 16L), 4);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> predictor.predict(Nd4j.rand(DataType.FLOAT, 2, 16)))
                .getMessage();
        assertTrue(message.contains("[2, 16]") && message.contains("[1, 16]"), message);
        assertThrows(IllegalArgumentException.class, () -> predictor.predict(Nd4j.rand(DataType.FLOAT, 1, 16, 16)));
    }

    @Test
    void windowsOverlapByHalfAtLeast() {
        assertArrayEquals(new long[] {0}, SlidingWindows.starts(10, 10));
        assertArrayEquals(new long[] {0, 1}, SlidingWindows.starts(11, 10));
        assertArrayEquals(new long[] {0, 5, 10}, SlidingWindows.starts(20, 10));
        assertArrayEquals(new long[] {0, 1, 2}, SlidingWindows.starts(3, 1));
    }
}
