package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mdnc4j.training.run.RunFolder;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ModelFolds;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training processes that are killed, or cannot write, and continued. */
@Tag("long")
class KilledRunTest {
    private static final int STEPS = 30;
    private static final List<String> FILES = List.of(
            "config.json", "checkpoint.zip", "model.zip", "history.csv", "metrics.json", "samples.png", "report.html");
    private static final Set<String> TIMES = Set.of("train_seconds", "samples_per_second");
    private static final List<String> TRAIN = List.of(
            "train",
            "resnet.unet1d",
            "--data",
            "ecg",
            "--channel",
            "4",
            "--layers",
            "1,1",
            "--batch",
            "64",
            "--steps",
            String.valueOf(STEPS),
            "--save-every",
            "0",
            "--threads",
            "1");

    @TempDir
    Path output;

    @TempDir
    static Path undisturbed;

    private static Path whole;

    @BeforeAll
    static void anUndisturbedRun() {
        whole = undisturbed.resolve("whole");
        assertEquals(0, run(begin(whole)));
    }

    @Test
    void twice() throws Exception {
        killAndCompare(2, 3);
    }

    @Test
    void twentyTimes() throws Exception {
        killAndCompare(20, 4);
    }

    /**
     * Kills processes, some of which begin a run and some of which continue one, at random moments: after a random step, the last
     * one with what follows it included, or while a file is being written. Each run then ends undisturbed.
     */
    private void killAndCompare(int kills, long seed) throws Exception {
        Random random = new Random(seed);
        int killed = 0;
        for (int round = 0; killed < kills; round++) {
            Path folder = output.resolve("killed-" + round);
            boolean hit = kill(start("", begin(folder)), folder, random);
            while (hit) {
                killed++;
                requireWholeFiles(folder);
                if (killed == kills || random.nextInt(3) > 0) {
                    break;
                }
                hit = kill(start("", goOn(folder)), folder, random);
            }
            assertEquals(0, run(goOn(folder)), "round " + round);
            compare(folder);
        }
    }

