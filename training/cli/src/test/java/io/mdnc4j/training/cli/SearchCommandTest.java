package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.zoo.ModelFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertEquals(2, err.strip().lines().count(), err);
        Path run = folder.resolve("a");
        assertEquals(3, Files.readAllLines(run.resolve("candidates.csv")).size());
        assertTrue(ModelFiles.read(run.resolve("model.zip")).numParams() > 0);

        assertEquals(0, search("--resume RUNS/a --candidates 3"), err);
        assertEquals(1, err.strip().lines().count(), err);
        assertEquals(4, Files.readAllLines(run.resolve("candidates.csv")).size());

        assertEquals(2, search("--resume RUNS/a --candidate-steps 2"));
        assertTrue(err.contains("candidate-steps"), err);
        assertEquals(2, search("--resume RUNS/a --data ecg"));
        assertTrue(err.contains("has digits, not ecg"), err);
        assertEquals(2, search("--resume RUNS/a --space RUNS/space.json"));
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
        assertTrue(
                err.lines().map(line -> line.replaceAll("\033\\[\\d*[A-Z]", "")).allMatch(line -> line.length() < 60));
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
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kernel_size\": 4}|kernel_size: 4",
                "{\"kernel\": 3}|\"kernel\" is no setting",
                "{\"channel\": {\"min\": 4}}|channel: max",
                "{\"network\": \"encoder\"}|unet, ae",
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
        "--data ecg --memory-limit -1, memory limit",
        "--data ecg --candidate-steps 1 --candidate-seconds 1, exclude",
        "--data ecg --candidate-steps 0, steps",
        "--data ecg --candidate-seconds 0, candidate seconds",
        "--data ecg --method grid --grid-points 9, combinations",
        "--data ecg --method grid --grid-points 1, grid points",
        "--resume RUNS, RUNS"
    })
    void badInputIsOneLine(String line, String expected) {
        assertEquals(2, search(line + " --output RUNS/runs"));
        assertTrue(err.startsWith("mdnc4j: ") && err.contains(expected.replace("RUNS", folder.toString())), err);
        assertEquals(1, err.strip().lines().count(), err);
        assertFalse(Files.exists(folder.resolve("runs")));
    }
}
