package io.mdnc4j.training.run;

import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.Trainer;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.fit.TrainingState;
import io.mdnc4j.training.plots.LossPlot;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.task.TrainingTask;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.Adam;

/** Trains a network for a task, measures it on the test part, and leaves everything in the run's folder. */
public final class Run {
    private final String model;
    private final TrainingTask task;
    private final RunFolder folder;
    private final int batch;
    private final long seed;
    private final LearningRate learningRate;

    private ComputationGraph graph;
    private TrainingState state = TrainingState.START;
    private ComputationGraph best;
    private History history;

    /**
     * @param model the network's name, for its description and the plots
     * @param batch samples a step
     * @param learningRate the rate of Adam
     * @param seed of the initial parameters and of the samples
     */
    public Run(String model, TrainingTask task, RunFolder folder, int batch, LearningRate learningRate, long seed) {
        this.model = model;
        this.task = task;
        this.folder = folder;
        this.batch = batch;
        this.learningRate = learningRate;
        this.seed = seed;
        folder.describe(task.describe(model));
    }

    /**
     * Begins with a new network.
     *
     * @throws IllegalArgumentException if it cannot take the task's samples; an empty folder is removed then
     */
    public void start(ModelFactory factory) {
        try {
            graph = factory.create(task.inputShape(), new Adam(learningRate.peak()), seed);
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
    public Optional<Results> run(Budget budget, TrainingObserver observer, BooleanSupplier stop) {
        Trainer trainer = new Trainer(graph, task.training(batch, seed), task.validation(batch), budget, learningRate)
                .store(folder)
                .observer(both(history, observer))
                .stopWhen(stop)
                .continueFrom(state, best);
        Trainer.Outcome outcome = trainer.run();
        state = trainer.state();
        if (outcome == Trainer.Outcome.INTERRUPTED) {
            return Optional.empty();
        }
        Predictor predictor = new Predictor(graph, task.describe(model), batch);
        Results results = Results.of(task, predictor);
        folder.writeJson(RunFolder.METRICS, metrics(results));
        plot(predictor);
        return Optional.of(results);
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

    private Map<String, Object> metrics(Results results) {
        Map<String, Object> metrics = results.metrics();
        metrics.put("best_epoch", state.bestEpoch());
        metrics.put("best_validation_loss", state.bestLoss());
        metrics.put("epochs", state.epoch());
        metrics.put("steps", state.step());
        metrics.put("train_seconds", state.seconds());
        metrics.put("samples_per_second", state.step() * batch / state.seconds());
        metrics.put("parameters", graph.numParams());
        return metrics;
    }

    private void plot(Predictor predictor) {
        folder.write(RunFolder.LOSS_PLOT, file -> {
            try (OutputStream out = Files.newOutputStream(file)) {
                LossPlot.write(out, model + ", " + task.name(), history.epochs());
            }
        });
    }
}
