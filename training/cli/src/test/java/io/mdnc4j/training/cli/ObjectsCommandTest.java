package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.objects.Components;
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
import org.nd4j.linalg.factory.Nd4j;

/** From pictures of numbered objects that touch to a network that tells them apart. */
class ObjectsCommandTest extends CommandLineTest {
    private static final int SIZE = 48;

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(9);
    /** Bright discs, most of which touch another, on a noisy ground; the number of discs. */
    private int picture(Path image, Path mask) throws IOException {
        double[] pixels = new double[SIZE * SIZE];
        double[] numbers = new double[pixels.length];
        List<double[]> discs = new ArrayList<>();
        while (discs.size() < 6) {
            double y = 8 + random.nextDouble() * (SIZE - 16);
            double x = 8 + random.nextDouble() * (SIZE - 16);
            boolean apart = discs.stream().allMatch(disc -> Math.hypot(disc[0] - y, disc[1] - x) > 12);
            boolean touching =
                    discs.size() % 2 == 0 || discs.stream().anyMatch(disc -> Math.hypot(disc[0] - y, disc[1] - x) < 13);
            if (apart && touching) {
                discs.add(new double[] {y, x});
            }
        }
        for (int i = 0; i < pixels.length; i++) {
            double nearest = 6.8;
            for (int k = 0; k < discs.size(); k++) {
                double distance = Math.hypot(i / SIZE - discs.get(k)[0], i % SIZE - discs.get(k)[1]);
                if (distance < nearest) {
                    nearest = distance;
                    numbers[i] = k + 1;
                }
            }
            // darker towards the edge, as cells are
            pixels[i] = (numbers[i] > 0 ? 190 - 8 * nearest : 60) + random.nextInt(30);
        }
        write(image, pixels);
        write(mask, numbers);
        return discs.size();
    }

    private static void write(Path file, double[] values) throws IOException {
        Files.createDirectories(file.getParent());
        ArrayFiles.write(
                file,
                new StoredArray(Nd4j.createFromArray(values).reshape('c', 1, SIZE, SIZE), true, ElementType.UINT8));
    }

    private Path cells(int count) throws IOException {
        Path data = folder.resolve("cells");
        for (int i = 0; i < count; i++) {
            picture(data.resolve("images/" + i + ".png"), data.resolve("masks/" + i + ".png"));
        }
        return data;
    }

    private JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private void train(Path data, int steps) {
        assertEquals(
                0,
                run(
                        "train",
                        "conv.unet2d",
                        "--data",
                        data,
                        "--classes",
                        "objects",
                        "--channel",
                        8,
                        "--layers",
                        "1,1",
                        "--batch",
                        8,
                        "--steps",
                        steps,
                        "--output",
                        folder,
                        "--name",
                        "run",
                        "--seed",
                        3),
                () -> err);
    }

    @Test
    void modelsSayThatTheyTellObjectsApart() throws IOException {
        Path data = cells(6);
        train(data, 2);
        assertTrue(err.contains("3: background"), err);
        JsonNode metrics = json(folder.resolve("run/metrics.json"));
        assertTrue(
                metrics.has("test_object_f1") && metrics.has("test_count_error") && metrics.has("test_dice"),
                metrics.toString());

        Path model = folder.resolve("run/model.zip");
        Path images = data.resolve("images");
        assertEquals(0, run("predict", model, images.resolve("0.png"), "--output", folder.resolve("found")), () -> err);
        assertTrue(err.matches("(?s).*0\\.png: \\d+ objects?\n.*"), err);
        int[] found = OnHeap.ints(ArrayFiles.read(folder.resolve("found/0.png")).values());
        int most = Arrays.stream(found).max().orElseThrow();
        assertTrue(err.contains(": " + most + " object"), most + " are in the file: " + err);

        // numbered objects are given to evaluate, too; nothing need be said of them
        assertEquals(0, run("evaluate", model, "--data", data, "--part", "all"), () -> err);
        assertTrue(out.contains("object_f1") && out.contains("count_error"), out);
        // as classes they are others
        assertEquals(2, run("evaluate", model, "--data", data, "--part", "all", "--classes", "0:0,*:1"));
    }

