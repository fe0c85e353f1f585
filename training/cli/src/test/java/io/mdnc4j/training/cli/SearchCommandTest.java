package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("long")
class SearchCommandTest {
    private static final String SMALL = "{\"stages\": 2, \"depth\": 1, \"channel\": [2, 3], \"kernel_size\": 3}";

    @TempDir
    Path folder;

    private String out;
    private String err;

    private int search(String line) {
        PrintStream oldOut = System.out;
        PrintStream oldErr = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        try {
            List<String> arguments = new ArrayList<>(List.of("search"));
            arguments.addAll(List.of(line.replace("RUNS", folder.toString()).split(" ")));
            return Main.run(arguments.toArray(String[]::new));
        } finally {
            System.setOut(oldOut);
            System.setErr(oldErr);
            out = outBytes.toString(StandardCharsets.UTF_8);
            err = errBytes.toString(StandardCharsets.UTF_8);
        }
    }

    private Path space(String json) throws IOException {
        return Files.writeString(folder.resolve("space.json"), json);
    }

    @Test
    void searchesAndGoesOn() throws IOException {
        space(SMALL);
        assertEquals(
                0,
                search(
                        "--data digits --space RUNS/space.json --candidates 2 --candidate-steps 1 --output RUNS --name a"),
                err);
        assertTrue(out.startsWith("score") || out.contains(" score"), out);
        assertTrue(out.endsWith("results in " + folder.resolve("a") + System.lineSeparator()), out);
        assertEquals(2, beside(err), err);
        Path run = folder.resolve("a");
        assertEquals(3, Files.readAllLines(run.resolve("candidates.csv")).size());
        assertTrue(ModelFiles.read(run.resolve("model.zip")).numParams() > 0);
        assertNotNull(ImageIO.read(run.resolve("scores.png").toFile()));

        assertEquals(0, search("--resume RUNS/a --candidates 3"), err);
        assertEquals(1, beside(err), err);
        assertEquals(4, Files.readAllLines(run.resolve("candidates.csv")).size());

        assertEquals(2, search("--resume RUNS/a --candidate-steps 2"));
        assertTrue(err.contains("candidate-steps"), err);
        assertEquals(2, search("--resume RUNS/a --data ecg"));
        assertTrue(err.contains("has digits, not ecg"), err);
        assertEquals(2, search("--resume RUNS/a --space RUNS/space.json"));
    }

