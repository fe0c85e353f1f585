package io.mdnc4j.training.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.training.cli.Main;
import io.mdnc4j.zoo.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training processes that are killed, or cannot write, and continued. */
class KilledRunTest {
    private static final int STEPS = 30;
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
            "256",
            "--steps",
            String.valueOf(STEPS),
            "--save-every",
            "0",
            "--threads",
            "1");

    @TempDir
    Path output;

    private Path whole;

    @BeforeEach
    void anUndisturbedRun() {
        whole = output.resolve("whole");
        List<String> arguments = new ArrayList<>(TRAIN);
        arguments.addAll(List.of("--output", output.toString(), "--name", "whole"));
        assertEquals(0, Main.run(arguments.toArray(String[]::new)));
    }

    @Test
    void twice() throws Exception {
        killAndCompare(2, 3);
    }

    @Test
    @Tag("long")
    void twentyTimes() throws Exception {
        killAndCompare(20, 4);
    }

    /** Each round kills a run in the middle of something after a random step, and lets it end. */
    private void killAndCompare(int rounds, long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            Path folder = output.resolve("killed-" + round);
            Process process = start(
                    "",
                    "--output",
                    output.toString(),
                    "--name",
                    folder.getFileName().toString());
            int step = random.nextInt(STEPS - 2);
            while (step(folder) < step) {
                assertTrue(process.isAlive(), () -> "ended before step " + step);
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt(20));
            process.destroyForcibly().waitFor();
            requireWholeFiles(folder);
            assertEquals(0, Main.run("train", "--resume", folder.toString()), "round " + round);
            compare(folder);
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
        requireWholeFiles(folder);
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".tmp")), "temporary files are left");
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
    }

    private Process start(String limit, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                limit + "exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(TRAIN);
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.resolve("child.log").toFile())
                .start();
    }

    @Test
    void aFullDiskIsSaidAndLeavesNoBrokenFile() throws Exception {
        Path folder = output.resolve("full");
        // no file may become larger than 8 blocks of 512 bytes
        Process process = start("ulimit -f 8; ", "--output", output.toString(), "--name", "full");
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        String log = Files.readString(output.resolve("child.log"));
        assertEquals(1, process.exitValue(), log);
        assertTrue(log.contains("checkpoint.zip: cannot be written") && log.contains("make room"), log);
        requireWholeFiles(folder);
        assertEquals(0, Main.run("train", "--resume", folder.toString()));
        compare(folder);
    }
}
