package io.mdnc4j.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.task.Denoising;
import io.mdnc4j.training.task.TrainingData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may write to a run's folder, and what a run can be continued from. */
class RunFolderTest {
    private static final TrainingObserver NOBODY = new TrainingObserver() {};
    private static final Map<String, Object> OPTIONS = Map.of("model", "small", "channel", 4, "layers", List.of(1, 2));

    private static TrainingData data;

    @TempDir
    Path output;

    @BeforeAll
    static void makeData() {
        double[] samples =
                IntStream.range(0, 3000).mapToDouble(i -> Math.sin(i / 9.0)).toArray();
        data = Denoising.of(new Signal("wave", samples, 100, "V"));
    }

    /** Another process that owns a folder until it is killed. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws IOException {
            RunFolder.create(Path.of(args[0]), args[1]).writeJson(RunFolder.CONFIG, Map.of("model", "small"));
            System.out.println("mine");
            System.in.read();
        }
    }

    @Test
    void aFolderHasOneWriterUntilItsProcessIsKilled() throws Exception {
        Process other = owner();
        Path folder = output.resolve("run");
        try (BufferedReader out = other.inputReader()) {
            assertEquals("mine", out.readLine());
            Path writing = Files.createFile(folder.resolve(".checkpoint.zip.1.tmp"));
            ArgumentException e = assertThrows(ArgumentException.class, () -> RunFolder.existing(folder));
            assertEquals("resume", e.argument());
            assertTrue(e.getMessage().contains("process " + other.pid()), e.getMessage());
            assertThrows(ArgumentException.class, () -> RunFolder.create(output, "run"));
            assertTrue(Files.exists(writing), "what the other is writing stays");
            assertEquals(folder.resolve(RunFolder.CONFIG), RunFolder.config(folder));
            other.destroyForcibly().waitFor();
            RunFolder.existing(folder).close();
            assertFalse(Files.exists(writing));
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aFolderHasOneWriterInAProcess() throws IOException {
        RunFolder first = RunFolder.create(output, "run");
        assertThrows(ArgumentException.class, () -> RunFolder.create(output, "run"));
        first.writeJson(RunFolder.CONFIG, Map.of());
        assertThrows(ArgumentException.class, () -> RunFolder.existing(first.path()));
        first.close();
        first.close();
        try (RunFolder second = RunFolder.existing(first.path())) {
            assertThrows(ArgumentException.class, () -> RunFolder.existing(second.path()));
        }
    }

    /** Closing a file anywhere in a process ends the process's locks on it. */
    @Test
    void aRefusalInThisProcessLeavesTheFolderLockedForOthers() throws Exception {
        try (RunFolder first = RunFolder.create(output, "run")) {
            assertThrows(ArgumentException.class, () -> RunFolder.create(output, "run"));
            Process other = owner();
            try (BufferedReader out = other.inputReader()) {
                assertNull(out.readLine());
                assertEquals(1, other.waitFor());
            } finally {
                other.destroyForcibly();
            }
            assertFalse(first.has(RunFolder.CONFIG));
        }
        Process other = owner();
        try (BufferedReader out = other.inputReader()) {
            assertEquals("mine", out.readLine());
        } finally {
            other.destroyForcibly();
        }
    }

