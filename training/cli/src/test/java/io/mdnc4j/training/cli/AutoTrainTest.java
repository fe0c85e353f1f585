package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

/** {@code train auto}: what it chooses, that it says so, and that its file of options does the same again. */
class AutoTrainTest {
    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(3);
    private String err = "";

    private int train(String model, Path data, String name, String... more) {
        List<String> args = new ArrayList<>(List.of("train"));
        if (model != null) {
            args.addAll(List.of(model, "--data", data.toString()));
        }
        args.addAll(List.of("--name", name, "--output", folder.resolve("runs").toString()));
        args.addAll(List.of(more));
        PrintStream oldErr = System.err;
        PrintStream oldOut = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        System.setOut(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        try {
            return Main.run(args.toArray(String[]::new));
        } finally {
            System.setErr(oldErr);
            System.setOut(oldOut);
            err = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private Path file(String run, String name) {
        return folder.resolve("runs").resolve(run).resolve(name);
    }

    private JsonNode config(String run) throws IOException {
        return new ObjectMapper().readTree(file(run, "config.json").toFile());
    }

    /** What was learnt, without the times. */
    private List<String> losses(String run) throws IOException {
        return Files.readAllLines(file(run, "history.csv")).stream()
                .map(line -> line.split(","))
                .map(cells -> cells[0] + " " + cells[1] + " " + cells[3] + " " + cells[4])
                .toList();
    }

    private static void write(Path file, double[] values, ElementType type, Grid grid, long... shape)
            throws IOException {
        Files.createDirectories(file.getParent());
        StoredArray array = new StoredArray(Nd4j.createFromArray(values).reshape('c', shape), false, type);
        ArrayFiles.write(file, array.on(grid));
    }

    /** Noisy and clean signals, of which the noise is as strong as that of the task of the electrocardiogram. */
    private Path signals() throws IOException {
        Path data = folder.resolve("signals");
        for (int i = 0; i < 8; i++) {
            double[] clean = new double[64];
            double[] noisy = new double[64];
            for (int t = 0; t < clean.length; t++) {
                clean[t] = Math.sin(t / (3.0 + i)) + i;
                noisy[t] =
                        clean[t] + 0.35 * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5) * 2;
            }
            write(data.resolve("noisy/" + i + ".npy"), noisy, ElementType.FLOAT32, Grid.UNKNOWN, 64);
            write(data.resolve("clean/" + i + ".npy"), clean, ElementType.FLOAT32, Grid.UNKNOWN, 64);
        }
        return data;
    }

    /** Scans with thick slices, whose masks are whole numbers stored as real ones. */
    private Path scans() throws IOException {
        Path data = folder.resolve("scans");
        for (int i = 0; i < 5; i++) {
            double[] scan = new double[6 * 20 * 18];
            double[] mask = new double[scan.length];
            for (int p = 0; p < scan.length; p++) {
                mask[p] = p % 18 > 5 + i ? 1 : 0;
                scan[p] = mask[p] + random.nextDouble();
            }
            Grid grid = new Grid(null, List.of(4.0, 1.0, 1.0), "SAR");
            write(data.resolve("images/" + i + ".nii"), scan, ElementType.FLOAT32, grid, 6, 20, 18);
            write(data.resolve("masks/" + i + ".nii"), mask, ElementType.FLOAT32, grid, 6, 20, 18);
        }
        return data;
    }

    @Test
    void whatIsChosenTrainsAgainFromItsFileOfOptions() throws IOException {
        Path data = signals();
        assertEquals(0, train("auto", data, "a", "--steps", "6", "--channel", "4", "--seed", "5"), () -> err);
        JsonNode config = config("a");
        assertEquals("conv.unet1d", config.path("model").asText());
        assertEquals("denoising", config.path("task").asText(), config.toString());
        assertEquals("sample", config.path("normalize").asText());
        assertEquals("64", config.path("patch").asText());
        assertEquals(4, config.path("channel").asInt());
        assertEquals("mse", config.path("loss").asText());
        for (String said :
                List.of("with noise, ", "channel        4: as given", "layers         2,2,2,2: 4 halvings")) {
            assertTrue(err.contains(said), said + " is not in " + err);
        }

        assertEquals(
                0, train(null, null, "b", "--config", file("a", "config.json").toString()), () -> err);
        assertFalse(err.contains("as given"), err);
        assertEquals(losses("a"), losses("b"));
        assertEquals(config, config("b"));

        // looking only comes to the same
        assertEquals(
                0, train("AUTO", data, "c", "--steps", "6", "--channel", "4", "--seed", "5", "--dry-run"), () -> err);
        assertEquals(config, config("c"));
        assertEquals(
                List.of("config.json"),
                Arrays.asList(file("c", ".").toFile().list()).stream()
                        .filter(name -> !name.startsWith("."))
                        .toList());
    }

    @Test
    void thickSlicesGetStridesAndKernelsOfTheirOwn() throws IOException {
        Path data = scans();
        assertEquals(0, train("auto", data, "s", "--steps", "2"), () -> err);
        JsonNode config = config("s");
        assertEquals("nnunet.plain3d", config.path("model").asText());
        assertEquals("segmentation", config.path("task").asText());
        assertEquals("6,20,16", config.path("patch").asText(), "divisible by the strides");
        assertEquals("[[1,1,1],[1,2,2],[1,2,2]]", config.path("strides").toString());
        assertEquals("[[1,3,3],[1,3,3],[3,3,3]]", config.path("kernels").toString());
        assertEquals("gain,noise,scale,sides", sorted(config.path("augment").asText()));
        // what goes with other networks only decides for these
        assertEquals(0, train("auto", data, "t", "--steps", "2", "--channel", "4", "--dry-run"), () -> err);
        assertEquals("conv.unet3d", config("t").path("model").asText());
        assertEquals("[1,3,3]", config("t").path("kernel_size").toString());
        // and a given size is kept
        assertEquals(0, train("auto", data, "u", "--steps", "1", "--patch", "6,18,18"), () -> err);
        assertEquals("6,18,18", config("u").path("patch").asText());
        assertEquals("[[1,1,1],[1,2,2]]", config("u").path("strides").toString());
    }

    private static String sorted(String list) {
        return String.join(",", Arrays.stream(list.split(",")).sorted().toList());
    }

    @Test
    void dataThatComeAlongKeepWhatTheyHave() throws IOException {
        assertEquals(0, train("auto", Path.of("digits"), "d", "--steps", "1", "--dry-run"), () -> err);
        ObjectNode config = (ObjectNode) config("d");
        assertEquals("resnet.encoder2d", config.path("model").asText());
        assertFalse(config.has("patch") || config.has("augment") || config.has("minutes"), config.toString());
    }

    @Test
    void whatHasNoEffectIsRefused() {
        Path digits = Path.of("digits");
        assertEquals(2, train("resnet.encoder2d", digits, "x", "--dimensions", "2"));
        assertTrue(err.contains("--dimensions: 2; leave it out: resnet.encoder2d says it"), err);
        assertEquals(2, train("auto", digits, "x", "--dry-run", "--find-lr"));
        assertTrue(err.contains("--dry-run: has no effect with --find-lr"), err);
        assertEquals(2, train("auto", digits, "x", "--features", "8,16"));
        assertTrue(err.contains("--features"), err);
        assertFalse(Files.exists(folder.resolve("runs/x")));
    }
}
