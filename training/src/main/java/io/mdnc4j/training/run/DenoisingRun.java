package io.mdnc4j.training.run;

import io.mdnc4j.training.data.Denoising;
import io.mdnc4j.training.data.RandomWindows;
import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.Trainer;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.fit.TrainingState;
import io.mdnc4j.training.plots.LossPlot;
import io.mdnc4j.training.plots.SamplesPlot;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.Adam;

/** Trains a network to denoise, measures it on the test windows, and leaves everything in the run's folder. */
public final class DenoisingRun {
    private final String title;
    private final Denoising task;
    private final RunFolder folder;
    private final int batch;
    private final long seed;
    private final LearningRate learningRate;

    private ComputationGraph graph;
    private TrainingState state = TrainingState.START;
    private ComputationGraph best;
    private History history;

    /**
     * @param title what the plots are headed with, such as the network's name
     * @param batch windows a step
     * @param learningRate the rate of Adam
     * @param seed of the initial parameters, the windows and the noise
     */
    public DenoisingRun(
            String title, Denoising task, RunFolder folder, int batch, LearningRate learningRate, long seed) {
        this.title = title;
        this.task = task;
        this.folder = folder;
        this.batch = batch;
        this.learningRate = learningRate;
        this.seed = seed;
    }

    /**
     * Begins with a new network.
     *
     * @throws IllegalArgumentException if it cannot take the task's windows; an empty folder is removed then
     */
    public void start(ModelFactory model) {
        try {
            graph = model.create(task.inputShape(), new Adam(learningRate.peak()), seed);
        } catch (IllegalArgumentException e) {
            folder.removeIfEmpty();
            throw e;
        }
        history = History.start(folder);
    }

    /**
     * Begins where the folder's checkpoint was saved.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public void resume() {
        graph = folder.latest();
        state = folder.latestState();
        best = folder.best();
        history = History.resume(folder, state.epoch());
    }

    /** The network. */
    public ComputationGraph graph() {
        return graph;
    }

    /** Where the training stands at the start. */
    public TrainingState state() {
        return state;
    }

    /**
     * Trains, then measures.
     *
     * @param observer hears of the progress
     * @param stop asked before each step whether to stop
     * @return the results, empty if it was stopped
     */
    public Optional<DenoisingResult> run(Budget budget, TrainingObserver observer, BooleanSupplier stop) {
        RandomWindows training = task.training(batch, seed);
        Trainer trainer = new Trainer(graph, training, task.validation().dataSet(), budget, learningRate)
                .store(folder)
                .observer(both(history, observer))
                .stopWhen(stop)
                .continueFrom(state, best);
        Trainer.Outcome outcome = trainer.run();
        state = trainer.state();
        if (outcome == Trainer.Outcome.INTERRUPTED) {
            return Optional.empty();
        }
        DenoisingResult result = DenoisingResult.of(graph, task.test(), batch);
        folder.writeJson(RunFolder.METRICS, metrics(result));
        plot(result);
        return Optional.of(result);
    }

    private static TrainingObserver both(TrainingObserver first, TrainingObserver second) {
        return new TrainingObserver() {
            @Override
            public void step(TrainingState state, double loss, double fraction) {
                first.step(state, loss, fraction);
                second.step(state, loss, fraction);
            }

            @Override
            public void epoch(EpochResult result) {
                first.epoch(result);
                second.epoch(result);
            }
        };
    }

    private Map<String, Number> metrics(DenoisingResult result) {
        Map<String, Number> metrics = new LinkedHashMap<>();
        metrics.put("test_snr_db", result.testSnr());
        metrics.put("noisy_snr_db", result.noisySnr());
        metrics.put("filter_snr_db", result.filterSnr());
        metrics.put("filter_window", result.filter().window());
        metrics.put("filter_order", result.filter().order());
        metrics.put("test_windows", result.denoised().length);
        metrics.put("best_epoch", state.bestEpoch());
        metrics.put("best_validation_loss", state.bestLoss());
        metrics.put("epochs", state.epoch());
        metrics.put("steps", state.step());
        metrics.put("train_seconds", state.seconds());
        metrics.put("windows_per_second", state.step() * batch / state.seconds());
        metrics.put("parameters", graph.numParams());
        return metrics;
    }

    private void plot(DenoisingResult result) {
        folder.write(RunFolder.LOSS_PLOT, file -> {
            try (OutputStream out = Files.newOutputStream(file)) {
                LossPlot.write(out, title + ": mean squared error of normalised windows", history.epochs());
            }
        });
        folder.write(RunFolder.SAMPLES_PLOT, file -> {
            try (OutputStream out = Files.newOutputStream(file)) {
                SamplesPlot.write(
                        out,
                        task.test().clean(),
                        task.test().noisy(),
                        result.denoised(),
                        task.signal().rate(),
                        task.signal().unit());
            }
        });
    }
}
