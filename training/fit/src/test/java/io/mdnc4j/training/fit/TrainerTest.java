package io.mdnc4j.training.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.training.data.IteratorBatches;
import io.mdnc4j.training.data.SampledBatches;
import io.mdnc4j.training.data.Sampler;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.training.task.Encoding;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class TrainerTest {
    private static final int EXAMPLES = 22;
    private static final Encoding ENCODING =
            new Encoding(Task.REGRESSION, new ModelDescription(null, null, null, null, null, null, null, null, null));

    @TempDir
    Path folder;

    private final Examples examples = Examples.of(waves());

    private static List<Example> waves() {
        List<Example> waves = new ArrayList<>();
        for (int n = 0; n < EXAMPLES; n++) {
            float[] values = new float[32];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin((n + 3) * i / 7.0);
            }
            INDArray wave = Nd4j.createFromArray(values).reshape('c', 1, 32);
            waves.add(new Example("wave " + n, wave, wave.mul(wave)));
        }
        return waves;
    }

    private EpochIterator batches(int batch) {
        return SampledBatches.shuffled(Sampler.of(examples), ENCODING, batch, 5);
    }

    @Test
    void anyNumberOfBatchesAStep() {
        assertEquals(3, settings(8, 2, "adam", 0, 0).stepsOf(5));
        assertEquals(1, settings(8, Integer.MAX_VALUE, "adam", 0, 0).stepsOf(5));
        int most = Math.max(1 << 16, examples.size());
        assertEquals(1, batches(most).batchesPerEpoch());
        for (int batch : new int[] {0, -1, most + 1, Integer.MAX_VALUE}) {
            assertThrows(ArgumentException.class, () -> batches(batch));
            assertThrows(ArgumentException.class, () -> validation(batch));
        }
    }

    private EpochIterator validation(int batch) {
        return SampledBatches.ordered(Sampler.of(examples), ENCODING, batch);
    }

    private static FitConfiguration settings(int batch, int accumulate, String updater, double clipNorm, int patience) {
        return new FitConfiguration(
                batch,
                accumulate,
                new LearningRate(0.01, Schedule.ONE_CYCLE, 0.1),
                updater,
                Updaters.parse(updater).weightDecay(),
                clipNorm,
                0,
                patience,
                0,
                3);
    }

    private static ComputationGraph network(FitConfiguration settings) {
        return NetworkModel.builder("resnet.unet1d")
                .inputShape(1, 32)
                .channel(4)
                .layers(1, 1)
                .seed(1)
                .configuration(settings)
                .build()
                .init();
    }

    private Trainer trainer(ComputationGraph graph, Budget budget, FitConfiguration settings) {
        return new Trainer(graph, batches(settings.batch()), validation(settings.batch()), budget, settings);
    }

    /** Six batches an epoch: the break is in the middle of the second epoch. */
    @ParameterizedTest
    @ValueSource(strings = {"adam", "sgd"})
    void brokenAndUnbrokenTrainingsAreBitEqual(String updater) throws IOException {
        continues(updater);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"adamw", "amsgrad", "nadam", "nesterovs", "rmsprop"})
    void brokenAndUnbrokenTrainingsOfOtherUpdatersAreBitEqual(String updater) throws IOException {
        continues(updater);
    }

    private void continues(String updater) throws IOException {
        for (int accumulate : new int[] {1, 4}) {
            // an average beside the accumulated ones
            FitConfiguration settings = settings(4, accumulate, updater, 1, 0).withAveraging(accumulate == 1 ? 0 : 0.9);
            Budget budget = Budget.steps(settings.stepsOf(6) * 3);
            ComputationGraph whole = network(settings);
            Trainer unbroken = trainer(whole, budget, settings);
            unbroken.run();

            ComputationGraph first = network(settings);
            AtomicInteger steps = new AtomicInteger();
            int breakAt = settings.stepsOf(6) + 1;
            Kept kept = new Kept();
            Trainer broken =
                    trainer(first, budget, settings).store(kept).stopWhen(() -> steps.getAndIncrement() == breakAt);
            assertEquals(Trainer.Outcome.INTERRUPTED, broken.run());

            ComputationGraph second = ModelFiles.read(folder.resolve("latest.zip"));
            Trainer rest = trainer(second, budget, settings)
                    .continueFrom(
                            broken.state(),
                            ModelFiles.read(folder.resolve("best.zip")),
                            ModelFiles.parameters(folder.resolve("latest.zip"), "average", second)
                                    .orElse(null));
            rest.run();
            assertArrayEquals(whole.params().toFloatVector(), second.params().toFloatVector(), updater);
            assertEquals(unbroken.state().bestLoss(), rest.state().bestLoss());
            assertEquals(unbroken.state().step(), rest.state().step());
        }
    }

    /** Written out from the parameters after each step. */
    @Test
    void theAveragedNetworkIsValidatedAndKept() {
        double decay = 0.5;
        FitConfiguration settings = settings(4, 1, "sgd", 0, 0).withAveraging(decay);
        ComputationGraph plain = network(settings);
        List<double[]> steps = new ArrayList<>();
        TrainingObserver keeping = new TrainingObserver() {
            @Override
            public void step(TrainingState state, double loss, double fraction) {
                steps.add(plain.params().toDoubleVector());
            }
        };
        double[] expected = plain.params().toDoubleVector();
        trainer(plain, Budget.steps(6), settings.withAveraging(0))
                .observer(keeping)
                .run();
        for (int step = 1; step <= steps.size(); step++) {
            double kept = Math.min(decay, (1.0 + step) / (10 + step));
            for (int i = 0; i < expected.length; i++) {
                expected[i] = kept * expected[i] + (1 - kept) * steps.get(step - 1)[i];
            }
        }
        ComputationGraph averaged = network(settings);
        List<EpochResult> epochs = new ArrayList<>();
        trainer(averaged, Budget.steps(6), settings)
                .observer(new TrainingObserver() {
                    @Override
                    public void epoch(EpochResult result) {
                        epochs.add(result);
                    }
                })
                .run();
        assertArrayEquals(expected, averaged.params().toDoubleVector(), 1e-6);
        assertEquals(
                DataLoss.of(averaged, validation(4)), epochs.get(0).validationLoss(), 1e-9, "of the averaged network");
    }

    /** The process ended between its last step and the validation after that. */
    @Test
    void theRateOfTheLastStepIsReportedAfterABreak() {
        FitConfiguration settings = settings(8, 1, "adam", 0, 0);
        Budget budget = Budget.steps(2);
        List<Double> rates = new ArrayList<>();
        TrainingObserver observer = new TrainingObserver() {
            @Override
            public void epoch(EpochResult result) {
                rates.add(result.learningRate());
            }
        };
        trainer(network(settings), budget, settings).observer(observer).run();
        trainer(network(settings), budget, settings)
                .observer(observer)
                .continueFrom(new TrainingState(0, 2, 2, 0.1, 1, 0, null), null)
                .run();
        assertEquals(2, rates.size());
        assertTrue(rates.get(0) > 0);
        assertEquals(rates.get(0), rates.get(1));
    }

    @Test
    void iteratorsOfDl4jTrainAndContinue() throws IOException {
        FitConfiguration settings = settings(5, 1, "adam", 0, 0);
        Budget budget = Budget.epochs(3, 5);
        List<DataSet> all = ENCODING.apply(waves()).asList();
        ComputationGraph unbroken = network(settings);
        iterating(unbroken, all, budget, settings).run();

        ComputationGraph first = network(settings);
        AtomicInteger steps = new AtomicInteger();
        Trainer broken =
                iterating(first, all, budget, settings).store(new Kept()).stopWhen(() -> steps.getAndIncrement() == 7);
        assertEquals(Trainer.Outcome.INTERRUPTED, broken.run());
        ComputationGraph second = ModelFiles.read(folder.resolve("latest.zip"));
        iterating(second, all, budget, settings)
                .continueFrom(broken.state(), ModelFiles.read(folder.resolve("best.zip")))
                .run();
        assertArrayEquals(unbroken.params().toFloatVector(), second.params().toFloatVector());
    }

    private static Trainer iterating(
            ComputationGraph graph, List<DataSet> all, Budget budget, FitConfiguration settings) {
        return new Trainer(
                graph,
                new IteratorBatches(new ListDataSetIterator<>(all, 5)),
                new IteratorBatches(new ListDataSetIterator<>(all, EXAMPLES)),
                budget,
                settings);
    }

    /** Checkpoints in files. */
    private final class Kept implements CheckpointStore {
        @Override
        public void saveLatest(ComputationGraph graph, TrainingState state, INDArray average) {
            write(graph, "latest.zip", average == null ? Map.of() : Map.of("average", average));
        }

        @Override
        public void saveBest(ComputationGraph graph) {
            write(graph, "best.zip", Map.of());
        }

        private void write(ComputationGraph graph, String name, Map<String, INDArray> parameters) {
            try {
                ModelFiles.write(graph, folder.resolve(name), Map.of(), parameters);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public String saveDiverged(List<org.nd4j.linalg.dataset.DataSet> batches) {
            return "";
        }
    }

    @Test
    void accumulatedBatchesEqualOneLargeBatch() {
        FitConfiguration large = settings(8, 1, "sgd", 0, 0);
        FitConfiguration small = settings(4, 2, "sgd", 0, 0);
        ComputationGraph one = network(large);
        ComputationGraph two = network(small);
        trainer(one, Budget.steps(2), large).run();
        trainer(two, Budget.steps(2), small).run();
        assertArrayEquals(one.params().toFloatVector(), two.params().toFloatVector(), 1e-6f);
        assertEquals(2, two.getIterationCount());
    }

    @Test
    void clippingAndDecayReachTheLayers() {
        FitConfiguration plain = settings(8, 1, "sgd", 0, 0);
        FitConfiguration clipped = settings(8, 1, "sgd", 1e-6, 0);
        ComputationGraph start = network(plain);
        ComputationGraph far = network(plain);
        ComputationGraph near = network(clipped);
        trainer(far, Budget.steps(1), plain).run();
        trainer(near, Budget.steps(1), clipped).run();
        double moved = far.params().sub(start.params()).norm2Number().doubleValue();
        double held = near.params().sub(start.params()).norm2Number().doubleValue();
        assertTrue(moved > 0 && held > 0 && held < 1e-6 && held < moved / 100, moved + " " + held);

        ComputationGraph adam = network(settings(8, 1, "adam", 0, 0));
        ComputationGraph adamW = network(settings(8, 1, "adamw", 0, 0));
        trainer(adam, Budget.steps(3), settings(8, 1, "adam", 0, 0)).run();
        trainer(adamW, Budget.steps(3), settings(8, 1, "adamw", 0, 0)).run();
        assertTrue(
                adamW.params().norm2Number().doubleValue()
                        < adam.params().norm2Number().doubleValue(),
                "weights do not decay");
    }

    @Test
    void lossesAreThoseOfTheDataAlone() {
        ComputationGraph plain = network(settings(8, 1, "sgd", 0, 0));
        ComputationGraph decaying =
                network(new FitConfiguration(8, 1, new LearningRate(0.01), "sgd", 10, 0, 0, 0, 0, 3));
        assertTrue(decaying.score(batches(8).next(), false)
                > 10 * plain.score(batches(8).next(), false));
        assertEquals(DataLoss.of(plain, validation(8)), DataLoss.of(decaying, validation(8)), 1e-5);
    }

    @Test
    void patienceEndsATrainingThatDoesNotImprove() {
        FitConfiguration settings = new FitConfiguration(8, 1, new LearningRate(1e-30), "sgd", 0, 0, 0, 2, 0, 3);
        Trainer trainer = trainer(network(settings), Budget.steps(100), settings);
        assertEquals(Trainer.Outcome.FINISHED, trainer.run());
        assertEquals(1, trainer.state().bestEpoch());
        assertEquals(3, trainer.state().epoch());
    }
}