    /** Objects have no postprocessing that could be chosen on all folds. */
    @Test
    void foldsTellObjectsApart() throws IOException {
        Object[] options = {
            "--classes", "objects", "--folds", 2, "--channel", 2, "--layers", "1,1", "--batch", 2, "--steps", 1
        };
        Stream<Object> train =
                Stream.of("train", "conv.unet2d", "--data", cells(4), "--output", folder, "--name", "folds");
        assertEquals(0, run(Stream.concat(train, Arrays.stream(options)).toArray()), () -> err);
        JsonNode metrics = json(folder.resolve("folds/metrics.json"));
        assertTrue(metrics.has("test_object_f1") && !metrics.has("postprocessing"), metrics.toString());
    }

    @Test
    void manyNumberedObjectsAreSeen() throws IOException {
        Path data = folder.resolve("many");
        for (int i = 0; i < 4; i++) {
            double[] numbers = new double[SIZE * SIZE];
            double[] pixels = new double[SIZE * SIZE];
            for (int p = 0; p < numbers.length; p++) {
                boolean in = p / SIZE % 4 > 0 && p % SIZE % 4 > 0;
                numbers[p] = in ? p / SIZE / 4 * (SIZE / 4) + p % SIZE / 4 + 1 : 0;
                pixels[p] = (in ? 100 : 0) + random.nextInt(100);
            }
            write(data.resolve("images/" + i + ".png"), pixels);
            write(data.resolve("masks/" + i + ".png"), numbers);
        }
        Object[] look = {"train", "auto", "--data", data, "--dry-run", "--steps", 1, "--output", folder, "--name"};
        assertEquals(0, run(Stream.concat(Arrays.stream(look), Stream.of("a")).toArray()), () -> err);
        assertEquals(
                "objects", json(folder.resolve("a/config.json")).path("classes").asText(), err);
        // what is asked for is heeded
        assertEquals(
                0,
                run(Stream.concat(Arrays.stream(look), Stream.of("b", "--task", "regression"))
                        .toArray()),
                () -> err);
        assertTrue(err.contains("task           regression: as given"), err);
        assertEquals("", json(folder.resolve("b/config.json")).path("classes").asText());
    }

    @Test
    void realNumbersAreNoObjects() throws IOException {
        Path data = folder.resolve("values");
        for (int i = 0; i < 4; i++) {
            for (String kind : List.of("inputs", "targets")) {
                Files.createDirectories(data.resolve(kind));
                double[] values = random.doubles(64).map(value -> 3 * value).toArray();
                ArrayFiles.write(
                        data.resolve(kind + "/" + i + ".npy"),
                        new StoredArray(Nd4j.createFromArray(values), false, ElementType.FLOAT64));
            }
        }
        assertEquals(2, run("train", "conv.unet1d", "--data", data, "--classes", "objects", "--output", folder));
        assertTrue(err.contains("objects have whole numbers"), err);
    }

    @Test
    @Tag("long")
    void discsThatTouchAreCountedBetterThanConnectedParts() throws IOException {
        Path data = cells(40);
        train(data, 300);
        JsonNode metrics = json(folder.resolve("run/metrics.json"));
        assertTrue(metrics.path("test_object_f1").asDouble() > 0.9, metrics.toString());

        Path found = folder.resolve("found");
        int trues = 0;
        int apart = 0;
        int connected = 0;
        for (int i = 0; i < 10; i++) {
            Path image = folder.resolve("new/" + i + ".png");
            int discs = picture(image, folder.resolve("truth/" + i + ".png"));
            assertEquals(0, run("predict", folder.resolve("run/model.zip"), image, "--output", found), () -> err);
            int[] objects =
                    OnHeap.ints(ArrayFiles.read(found.resolve(i + ".png")).values());
            int parts = Components.of(k -> objects[k] > 0, SIZE, SIZE).count();
            trues += discs;
            apart += Math.abs(Arrays.stream(objects).max().orElseThrow() - discs);
            connected += Math.abs(parts - discs);
        }
        assertTrue(2 * apart < connected, trues + " discs, miscounted " + apart + ", as connected parts " + connected);
    }
}
