package io.mdnc4j.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.DivergedException;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.task.DataFolds;
import io.mdnc4j.training.task.Denoising;
import io.mdnc4j.training.task.Supervision;
import io.mdnc4j.zoo.ConvUNet;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class CrossValidationTest {
    private static final Budget BUDGET = Budget.steps(3);
    private static final TrainingObserver NOBODY = new TrainingObserver() {};

    @TempDir
    Path output;

    private final DataFolds data = Denoising.folds(wave(), Supervision.CLEAN, 3);

    private static Signal wave() {
        Random random = new Random(1);
        double[] samples = new double[10 * Denoising.LENGTH + 7];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = 3 + Math.sin(i / 9.0) + 0.05 * random.nextGaussian();
        }
        return new Signal("wave", samples, 100, "V");
    }

    private CrossValidation validation(RunFolder folder, double rate) {
        return new CrossValidation("small", data, folder, new FitConfiguration(16, new LearningRate(rate), 1));
    }

    /** Trains until it is asked to stop before a step, counted over all folds. */
    private Optional<Results> run(RunFolder folder, Budget budget, int stop, Set<Integer> trained) {
        CrossValidation validation = validation(folder, 0.01);
        validation.check(SmallGraph::create);
        folder.writeJson(RunFolder.CONFIG, java.util.Map.of("model", "small"));
        AtomicInteger steps = new AtomicInteger();
        return validation.run(SmallGraph::create, fresh -> budget, (fold, fresh, run, limit) -> {
            trained.add(fold);
            return run.train(limit, NOBODY, () -> steps.getAndIncrement() == stop);
        });
    }

    private static ObjectNode numbers(RunFolder folder) {
        ObjectNode metrics = folder.readJson(RunFolder.METRICS).deepCopy();
        assertTrue(metrics.remove("train_seconds").asDouble() > 0);
        return metrics;
    }

    @Test
    void everyExampleIsTestedOnceAndNeverTrainedOn() {
        Set<String> tested = new HashSet<>();
        for (int fold = 0; fold < 3; fold++) {
            for (int i = 0; i < data.get(fold).test().size(); i++) {
                assertTrue(tested.add(data.get(fold).test().get(i).name()));
            }
            for (int i = 0; i < data.get(fold).validation().size(); i++) {
                Example validating = data.get(fold).validation().get(i);
                for (int j = 0; j < data.get(fold).test().size(); j++) {
                    assertNotEquals(
                            validating.name(), data.get(fold).test().get(j).name());
                }
            }
        }
        assertEquals(10, tested.size());
    }

    /** Stopped in the second fold and going on, it has the numbers and the model of one that was not. */
    @Test
    void goesOnWhereItWasStopped() throws IOException {
        RunFolder whole = RunFolder.create(output, "whole");
        Results results = run(whole, BUDGET, -1, new HashSet<>()).orElseThrow();
        assertEquals(10, results.network().size());
        JsonNode metrics = whole.readJson(RunFolder.METRICS);
        assertEquals(
                results.network().metrics().get("snr_db"),
                metrics.get("test_snr_db").asDouble());
        assertTrue(metrics.has("test_snr_db_ci95") && metrics.has("filter_snr_db"));
        assertEquals(3, metrics.get("fold_results").size());
        assertEquals(9, metrics.get("steps").asInt());
        String report = Files.readString(whole.file(RunFolder.REPORT));
        assertTrue(report.contains("Training of fold 3") && report.contains("10 examples"));

        requireMeanOfFolds(whole);

        RunFolder broken = RunFolder.create(output, "broken");
        Set<Integer> trained = new HashSet<>();
        assertTrue(run(broken, BUDGET, 4, trained).isEmpty());
        assertEquals(Set.of(0, 1), trained);
        assertFalse(broken.has(RunFolder.MODEL));
        broken.close();
        String one = assertThrows(ArgumentException.class, () -> RunFolder.existing(broken.file("fold-2")))
                .getMessage();
        assertTrue(one.contains("one fold") && one.contains("broken,"), one);
        trained.clear();
        try (RunFolder again = RunFolder.existing(broken.path())) {
            assertTrue(run(again, BUDGET, -1, trained).isPresent());
            assertEquals(Set.of(1, 2), trained);
            assertEquals(numbers(whole), numbers(again));
            assertEquals(
                    ModelFiles.read(whole.file(RunFolder.MODEL)).params(),
                    ModelFiles.read(again.file(RunFolder.MODEL)).params());
        }

        // nothing is left to train; with a larger budget all folds are
        trained.clear();
        try (RunFolder again = RunFolder.existing(broken.path())) {
            run(again, BUDGET, -1, trained);
            assertEquals(Set.of(), trained);
            assertEquals(numbers(whole), numbers(again));
            run(again, Budget.steps(4), -1, trained);
            assertEquals(Set.of(0, 1, 2), trained);
            assertEquals(12, numbers(again).get("steps").asInt());
            String message = assertThrows(
                            ArgumentException.class,
                            () -> validation(again, 0.02).check(SmallGraph::create))
                    .getMessage();
            assertTrue(message.contains("fold 1"), message);
        }
    }

    /** The one model answers with the mean of those of the folds. */
    private void requireMeanOfFolds(RunFolder folder) throws IOException {
        INDArray input = data.get(0).test().get(0).input();
        INDArray mean = null;
        for (int fold = 1; fold <= 3; fold++) {
            try (Predictor predictor = Predictor.read(folder.file("fold-" + fold + "/model.zip"))) {
                INDArray answer = predictor.predict(input);
                mean = mean == null ? answer : mean.addi(answer);
            }
        }
        try (Predictor predictor = Predictor.read(folder.path())) {
            assertTrue(mean.divi(3).equalsWithEps(predictor.predict(input), 1e-5));
            assertEquals("3", predictor.description().properties().get("folds"));
        }
    }

    /** Of blind spots the validation part is measured otherwise than the test part, which is clean. */
    @Test
    void eachPartIsPooledByItsOwnMeasures() {
        DataFolds blind = Denoising.folds(wave(), Supervision.BLIND_SPOTS, 2);
        RunFolder folder = RunFolder.create(output, "blind");
        CrossValidation validation =
                new CrossValidation("small", blind, folder, new FitConfiguration(16, new LearningRate(0.01), 1));
        ModelFactory network = (shape, settings, seed) -> ConvUNet.builder()
                .inputShape(1, Denoising.LENGTH)
                .channel(2)
                .layers(1, 1)
                .outPlanes(1)
                .task(Task.DENOISING)
                .lossFunction(blind.get(0).lossFunction(Losses.MSE))
                .configuration(settings)
                .seed(seed)
                .build()
                .init();
        Results results = validation
                .run(
                        network,
                        fresh -> Budget.steps(1),
                        (fold, fresh, run, limit) -> run.train(limit, NOBODY, () -> false))
                .orElseThrow();
        assertEquals(
                Set.of("noisy_rmse", "noisy_mae"),
                results.validation().metrics().keySet());
        assertEquals("snr_db", results.leading());
    }

    /** A fold that diverges ends the run; those before it keep what they have. */
    @Test
    void aFoldThatDiverges() {
        RunFolder folder = RunFolder.create(output, "diverging");
        CrossValidation validation =
                new CrossValidation("small", data, folder, new FitConfiguration(16, new LearningRate(0.01), 1));
        AtomicInteger folds = new AtomicInteger();
        assertThrows(
                DivergedException.class,
                () -> validation.run(SmallGraph::create, fresh -> BUDGET, (fold, fresh, run, limit) -> {
                    if (folds.getAndIncrement() == 1) {
                        run.graph().params().putScalar(0, Double.NaN);
                    }
                    return run.train(limit, NOBODY, () -> false);
                }));
        assertEquals(2, folds.get());
        assertTrue(Files.exists(folder.file("fold-1/fold.json")) && !Files.exists(folder.file("fold-2/fold.json")));
        assertFalse(folder.has(RunFolder.MODEL));
    }

    @Test
    void aNetworkThatDoesNotSuitLeavesNoFolder() {
        RunFolder folder = RunFolder.create(output, "unsuited");
        assertThrows(
                IllegalStateException.class,
                () -> validation(folder, 0.01).check((shape, settings, seed) -> {
                    throw new IllegalStateException("as if");
                }));
        assertFalse(Files.exists(folder.path()));
    }
}
