package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** From examples with any number of labels, and from structures that overlap, to networks that tell them. */
class MultiLabelCommandTest extends CommandLineTest {
    private static final int SIZE = 48;
    private static final int LENGTH = 128;
    private static final List<String> KINDS = List.of("fast", "slow", "step");

    @TempDir
    Path folder;

    private SplittableRandom random = new SplittableRandom(4);

    private int train(String model, Path data, String name, Object... more) {
        Stream<Object> usual = Stream.of("train", model, "--data", data, "--output", folder, "--name", name);
        return run(Stream.concat(usual, Arrays.stream(more)).toArray());
    }

    private static void write(Path file, ElementType type, double[] values, long... shape) throws IOException {
        Files.createDirectories(file.getParent());
        ArrayFiles.write(file, new StoredArray(Nd4j.createFromArray(values).reshape('c', shape), true, type));
    }

    private JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    /** Two large and two small discs, which may lie over each other; where they do, the picture is brighter. */
    private Path discs(int count) throws IOException {
        Path data = folder.resolve("discs");
        for (int n = 0; n < count; n++) {
            double[] pixels = new double[SIZE * SIZE];
            double[] target = new double[2 * SIZE * SIZE];
            for (int k = 0; k < 2; k++) {
                for (int disc = 0; disc < 2; disc++) {
                    double y = 15 + random.nextDouble() * (SIZE - 30);
                    double x = 15 + random.nextDouble() * (SIZE - 30);
                    for (int i = 0; i < pixels.length; i++) {
                        boolean in = Math.hypot(i / SIZE - y, i % SIZE - x) < (k == 0 ? 10 : 7);
                        target[k * pixels.length + i] = in ? 1 : target[k * pixels.length + i];
                    }
                }
            }
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = 40 + 80 * target[i] + 50 * target[pixels.length + i] + random.nextInt(40);
            }
            write(data.resolve("images/" + n + ".png"), ElementType.UINT8, pixels, 1, SIZE, SIZE);
            write(data.resolve("masks/" + n + ".npy"), ElementType.UINT8, target, 2, SIZE, SIZE);
        }
        return data;
    }

    /** Noisy signals with any of three kinds of events, each at about a time of its own, as a list of what there is. */
    private Path signals(int count) throws IOException {
        StringBuilder list = new StringBuilder("input,labels\n");
        for (int n = 0; n < count; n++) {
            double[] values = new double[LENGTH];
            List<String> labels = new ArrayList<>();
            for (int k = 0; k < KINDS.size(); k++) {
                if (random.nextDouble() < 0.4) {
                    labels.add(KINDS.get(k));
                    int start = 30 * k + random.nextInt(16);
                    for (int i = 0; i < 40; i++) {
                        values[start + i] += k == 0 ? 2 * Math.sin(i) : k == 1 ? 2 * Math.sin(i / 4.0) : 2;
                    }
                }
            }
            for (int i = 0; i < LENGTH; i++) {
                values[i] += random.nextDouble() - 0.5;
            }
            write(folder.resolve("signals/" + n + ".npy"), ElementType.FLOAT32, values, 1, LENGTH);
            list.append(n + ".npy," + String.join(";", labels) + "\n");
        }
        Path file = folder.resolve("signals/list.csv");
        Files.writeString(file, list);
        return file;
    }

    @Tag("long")
    @Test
    void labelsOfWholeExamplesGoThroughAllCommands() throws IOException {
        Path list = signals(30);
        Object[] small = {"--channel", 2, "--layers", "1,1", "--block", "plain", "--batch", 4, "--steps", 2};
        assertEquals(0, train("resnet.encoder1d", list, "run", small), () -> err);
        assertTrue(err.contains("multi-label-classification") && err.contains("fast"), err);
        JsonNode metrics = json(folder.resolve("run/metrics.json"));
        for (String name : List.of("f1_macro", "f1_micro", "exact_match", "auroc", "f1_slow", "f1_macro_ci95")) {
            assertTrue(metrics.has("test_" + name), metrics.toString());
        }
        Path model = folder.resolve("run/model.zip");
        Path input = folder.resolve("signals/3.npy");
        assertEquals(0, run("predict", model, input), () -> err);
        String[] lines = out.split("\n");
        assertEquals("file,labels,fast,slow,step", lines[0]);
        try (Predictor predictor = Predictor.read(model)) {
            float[] expected =
                    predictor.predict(ArrayFiles.read(input).values()).toFloatVector();
            String[] cells = lines[1].split(",", -1);
            List<String> present = new ArrayList<>();
            for (int k = 0; k < expected.length; k++) {
                assertEquals(expected[k], Float.parseFloat(cells[k + 2]), 1e-6);
                present.addAll(expected[k] > 0.5 ? List.of(KINDS.get(k)) : List.of());
            }
            assertEquals(String.join(";", present), cells[1]);
        }
        assertEquals(0, run("predict", model, input, "--threshold", "1e-6"), () -> err);
        assertTrue(out.contains(",fast;slow;step,"), out);
        assertEquals(0, run("evaluate", model, "--data", list, "--part", "all", "--threshold", "1e-6"), () -> err);
        assertTrue(out.contains("f1_macro") && out.contains("auroc_step"), out);
        assertEquals(2, train("resnet.encoder1d", list, "no", "--loss", "focal"));
        assertTrue(err.contains("several labels"), err);
        assertEquals(2, train("conv.unet1d", list, "no"));
        assertEquals(2, run("predict", model, input, "--no-postprocessing"));
        assertTrue(err.contains("nothing is cleaned"), err);

        Object[] folds = {
            "--channel", 2, "--layers", "1,1", "--block", "plain", "--batch", 4, "--steps", 1, "--folds", 2
        };
        assertEquals(0, train("resnet.encoder1d", list, "folds", folds), () -> err);
        assertEquals(
                30,
                json(folder.resolve("folds/metrics.json")).path("test_examples").asInt());
        assertEquals(0, train("auto", list, "auto", "--dimensions", 1, "--dry-run", "--steps", 1), () -> err);
        assertEquals(
                "multi-label-classification",
                json(folder.resolve("auto/config.json")).path("task").asText());
    }

    @Test
    void overlappingStructuresGoThroughAllCommands() throws IOException {
        Path data = discs(9);
        Object[] small = {"--channel", 2, "--layers", "1,1", "--batch", 2, "--steps", 2, "--labels", "large,small"};
        assertEquals(0, train("conv.unet2d", data, "run", small), () -> err);
        JsonNode metrics = json(folder.resolve("run/metrics.json"));
        assertTrue(metrics.has("test_dice") && metrics.has("test_dice_small"), metrics.toString());
        assertFalse(metrics.has("postprocessing"), metrics.toString());
        Path model = folder.resolve("run/model.zip");
        Path input = data.resolve("images/0.png");
        Path found = folder.resolve("found");
        assertEquals(0, run("predict", model, input, "--output", found, "--probabilities"), () -> err);
        StoredArray labels = ArrayFiles.read(found.resolve("0.npy"));
        INDArray probabilities =
                ArrayFiles.read(found.resolve("0-probabilities.npy")).values();
        assertEquals(ElementType.UINT8, labels.type());
        assertArrayEquals(new long[] {2, SIZE, SIZE}, labels.values().shape());
        float[] each = OnHeap.floats(probabilities);
        float[] there = OnHeap.floats(labels.values());
        for (int i = 0; i < each.length; i++) {
            assertEquals(each[i] > 0.5f ? 1 : 0, there[i], "at " + i + " of probability " + each[i]);
        }
        assertEquals(0, run("evaluate", model, "--data", data, "--part", "all"), () -> err);
        assertTrue(out.contains("dice_large"), out);
        assertEquals(2, train("conv.unet2d", data, "no", "--labels", "large"));
        assertTrue(err.contains("2 channels"), err);
        assertEquals(2, train("conv.unet2d", data, "no", "--classes", "0:0,1:1"));
    }

    /** Sizes of both labels and of what they share, in the targets of the examples that were measured. */
    private double[] areas(Path data) throws IOException {
        double[] areas = new double[3];
        List<String> measured = Files.readAllLines(folder.resolve("run/evaluation-discs.csv"));
        for (String line : measured.subList(1, measured.size())) {
            String mask =
                    line.replaceFirst(",.*", "").replace("images", "masks").replace("png", "npy");
            float[] values = OnHeap.floats(ArrayFiles.read(data.resolve(mask)).values());
            int length = values.length / 2;
            for (int i = 0; i < length; i++) {
                areas[0] += values[i];
                areas[1] += values[length + i];
                areas[2] += values[i] * values[length + i];
            }
        }
        return areas;
    }

    /** The largest mean of both Dice coefficients of masks that are right, but have one label where both are. */
    private static double mostOfOneEach(double[] areas) {
        double most = 0;
        for (int i = 0; i <= 1000; i++) {
            double lost = areas[2] * i / 1000;
            double other = areas[2] - lost;
            double first = 2 * (areas[0] - lost) / (2 * areas[0] - lost);
            double second = 2 * (areas[1] - other) / (2 * areas[1] - other);
            most = Math.max(most, (first + second) / 2);
        }
        return most;
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void overlapsAreLearned(int seed) throws IOException {
        random = new SplittableRandom(seed);
        Path data = discs(40);
        Object[] options = {
            "--channel", 8, "--layers", "1,1", "--batch", 8, "--steps", 300, "--labels", "large,small", "--seed", seed
        };
        assertEquals(0, train("conv.unet2d", data, "run", options), () -> err);
        assertEquals(
                0, run("evaluate", folder.resolve("run/model.zip"), "--data", data, "--format", "json"), () -> err);
        JsonNode metrics = new ObjectMapper().readTree(out).path("metrics");
        double most = mostOfOneEach(areas(data));
        assertTrue(most < 0.92, "there is enough of both: " + most);
        assertTrue(metrics.path("dice").asDouble() > most + 0.03, metrics + ", at most " + most + " with one each");
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void labelsAreLearned(int seed) throws IOException {
        random = new SplittableRandom(seed);
        Path list = signals(300);
        Object[] options = {"--channel", 8, "--layers", "1,1,1", "--block", "plain", "--steps", 150, "--seed", seed};
        assertEquals(0, train("resnet.encoder1d", list, "run", options), () -> err);
        JsonNode metrics = json(folder.resolve("run/metrics.json"));
        assertTrue(metrics.path("test_f1_macro").asDouble() > 0.8, metrics.toString());
        assertTrue(metrics.path("test_auroc").asDouble() > 0.9, metrics.toString());
    }
}
