package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelDescription.Windows;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Flips, averages of several networks, and how much these differ. */
class EnsembleTest {
    private static float[] floats(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    @Test
    void flipsAreThoseOfTheDefinition() {
        INDArray batch = Nd4j.rand(DataType.FLOAT, 2, 3, 4, 5, 6);
        Flips flips = Flips.all(3);
        assertEquals(8, flips.count());
        for (int way = 0; way < 8; way++) {
            INDArray flipped = flips.apply(way, batch);
            for (int n = 0; n < 2; n++) {
                for (int i = 0; i < 4 * 5 * 6; i++) {
                    int z = i / 30;
                    int y = i / 6 % 5;
                    int x = i % 6;
                    double expected = batch.getDouble(
                            n, 2, (way & 1) == 0 ? z : 3 - z, (way & 2) == 0 ? y : 4 - y, (way & 4) == 0 ? x : 5 - x);
                    assertEquals(expected, flipped.getDouble(n, 2, z, y, x), way + " at " + i);
                }
            }
            assertEquals(batch, flips.apply(way, flipped), "flipping twice is nothing");
        }
        assertEquals(flips.apply(4, batch), new Flips(List.of(2)).apply(1, batch), "the last axis alone");
        assertThrows(ArgumentException.class, () -> new Flips(List.of(1, 1)));
        assertThrows(ArgumentException.class, () -> new Flips(List.of(-1)));
    }

    /** The answers one after the other, in plain loops. */
    @Test
    void meanAndVarianceOfAllAnswers() {
        UnaryOperator<INDArray> first = batch -> batch.mul(3).add(1000);
        UnaryOperator<INDArray> second = batch -> {
            INDArray answer = batch.dup('c');
            float[] values = floats(batch);
            for (int i = 0; i < values.length; i++) {
                // depends on the place, so flips make a difference
                values[i] = 1000 + values[i] * (i % 7);
            }
            batch.assign(0);
            return answer.assign(Nd4j.createFromArray(values).reshape('c', batch.shape()));
        };
        INDArray batch = Nd4j.rand(DataType.FLOAT, 2, 1, 6, 5);
        Flips flips = Flips.all(2);
        List<float[]> answers = new ArrayList<>();
        for (int way = 0; way < 4; way++) {
            for (UnaryOperator<INDArray> member : List.of(first, second)) {
                answers.add(floats(flips.apply(way, member.apply(flips.apply(way, batch)))));
            }
        }
        INDArray both = new Ensemble(List.of(first, second), flips, true).apply(batch.dup());
        assertArrayEquals(new long[] {2, 2, 6, 5}, both.shape());
        for (int n = 0; n < 2; n++) {
            Uncertain found = Uncertain.of(both.slice(n));
            for (int i = 0; i < 30; i++) {
                int place = n * 30 + i;
                double mean =
                        answers.stream().mapToDouble(a -> a[place]).average().orElseThrow();
                double variance = answers.stream()
                        .mapToDouble(a -> (a[place] - mean) * (a[place] - mean))
                        .average()
                        .orElseThrow();
                assertEquals(mean, found.output().getDouble(0, i / 5, i % 5), 2e-4);
                assertEquals(Math.sqrt(variance), found.deviation().getDouble(0, i / 5, i % 5), 1e-3);
            }
        }
        INDArray mean = new Ensemble(List.of(first, second), flips, false).apply(batch.dup());
        assertEquals(Uncertain.of(both.slice(1)).output(), mean.slice(1));
    }

    private static ComputationGraph network(int seed) {
        return NetworkModel.builder("conv.unet2d")
                .outPlanes(3)
                .channel(2)
                .layers(1, 1)
                .task(Task.CLASSIFICATION)
                .seed(seed)
                .build()
                .init();
    }

    private static ModelDescription description(double mean) {
        return new ModelDescription(
                "conv.unet2d",
                "segmentation",
                List.of(1L, 8L, 8L),
                new Normalization(Normalization.By.SET, List.of(mean), List.of(2.0), false),
                List.of("a", "b", "c"),
                null,
                null,
                List.of(),
                Map.of());
    }

    /** Each network normalises in its own way; the mean of windows' means is that of whole outputs. */
    @Test
    void severalModels(@TempDir Path folder) throws IOException {
        INDArray image = Nd4j.randn(DataType.FLOAT, 1, 21, 13);
        List<INDArray> outputs = new ArrayList<>();
        for (int fold = 0; fold < 3; fold++) {
            Path file = folder.resolve("fold_" + fold).resolve("model.zip");
            Files.createDirectories(file.getParent());
            ModelFiles.write(network(fold), description(0.1 * fold), file);
            try (Predictor one = Predictor.read(file)) {
                outputs.add(one.predict(image));
            }
        }
        INDArray mean = outputs.get(0).add(outputs.get(1)).add(outputs.get(2)).div(3);
        try (Predictor all = Predictor.builder(folder).build();
                Predictor again = Predictor.builder(folder.resolve("fold_2/model.zip"))
                        .average(network(1), description(0.1))
                        .average(folder.resolve("fold_0/model.zip"))
                        .build()) {
            assertEquals(0, all.predict(image).sub(mean).amaxNumber().doubleValue(), 1e-6);
            assertEquals(0, again.predict(image).sub(mean).amaxNumber().doubleValue(), 1e-6);
            Uncertain uncertain = all.predictUncertain(image);
            assertEquals(0, uncertain.output().sub(mean).amaxNumber().doubleValue(), 1e-6);
            assertTrue(uncertain.deviation().minNumber().doubleValue() >= 0);
            assertTrue(uncertain.deviation().maxNumber().doubleValue() > 1e-3);
        }
        Path other = folder.resolve("other.zip");
        ModelFiles.write(
                network(1),
                new ModelDescription(
                        null,
                        "segmentation",
                        List.of(1L, 8L, 8L),
                        null,
                        List.of("a", "b", "d"),
                        null,
                        null,
                        null,
                        null),
                other);
        refused("models", () -> Predictor.builder(folder).average(other).build());
        refused(
                "model",
                () -> Predictor.builder(folder.resolve("fold_0").getParent().resolve("empty")));
        Files.createDirectories(folder.resolve("empty"));
        refused("model", () -> Predictor.builder(folder.resolve("empty")));
    }

    private static void refused(String argument, Executable call) {
        ArgumentException e = assertThrows(ArgumentException.class, call);
        assertEquals(argument, e.argument(), e.getMessage());
    }

    @Test
    void flippedWindowsAreAveraged() {
        ComputationGraph network = network(1);
        INDArray image = Nd4j.randn(DataType.FLOAT, 1, 8, 8);
        Predictor plain = Predictor.builder(network, description(0)).build();
        INDArray mirrored = Nd4j.reverse(image.dup()).reshape('c', 1, 8, 8);
        INDArray expected = Nd4j.zeros(3, 8, 8);
        for (int[] axes : new int[][] {{}, {0}, {1}, {0, 1}}) {
            Flips flips = new Flips(Arrays.stream(axes).boxed().toList());
            int all = flips.count() - 1;
            INDArray output =
                    plain.predict(flips.apply(all, image.reshape(1, 1, 8, 8)).reshape('c', 1, 8, 8));
            expected.addi(flips.apply(all, output.reshape(1, 3, 8, 8))
                    .reshape('c', 3, 8, 8)
                    .div(4));
        }
        Predictor flipped =
                Predictor.builder(network, description(0)).flip(0, 1).build();
        assertEquals(0, flipped.predict(image).sub(expected).amaxNumber().doubleValue(), 1e-6);
        assertTrue(
                plain.predict(image).sub(expected).amaxNumber().doubleValue() > 1e-4,
                "the network is not symmetric: " + mirrored.shapeInfoToString());
        ModelDescription says = description(0).withWindows(new Windows(0.25, "gaussian", "reflect", List.of(0, 1)));
        Predictor told = Predictor.builder(network, says).build();
        assertEquals(flipped.predict(image), told.predict(image));
        assertEquals(0.25, told.windows().overlap());
        assertEquals(Blend.GAUSSIAN, told.windows().blend());
        assertEquals(Padding.REFLECT, told.windows().padding());
        refused("flip", () -> Predictor.builder(network, description(0)).flip(2).build());
        refused("uncertainty", () -> plain.predictUncertain(image));
    }

    @Test
    void decisions() {
        INDArray probabilities =
                Nd4j.createFromArray(new float[][] {{.5f, .4f, .6f, .2f}, {.3f, .4f, .1f, .3f}, {.2f, .2f, .3f, .5f}});
        assertArrayEquals(new int[] {0, 0, 0, 2}, Decision.MOST_PROBABLE.classes(probabilities));
        assertArrayEquals(new int[] {1, 1, 2, 2}, Decision.threshold(0.3).classes(probabilities));
        assertArrayEquals(new int[] {0, 0, 0, 0}, Decision.threshold(0.6).classes(probabilities));
        refused("threshold", () -> Decision.threshold(0));
        refused("threshold", () -> Decision.threshold(Double.NaN));
        refused(
                "threshold",
                () -> Predictor.builder(
                                network(1),
                                new ModelDescription(
                                        null, "denoising", List.of(1L, 8L, 8L), null, null, null, null, null, null))
                        .threshold(0.5)
                        .build());
    }
}