    /** Runs the command, whose progress is not the test's to show. */
    private static int run(List<String> arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream nothing = new PrintStream(OutputStream.nullOutputStream())) {
            System.setOut(nothing);
            System.setErr(nothing);
            return Main.run(arguments.toArray(String[]::new));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static List<String> begin(Path folder) {
        List<String> arguments = new ArrayList<>(TRAIN);
        arguments.addAll(List.of(
                "--output",
                folder.getParent().toString(),
                "--name",
                folder.getFileName().toString()));
        return arguments;
    }

    /** What was killed before it had written its first file is begun again. */
    private static List<String> goOn(Path folder) {
        return Files.exists(folder.resolve("config.json"))
                ? List.of("train", "--resume", folder.toString())
                : begin(folder);
    }

    /** Returns whether it was killed; otherwise it ended by itself before. */
    private boolean kill(Process process, Path folder, Random random) throws Exception {
        int step = random.nextInt(STEPS + 1);
        String file = FILES.get(random.nextInt(FILES.size()));
        boolean writing = random.nextBoolean();
        int wait = random.nextInt(20);
        while (process.isAlive() && !(writing ? isBeingWritten(folder, file) : step(folder) >= step)) {
            // at what a step or a file takes, a longer sleep would miss it
            Thread.sleep(0, 100_000);
        }
        if (!writing) {
            Thread.sleep(wait);
        }
        process.destroyForcibly();
        int code = process.waitFor();
        assertTrue(code == 0 || code == KilledCommand.KILLED, () -> "exit code " + code + ": " + log());
        return code == KilledCommand.KILLED;
    }

    private static boolean isBeingWritten(Path folder, String file) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "." + file + ".*.tmp")) {
            return files.iterator().hasNext();
        }
    }

    private String log() {
        try {
            return Files.readString(output.resolve("child.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last step that a run has saved, -1 before the first. */
    private static int step(Path folder) throws IOException {
        Path checkpoint = folder.resolve(RunFolder.CHECKPOINT);
        return Files.exists(checkpoint)
                ? new ObjectMapper()
                        .readTree(ModelFiles.readNote(checkpoint, "training"))
                        .get("step")
                        .asInt()
                : -1;
    }

    private void compare(Path folder) throws IOException {
        for (String file : List.of("model.zip", "checkpoint.zip")) {
            ComputationGraph expected = ModelFiles.read(whole.resolve(file));
            ComputationGraph found = ModelFiles.read(folder.resolve(file));
            assertArrayEquals(expected.params().toFloatVector(), found.params().toFloatVector(), file);
            assertArrayEquals(
                    expected.updaterState().toFloatVector(),
                    found.updaterState().toFloatVector(),
                    file);
        }
        assertEquals(losses(whole), losses(folder));
        assertEquals(metrics(whole), metrics(folder));
        assertEquals(names(whole), names(folder));
        requireWholeFiles(folder);
    }

    /** All but times. */
    private static Map<String, JsonNode> metrics(Path folder) throws IOException {
        Map<String, JsonNode> metrics = new TreeMap<>();
        new ObjectMapper()
                .readTree(folder.resolve("metrics.json").toFile())
                .properties()
                .forEach(entry -> metrics.put(entry.getKey(), entry.getValue()));
        assertTrue(metrics.keySet().containsAll(TIMES), metrics::toString);
        metrics.keySet().removeAll(TIMES);
        return metrics;
    }

    /** Of a run that has ended, and so none of temporary files. */
    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<String> losses(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("history.csv")).stream()
                .map(line -> line.replaceFirst("^([^,]*,[^,]*),[^,]*", "$1"))
                .toList();
    }

    private static void requireWholeFiles(Path folder) throws IOException {
        for (String file : List.of("model.zip", "checkpoint.zip")) {
            if (Files.exists(folder.resolve(file))) {
                assertTrue(ModelFiles.read(folder.resolve(file)).numParams() > 0);
            }
        }
        for (String file : List.of("config.json", "metrics.json")) {
            if (Files.exists(folder.resolve(file))) {
                assertTrue(new ObjectMapper()
                        .readTree(folder.resolve(file).toFile())
                        .isObject());
            }
        }
        for (String file : List.of("loss.png", "samples.png")) {
            if (Files.exists(folder.resolve(file))) {
                assertNotNull(ImageIO.read(folder.resolve(file).toFile()), file);
            }
        }
    }

    private Process start(String limit, List<String> arguments) throws IOException {
        return KilledCommand.start(output.resolve("child.log"), limit + "exec", arguments);
    }

    /** Killed in the second of three folds, it goes on to the numbers and the networks of a run that was not. */
    @Test
    void inTheSecondFold() throws Exception {
        Path undisturbed = output.resolve("all-folds");
        assertEquals(0, run(inFolds(undisturbed)));
        Path folder = output.resolve("killed-in-fold");
        Process process = start("", inFolds(folder));
        while (process.isAlive() && step(folder.resolve("fold-2")) < 3) {
            Thread.sleep(0, 100_000);
        }
        process.destroyForcibly();
        assertEquals(KilledCommand.KILLED, process.waitFor(), this::log);
        assertTrue(Files.exists(folder.resolve("fold-1/fold.json")));
        assertTrue(!Files.exists(folder.resolve("fold-2/fold.json")), "killed too late");
        assertEquals(0, run(goOn(folder)));
        assertEquals(numbers(undisturbed), numbers(folder));
        ComputationGraph expected = ModelFiles.read(undisturbed.resolve("model.zip"));
        ComputationGraph found = ModelFiles.read(folder.resolve("model.zip"));
        assertEquals(expected.params(), found.params());
        for (String fold : List.of("2", "3")) {
            assertEquals(
                    ModelFolds.parameters(undisturbed.resolve("model.zip"), fold, expected),
                    ModelFolds.parameters(folder.resolve("model.zip"), fold, found));
        }
        assertEquals(names(undisturbed), names(folder));
    }

    private static List<String> inFolds(Path folder) {
        List<String> arguments = new ArrayList<>(begin(folder));
        arguments.set(arguments.indexOf("--steps") + 1, "10");
        arguments.addAll(List.of("--folds", "3"));
        return arguments;
    }

    /** All but times. */
    private static JsonNode numbers(Path folder) throws IOException {
        ObjectNode metrics = (ObjectNode)
                new ObjectMapper().readTree(folder.resolve("metrics.json").toFile());
        assertTrue(metrics.remove("train_seconds").asDouble() > 0);
        return metrics;
    }

    /** At every file that a run writes, and at checkpoints and histories that replace others. */
    @ParameterizedTest
    @CsvSource({
        "config.json, 1",
        "history.csv, 1",
        "checkpoint.zip, 1",
        "checkpoint.zip, 4",
        "history.csv, 2",
        "model.zip, 1",
        "metrics.json, 1",
        "samples.png, 1",
        "loss.png, 1",
        "report.html, 1"
    })
    void whenAFileIsToGetItsName(String file, int time) throws Exception {
        Path folder = output.resolve("killed");
        assertTrue(
                KilledCommand.killedBeforeRename(folder, file, time, output.resolve("child.log"), begin(folder)),
                this::log);
        requireWholeFiles(folder);
        assertEquals(0, run(goOn(folder)));
        compare(folder);
    }

    /**
     * No file may become larger than so many blocks of 512 bytes: less than a checkpoint has, or less than the pictures at the end.
     */
    @ParameterizedTest
    @CsvSource({"8, checkpoint.zip", "60, samples.png"})
    void aFullDiskIsSaidAndLeavesNoBrokenFile(int blocks, String file) throws Exception {
        Path folder = output.resolve("full");
        requireFull(start("ulimit -f " + blocks + "; ", begin(folder)), folder, file);
    }

    /** The limit comes when the run has checkpoints already. */
    @Test
    void aDiskThatFillsLeavesTheLastCheckpoint() throws Exception {
        Path prlimit = Path.of("/usr/bin/prlimit");
        assumeTrue(Files.isExecutable(prlimit), "needs a Linux program");
        Path folder = output.resolve("full");
        Process process = start("", begin(folder));
        while (process.isAlive() && step(folder) < 5) {
            Thread.sleep(1);
        }
        new ProcessBuilder(prlimit.toString(), "--pid", String.valueOf(process.pid()), "--fsize=4096")
                .start()
                .waitFor();
        requireFull(process, folder, "");
    }

    private void requireFull(Process process, Path folder, String file) throws Exception {
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        assertEquals(1, process.exitValue(), log());
        assertTrue(log().contains(file + ": cannot be written") && log().contains("make room"), log());
        requireWholeFiles(folder);
        assertEquals(0, run(List.of("train", "--resume", folder.toString())));
        compare(folder);
    }
}