    private Process owner() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        output.toString(),
                        "run")
                .redirectError(output.resolve("messages.txt").toFile())
                .start();
    }

    @Test
    void aVanishedFolderIsNotCalledFull() throws IOException {
        try (RunFolder folder = RunFolder.create(output, "run")) {
            Files.delete(folder.file(FolderLock.FILE));
            Files.delete(folder.path());
            UncheckedIOException e =
                    assertThrows(UncheckedIOException.class, () -> folder.writeJson("metrics.json", Map.of()));
            assertTrue(e.getMessage().contains("is gone") && !e.getMessage().contains("room"), e.getMessage());
        }
    }

    /** An empty folder of a run that was refused goes, with its lock. */
    @Test
    void refusedRunsLeaveNothing() {
        RunFolder folder = RunFolder.create(output, "run");
        Run run = run(folder);
        assertThrows(
                ArgumentException.class,
                () -> run.start((shape, settings, seed) -> {
                    throw new ArgumentException("channel", 0, "use at least 1");
                }));
        assertFalse(Files.exists(folder.path()));
        RunFolder.create(output, "run").close();
    }

    private Run run(RunFolder folder) {
        return new Run("small", data, folder, new FitConfiguration(256, new LearningRate(0.01), 1));
    }

    /** A run that was interrupted in its third epoch. */
    private Path interrupted() {
        try (RunFolder folder = RunFolder.create(output, "run")) {
            folder.fix(OPTIONS);
            Run run = run(folder);
            run.start(SmallGraph::create);
            int perEpoch = data.training(256, 1).batchesPerEpoch();
            AtomicInteger steps = new AtomicInteger();
            assertTrue(run.run(Budget.epochs(4, perEpoch), NOBODY, () -> steps.getAndIncrement() > 2 * perEpoch)
                    .isEmpty());
            assertEquals(2, run.state().epoch());
            return folder.path();
        }
    }

    private RuntimeException refused(Path path, Map<String, ?> options) {
        try (RunFolder folder = RunFolder.existing(path)) {
            folder.fix(options);
            Run run = run(folder);
            return assertThrows(RuntimeException.class, () -> run.resume(SmallGraph::create));
        }
    }

    @Test
    void whatMustNotChangeDoesNot() {
        Path path = interrupted();
        RuntimeException e = refused(path, Map.of("model", "small", "channel", 8, "layers", List.of(1, 2)));
        assertTrue(e instanceof ArgumentException, e.toString());
        assertTrue(
                e.getMessage().startsWith("channel: 8 in ") && e.getMessage().contains("trained with 4"),
                e.getMessage());
        e = refused(path, Map.of("model", "small", "channel", 4, "layers", List.of(1, 2, 3)));
        assertTrue(e.getMessage().startsWith("layers: [1,2,3] in "), e.getMessage());
        e = refused(path, Map.of("model", "small", "channel", 4));
        assertTrue(e.getMessage().startsWith("layers: none in "), e.getMessage());
        try (RunFolder folder = RunFolder.existing(path)) {
            folder.fix(OPTIONS);
            Run run = run(folder);
            run.resume(SmallGraph::create);
            assertEquals(2, run.state().epoch());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "epoch,step,seconds,train_loss,validation_loss,learning_rate\n",
                "epoch,step,seconds,train_loss,validation_loss,learning_rate\n2,8,1,0.5,0.5,0.01\n",
                "epoch,step,seconds,train_loss,validation_loss,learning_rate\n2,8,1,0.5,0.5,0.01\n1,4,1,0.5,0.5,0.01\n",
                "epoch,step,seconds,train_loss,validation_loss,learning_rate\n1,8,1,0.5,0.5,0.01\n1,8,1,0.5,0.5,0.01\n",
                "epoch,step\n1,2\n2,4\n",
                "\0\1\2\3\n\0\1\2\n"
            })
    void noEpochIsLost(String history) throws IOException {
        Path path = interrupted();
        Files.writeString(path.resolve(RunFolder.HISTORY), history);
        RuntimeException e = refused(path, OPTIONS);
        assertTrue(e instanceof DataException, e.toString());
        assertTrue(e.getMessage().contains(RunFolder.HISTORY) && e.getMessage().contains("restore it"), e.getMessage());
        assertEquals(history, Files.readString(path.resolve(RunFolder.HISTORY)), "what is left of it stays");
    }

    @Test
    void theBestNetworkIsNotLost() throws IOException {
        Path path = interrupted();
        Files.delete(path.resolve(RunFolder.MODEL));
        RuntimeException e = refused(path, OPTIONS);
        assertTrue(e instanceof DataException && e.getMessage().contains(RunFolder.MODEL), e.toString());
    }
}
