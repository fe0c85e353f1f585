package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.run.RunFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of runs and searches that somebody edited, or that are being written to: one line, and nothing is touched. */
@Tag("long")
class ContinuedFoldersTest {
    private static final String TRAIN =
            "train conv.encoder2d --data digits --output RUNS --name r --channel 4 --layers 1,1 --batch 8 --steps 1";
    private static final String SEARCH =
            "search --data digits --space RUNS/given.json --candidates 1 --candidate-steps 1"
                    + " --output RUNS --name s";

    @TempDir
    Path folder;

    private String err;

    private int run(String line) {
        PrintStream oldOut = System.out;
        PrintStream oldErr = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(ByteArrayOutputStream.nullOutputStream()));
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            return Main.run(line.replace("RUNS", folder.toString()).split(" "));
        } finally {
            System.setOut(oldOut);
            System.setErr(oldErr);
            err = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private static Map<String, byte[]> contents(Path folder) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> !file.endsWith(".lock")).toList()) {
                contents.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private void requireRefused(String line, Path folder, String... words) throws IOException {
        Map<String, byte[]> before = contents(folder);
        assertEquals(2, run(line), err);
        assertEquals(1, err.strip().lines().count(), err);
        for (String word : words) {
            assertTrue(err.contains(word), err);
        }
        Map<String, byte[]> after = contents(folder);
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    }

    private static void edit(Path file, String pattern, String replacement) throws IOException {
        String text = Files.readString(file);
        String edited = text.replaceFirst(pattern, replacement);
        assertTrue(!edited.equals(text), text);
        Files.writeString(file, edited);
    }

    @Test
    void runs() throws IOException {
        assertEquals(0, run(TRAIN), err);
        Path run = folder.resolve("r");
        Path config = run.resolve(RunFolder.CONFIG);
        String good = Files.readString(config);

        edit(config, "\"channel\" : 4", "\"channel\" : 8");
        requireRefused("train --resume RUNS/r --steps 2", run, "channel", "8", "trained with 4");
        Files.writeString(config, good);
        edit(config, "\"batch\" : 8", "\"batch\" : 16");
        requireRefused("train --resume RUNS/r --steps 2", run, "batch", "16", "trained with 8");
        Files.writeString(config, good);
        edit(config, "\"seed\" : \\d+", "\"seed\" : 4711");
        requireRefused("train --resume RUNS/r --steps 2", run, "seed", "4711");
        Files.writeString(config, good);

        Path history = run.resolve("history.csv");
        String epochs = Files.readString(history);
        Files.writeString(history, "garbage\n");
        requireRefused("train --resume RUNS/r --steps 2", run, "history.csv");
        Files.writeString(history, epochs);

        try (RunFolder writing = RunFolder.existing(run)) {
            requireRefused("train --resume RUNS/r --steps 2", writing.path(), "is being written to");
            requireRefused("search --resume RUNS/r", writing.path(), "r");
        }
        // as a run before had it kept
        edit(config, "\"steps\" : 1", "\"stacktrace\" : true, \"steps\" : 2e0");
        assertEquals(0, run("train --resume RUNS/r --max-array 512"), err);
        String kept = Files.readString(config);
        assertTrue(kept.contains("\"max_array\" : 512") && !kept.contains("stacktrace"), kept);
    }

    @Test
    void newRuns() throws IOException {
        try (RunFolder other = RunFolder.create(folder, "r")) {
            requireRefused(TRAIN, other.path(), "is being written to", "process");
        }
        Files.writeString(folder.resolve("given.json"), "{}");
        try (RunFolder other = RunFolder.create(folder, "s")) {
            requireRefused(SEARCH, other.path(), "is being written to", "process");
        }
    }

    @Test
    void searches() throws IOException {
        Files.writeString(
                folder.resolve("given.json"), "{\"stages\": 2, \"depth\": 1, \"channel\": [2, 3], \"kernel_size\": 3}");
        assertEquals(0, run(SEARCH), err);
        Path search = folder.resolve("s");
        Path config = search.resolve(RunFolder.CONFIG);
        Path space = search.resolve("space.json");
        String goodConfig = Files.readString(config);
        String goodSpace = Files.readString(space);

        edit(config, "\"seed\" : \\d+", "\"seed\" : 4711");
        requireRefused("search --resume RUNS/s --candidates 2", search, "config.json", "put back");
        Files.writeString(config, goodConfig);
        edit(space, "(\"depth\" : \\[? *)1", "$12");
        requireRefused("search --resume RUNS/s --candidates 2", search, "space.json", "put back");
        Files.writeString(space, goodSpace);

        try (RunFolder writing = RunFolder.existing(search)) {
            requireRefused("search --resume RUNS/s --candidates 2", writing.path(), "is being written to");
        }
        assertEquals(0, run("search --resume RUNS/s --candidates 2"), err);
    }
}
