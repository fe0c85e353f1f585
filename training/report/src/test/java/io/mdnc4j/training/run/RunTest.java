package io.mdnc4j.training.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.DivergedException;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.task.Denoising;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class RunTest {
    private static final int BATCH = 256;
    private static final Budget BUDGET = Budget.epochs(3, 4);
    private static final BooleanSupplier NEVER = () -> false;
    private static final TrainingObserver NOBODY = new TrainingObserver() {};

    @TempDir
    Path output;

    private final TrainingData data = Denoising.of(wave());

    private static Signal wave() {
        Random random = new Random(1);
        double[] samples = new double[5 * 600];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = 3 + Math.sin(i / 9.0) + 0.05 * random.nextGaussian();
        }
        return new Signal("wave", samples, 100, "V");
    }

    private Run run(RunFolder folder, double learningRate) {
        return run(folder, new FitConfiguration(BATCH, new LearningRate(learningRate), 1));
    }

    private Run run(RunFolder folder, FitConfiguration settings) {
        return new Run("small", data, folder, settings);
    }

    @Test
    void leavesEverythingInTheFolder() throws IOException {
        RunFolder folder = RunFolder.create(output, "whole");
        Run run = run(folder, 0.01);
        run.start(SmallGraph::create);
        Results result = run.run(BUDGET, NOBODY, NEVER).orElseThrow();
        assertEquals(
                result.network().metrics().get("snr_db"),
                folder.readJson(RunFolder.METRICS).get("test_snr_db").asDouble());
        assertEquals(12, folder.readJson(RunFolder.METRICS).get("steps").asInt());
        List<String> history = Files.readAllLines(folder.file(RunFolder.HISTORY));
        assertTrue(history.get(0).startsWith("epoch,step,seconds,train_loss,validation_loss"), history.get(0));
        assertEquals(4, history.size());
        assertEquals(
                run.graph().params(),
                ModelFiles.read(folder.file(RunFolder.MODEL)).params());
        assertEquals(
                1000, ImageIO.read(folder.file(RunFolder.LOSS_PLOT).toFile()).getWidth());
        assertEquals(
                860, ImageIO.read(folder.file(RunFolder.SAMPLES_PLOT).toFile()).getWidth());
        try (var files = Files.list(folder.path())) {
            assertEquals(
                    0, files.filter(file -> file.toString().endsWith(".tmp")).count());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.9})
    void continuesAsIfUnbroken(double averaging) {
        FitConfiguration settings = new FitConfiguration(BATCH, new LearningRate(0.01), 1).withAveraging(averaging);
        RunFolder unbroken = RunFolder.create(output, "unbroken");
        Run whole = run(unbroken, settings);
        whole.start(SmallGraph::create);
        whole.run(BUDGET, NOBODY, NEVER);

        RunFolder broken = RunFolder.create(output, "broken");
        Run first = run(broken, settings);
        first.start(SmallGraph::create);
        AtomicInteger steps = new AtomicInteger();
        assertTrue(first.run(BUDGET, NOBODY, () -> steps.getAndIncrement() == 6).isEmpty());
        assertEquals(6, first.state().step());
        broken.close();

        Run second = run(RunFolder.existing(broken.path()), settings);
        second.resume(SmallGraph::create);
        assertEquals(6, second.state().step());
        assertTrue(second.run(BUDGET, NOBODY, NEVER).isPresent());
        assertEquals(12, second.state().step());
        assertArrayEquals(
                whole.graph().params().toFloatVector(), second.graph().params().toFloatVector());
    }

    private static InPlaceComputationGraph own(
            long[] shape, Consumer<NeuralNetConfiguration.Builder> settings, long seed) {
        return (InPlaceComputationGraph) NetworkModel.builder("conv.unet1d")
                .inputShape(Arrays.stream(shape).mapToInt(Math::toIntExact).toArray())
                .channel(16)
                .layers(1, 1)
                .updater(new Sgd(0.1))
                .seed(seed)
                .task(Task.REGRESSION)
                .build()
                .init();
    }

    /** With ways of convolutions that the rules would not choose, on a processor that has others. */
    @Tag("long")
    @Test
    void continuesInTheWaysThatItBeganWith() {
        FitConfiguration settings = new FitConfiguration(16, new LearningRate(0.01), 1);
        Map<String, String> choices = new TreeMap<>();
        own(data.inputShape(), settings, 1)
                .tuneKernels(16, 1, 512)
                .keySet()
                .forEach(key -> choices.put(key, "blocked"));
        Budget budget = Budget.steps(4);

        Run whole = run(RunFolder.create(output, "unbroken"), settings);
        whole.kernels(choices);
        whole.start(RunTest::own);
        whole.run(budget, NOBODY, NEVER);
        RunFolder begun = RunFolder.create(output, "broken");
        Run first = run(begun, settings);
        first.kernels(choices);
        first.start(RunTest::own);
        AtomicInteger steps = new AtomicInteger();
        assertTrue(first.run(budget, NOBODY, () -> steps.getAndIncrement() == 2).isEmpty());
        begun.close();

        RunFolder again = RunFolder.existing(begun.path());
        assertEquals(choices, again.latestKernels());
        assertTrue(choices.size() > 6, choices.toString());
        Run second = run(again, settings); // which does not know them
        second.resume(RunTest::own);
        second.run(budget, NOBODY, NEVER);
        assertArrayEquals(
                whole.graph().params().toFloatVector(), second.graph().params().toFloatVector());
        // those of gradients are told after a step
        second.graph().fit(new DataSet(Nd4j.ones(16, 1, 512), Nd4j.ones(16, 1, 512)));
        String kernels =
                ((InPlaceComputationGraph) second.graph()).layerKernels().toString();
        assertTrue(kernels.contains("blocked"), kernels);
    }

    @Test
    void stopsWhereTheLossIsNotFinite() {
        RunFolder folder = RunFolder.create(output, "diverged");
        Run run = run(folder, 1e30);
        run.start(SmallGraph::create);
        DivergedException e = assertThrows(DivergedException.class, () -> run.run(Budget.steps(50), NOBODY, NEVER));
        assertTrue(
                e.getMessage().contains("lower learning rate") && e.getMessage().contains("after step"),
                e.getMessage());
        assertArrayEquals(
                new long[] {BATCH, 1, 512},
                Nd4j.createFromNpyFile(folder.file(RunFolder.DIVERGED_FEATURES).toFile())
                        .shape());
        assertTrue(Files.exists(folder.file(RunFolder.DIVERGED_LABELS)));
    }

    @Tag("long")
    @Test
    void minutesAreKept() {
        Run run = run(RunFolder.create(output, "timed"), 0.01);
        run.start(SmallGraph::create);
        run.run(Budget.minutes(2 / 60.0), NOBODY, NEVER);
        assertTrue(run.state().seconds() < 4, run.state().toString());
        assertTrue(run.state().step() > 0);
    }

    @Test
    void refusesFoldersInUse() throws IOException {
        RunFolder folder = RunFolder.create(output, "used");
        Files.writeString(folder.file("notes.txt"), "mine");
        assertThrows(ArgumentException.class, () -> RunFolder.create(output, "used"));
        assertThrows(ArgumentException.class, () -> RunFolder.create(output, "../up"));
        assertThrows(ArgumentException.class, () -> RunFolder.create(folder.file("notes.txt"), "in-a-file"));
        assertThrows(ArgumentException.class, () -> RunFolder.existing(folder.path()));
    }

    /** What a process leaves that is killed before it has written its first file. */
    @Test
    void temporaryFilesAloneAreNoRun() throws IOException {
        Path folder = Files.createDirectory(output.resolve("begun"));
        Files.writeString(folder.resolve(".config.json.1.tmp"), "{");
        assertThrows(ArgumentException.class, () -> RunFolder.existing(folder));
        RunFolder.create(output, "begun").close();
        try (var files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve(FolderLock.FILE)), files.toList());
        }
    }

    @Test
    void failedWritesLeaveTheOldFile() throws IOException {
        Path file = Files.writeString(output.resolve("kept.txt"), "old");
        assertThrows(
                IOException.class,
                () -> AtomicFile.write(file, temporary -> {
                    Files.writeString(temporary, "half of the n");
                    throw new IOException("no space left");
                }));
        assertEquals("old", Files.readString(file));
        try (var files = Files.list(output)) {
            assertEquals(1, files.count());
        }
    }
}