    /** Ramps that are to be turned upside down, as signals or images. */
    private Path ownData(String name, ElementType type, long... shape) throws IOException {
        Path data = folder.resolve(name);
        for (int i = 0; i < 9; i++) {
            INDArray ramp = Nd4j.linspace(i, i + 20, Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                    .castTo(DataType.FLOAT)
                    .reshape('c', shape);
            String suffix = type == ElementType.UINT8 ? ".png" : ".npy";
            for (String part : List.of("inputs", "targets")) {
                Files.createDirectories(data.resolve(part));
                ArrayFiles.write(
                        data.resolve(part).resolve(i + suffix),
                        new StoredArray(part.equals("inputs") ? ramp : ramp.rsub(30), suffix.equals(".png"), type));
            }
        }
        return data;
    }

    private JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(file).toFile());
    }

    @Test
    void searchesForOwnSignalsAndGoesOn() throws IOException {
        space(SMALL);
        Path data = ownData("own", ElementType.FLOAT32, 40);
        Files.write(data.resolve("inputs/broken.npy"), new byte[3]);
        Files.write(data.resolve("targets/broken.npy"), new byte[3]);
        assertEquals(
                0,
                search("--data " + data + " --patch 16 --task denoising --augment flip --split 0.2,0.2 --space"
                        + " RUNS/space.json --candidates 2 --candidate-steps 2 --output RUNS --name s"),
                err);
        assertTrue(err.contains("1 of 10 examples cannot be used"), err);
        ModelDescription best =
                ModelDescription.fromJson(ModelFiles.readNote(folder.resolve("s/model.zip"), ModelDescription.NOTE));
        assertEquals(List.of(1L, 16L), best.inputShape());
        assertEquals("denoising", best.task());
        assertEquals(
                ModelDescription.Normalization.By.SAMPLE, best.normalization().by());
        JsonNode config = json("s/config.json");
        assertEquals("16", config.path("patch").asText());
        assertEquals("flip", config.path("augment").asText());

        assertEquals(0, search("--resume RUNS/s --candidates 3"), err);
        assertEquals(4, Files.readAllLines(folder.resolve("s/candidates.csv")).size());
        assertEquals(config.path("data_sha256"), json("s/config.json").path("data_sha256"));
        assertEquals(2, search("--resume RUNS/s --patch 8"));
        assertTrue(err.contains("has 16, not 8"), err);
        assertEquals(2, search("--resume RUNS/s --name t"));
        assertTrue(err.contains("--name"), err);
        Files.delete(data.resolve("inputs/0.npy"));
        Files.delete(data.resolve("targets/0.npy"));
        assertEquals(2, search("--resume RUNS/s"));
        assertTrue(err.contains("data"), err);
    }

    @Test
    void searchesForOwnImagesOfAsManyAxesAsTheyHave() throws IOException {
        space(SMALL);
        Path png = ownData("png", ElementType.UINT8, 1, 16, 12);
        String more = " --space RUNS/space.json --candidates 1 --candidate-steps 1 --output RUNS --name ";
        assertEquals(0, search("--data " + png + " --task regression" + more + "i"), err);
        assertTrue(out.contains("unet") || out.contains("ae"), out);
        Path npy = ownData("npy", ElementType.FLOAT32, 16, 12);
        assertEquals(2, search("--data " + npy + more + "n"));
        assertTrue(err.contains("dimensions"), err);
        assertFalse(Files.exists(folder.resolve("n")));
        assertEquals(0, search("--data " + npy + " --dimensions 2" + more + "n"), err);
        assertEquals(
                List.of(1L, 16L, 12L),
                ModelDescription.fromJson(ModelFiles.readNote(folder.resolve("n/model.zip"), ModelDescription.NOTE))
                        .inputShape());
    }

    @Test
    void aTerminalHasOneTable() throws IOException {
        space(SMALL);
        System.setProperty(ProgressBars.COLUMNS, "60");
        try {
            assertEquals(
                    0,
                    search("--data ecg --space RUNS/space.json --candidates 2 --candidate-steps 1 --output RUNS"
                            + " --name t"),
                    err);
        } finally {
            System.clearProperty(ProgressBars.COLUMNS);
        }
        assertTrue(err.contains("\033[") && err.contains("2 of 2"), err);
        assertTrue(err.lines()
                .filter(line -> !line.startsWith("mdnc4j: "))
                .map(line -> line.replaceAll("\033\\[\\d*[A-Z]", ""))
                .allMatch(line -> line.length() < 60));
    }

    /** Lines beside those that say what was found in the data. */
    private static long beside(String err) {
        return err.strip()
                .lines()
                .filter(line -> !line.matches("mdnc4j: (examples|inputs|values|grid|task|classes) .*"))
                .count();
    }

    @Test
    void nothingFoundIsAFailedCheck() throws IOException {
        space(SMALL);
        assertEquals(
                1,
                search("--data ecg --space RUNS/space.json --candidates 2 --candidate-steps 1 --memory-limit 0.01"
                        + " --output RUNS --name n"));
        assertTrue(err.contains("refused") && err.contains("no candidate has a score"), err);
        assertFalse(Files.exists(folder.resolve("n/model.zip")));
        assertFalse(Files.exists(folder.resolve("n/scores.png")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kernel_size\": 4}|kernel_size: 4",
                "{\"kernel\": 3}|\"kernel\" is no hyperparameter",
                "{\"channel\": {\"min\": 4}}|channel: max",
                "{\"network\": \"encoder\"}|unet, ae",
                "{\"channel\": {\"min\": 4, \"max\": 8, \"scale\": null}}|channel: scale: null",
                "[1]|no JSON object",
                "{\"depth\": [}|not valid JSON"
            })
    void wrongSpacesAreOneLine(String json, String expected) throws IOException {
        space(json);
        assertEquals(2, search("--data ecg --space RUNS/space.json --output RUNS/runs"));
        assertTrue(err.startsWith("mdnc4j: ") && err.contains(expected), err);
        assertEquals(1, err.strip().lines().count(), err);
        assertFalse(Files.exists(folder.resolve("runs")));
    }

    @ParameterizedTest
    @CsvSource({
        "--data ecg --space no/such.json, no/such.json",
        "--data ecg --method best, cmaes",
        "--data ecg --candidates 0, candidates",
        "--data ecg --minutes 0, minutes",
        "--data ecg --workers 0, workers",
        "--data ecg --workers 2 --method cmaes, cmaes",
        "--data ecg --memory-limit -1, -1.0",
        "--data ecg --candidate-steps 1 --candidate-seconds 1, exclude",
        "--data ecg --candidate-steps 0, steps",
        "--data ecg --candidate-seconds 0, 0.0",
        "--data ecg --method grid --grid-points 9, combinations",
        "--data ecg --method grid --grid-points 1, at least 2",
        "--data ecg --grid-points 4, --grid-points",
        "--data ecg --patch 16, patch",
        "--data digits --dimensions 2, dimensions",
        "--data no/such/folder, no/such/folder",
        "--resume RUNS, RUNS"
    })
    void badInputIsOneLine(String line, String expected) {
        assertEquals(2, search(line + " --output RUNS/runs"));
        assertTrue(err.startsWith("mdnc4j: ") && err.contains(expected.replace("RUNS", folder.toString())), err);
        assertEquals(1, err.strip().lines().count(), err);
        assertFalse(Files.exists(folder.resolve("runs")));
    }
}
