package io.mdnc4j.training.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.task.Denoising;
import io.mdnc4j.training.task.Supervision;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.ConvUNet;
import io.mdnc4j.zoo.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("long")
class WithoutCleanDataTest {
    private static final int BATCH = 16;
    private static final Budget BUDGET = Budget.steps(40);
    private static final BooleanSupplier NEVER = () -> false;
    private static final TrainingObserver NOBODY = new TrainingObserver() {};

    @TempDir
    Path output;

    private static Signal wave() {
        double[] samples = IntStream.range(0, 5 * 700)
                .mapToDouble(i -> Math.sin(i / 9.0) + Math.sin(i / 31.0))
                .toArray();
        return new Signal("wave", samples, 100, "V");
    }

    private static ModelFactory network(TrainingData data) {
        return (shape, settings, seed) -> ConvUNet.builder()
                .inputShape(1, Denoising.LENGTH)
                .channel(6)
                .layers(1, 1)
                .outPlanes(1)
                .kernelSize(5)
                .task(Task.DENOISING)
                .lossFunction(data.lossFunction(Losses.MSE))
                .configuration(settings)
                .seed(seed)
                .build()
                .init();
    }

    @ParameterizedTest
    @EnumSource(value = Supervision.class, names = "CLEAN", mode = EnumSource.Mode.EXCLUDE)
    void noiseIsTakenOutAndRunsContinue(Supervision supervision) throws Exception {
        TrainingData data = Denoising.of(wave(), supervision);
        FitConfiguration settings = new FitConfiguration(BATCH, new LearningRate(0.01), 1);
        RunFolder unbroken = RunFolder.create(output, "unbroken");
        Run whole = new Run("small", data, unbroken, settings);
        whole.start(network(data));
        Results results = whole.run(BUDGET, NOBODY, NEVER).orElseThrow();
        Map<String, Object> metrics = results.metrics();
        double noisy = (Double) metrics.get("noisy_snr_db");
        assertEquals(6, noisy, 1);
        assertTrue((Double) metrics.get("test_snr_db") > noisy + 3, metrics.toString());
        assertTrue(metrics.containsKey("validation_noisy_rmse"), metrics.toString());
        assertTrue(Files.readString(unbroken.file(RunFolder.REPORT))
                .contains(
                        supervision == Supervision.BLIND_SPOTS
                                ? "errors are those at blind spots"
                                : "noisy: errors have the targets"));
        if (supervision == Supervision.BLIND_SPOTS) {
            requireContinues(data, settings, whole);
        }
    }

    private void requireContinues(TrainingData data, FitConfiguration settings, Run whole) {
        RunFolder broken = RunFolder.create(output, "broken");
        Run first = new Run("small", data, broken, settings);
        first.start(network(data));
        AtomicInteger steps = new AtomicInteger();
        assertTrue(
                first.run(BUDGET, NOBODY, () -> steps.getAndIncrement() == 25).isEmpty());
        broken.close();
        Run second = new Run("small", data, RunFolder.existing(broken.path()), settings);
        second.resume(network(data));
        assertTrue(second.run(BUDGET, NOBODY, NEVER).isPresent());
        assertArrayEquals(
                whole.graph().params().toFloatVector(), second.graph().params().toFloatVector());
    }
}
