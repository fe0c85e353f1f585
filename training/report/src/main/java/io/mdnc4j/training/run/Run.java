package io.mdnc4j.training.run;

import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.training.data.SampledBatches;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.Fitting;
import io.mdnc4j.training.fit.LocalFitting;
import io.mdnc4j.training.fit.Trainer;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.fit.TrainingState;
import io.mdnc4j.training.metrics.PostprocessingChoice;
import io.mdnc4j.training.plots.LossPlot;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.ModelDescription;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trains a network for a task, measures it on the test part, and leaves everything in the run's folder. */
public final class Run {
    private final String model;
    private final TrainingData data;
    private final RunFolder folder;
    private final FitConfiguration settings;

    private boolean postprocessing = true;
    private double saveEvery = 30;
    private int readAhead = SampledBatches.AHEAD;
    private Function<ComputationGraph, Fitting> fitting;
    private Map<String, String> kernels = Map.of();
    private @Nullable ComputationGraph graph;
    private TrainingState state = TrainingState.START;
    private @Nullable ComputationGraph best;
    private @Nullable INDArray average;
    private @Nullable History history;

    /**
     * @param model the network's name, for its description and the plots
     * @param settings how it is trained
     * @param data what it is trained for
     * @param folder a new folder, or one to resume
     */
    public Run(String model, TrainingData data, RunFolder folder, FitConfiguration settings) {
        this.model = model;
        this.data = data;
        this.folder = folder;
        this.settings = settings;
        this.fitting = this::fitLocally;
        folder.describe(data.describe(model));
    }

    /**
     * Begins with a new network.
     *
     * @param factory creates the network
     * @throws io.mdnc4j.blocks.ArgumentException if it cannot take the task's samples; an empty folder is removed then
     */
    public void start(ModelFactory factory) {
        try {
            graph = factory.create(data.inputShape(), settings, settings.seed());
        } catch (RuntimeException e) {
            folder.removeIfEmpty();
            throw e;
        }
        compute(kernels);
    }

    /** Every network of this run computes in the same ways from its first step on, so that the run can be repeated. */
    private void compute(Map<String, String> choices) {
        folder.keepKernels(choices);
        compute(graph, choices);
        compute(best, choices);
    }

    /** Has a network compute in these ways, if it is one that has some. */
    static void compute(@Nullable ComputationGraph network, Map<String, String> choices) {
        if (network instanceof InPlaceComputationGraph own) {
            own.setKernelChoices(choices);
        }
    }

    /**
     * The ways in which a new network computes its convolutions; by fixed rules by default, whatever {@link
     * io.mdnc4j.blocks.Tuning} says. Checkpoints note them, and a run that is resumed has those.
     *
     * @param choices as {@link InPlaceComputationGraph#tuneKernels} gave them
     */
    public void kernels(Map<String, String> choices) {
        this.kernels = Map.copyOf(choices);
    }

    private Fitting fitLocally(ComputationGraph network) {
        EpochIterator training = data.training(settings.batch(), settings.seed());
        EpochIterator validation = data.validation(settings.batch());
        training.readAhead(readAhead);
        validation.readAhead(readAhead);
        return new LocalFitting(network, training, validation);
    }

    /**
     * How the network is fitted; on this machine by default.
     *
     * @param other creates the fitting of a network
     */
    public void fitting(Function<ComputationGraph, Fitting> other) {
        this.fitting = other;
    }

    /**
     * How many batches are made in advance, in background threads, where it is fitted on this machine; 0 for none.
     *
     * @param batches 0 or more
     */
    public void readAhead(int batches) {
        this.readAhead = batches;
    }

    /**
     * Whether the validation part chooses postprocessing of classes of positions, which the model's description then says; it
     * does by default, and nothing is chosen that does not help there.
     *
     * @param wanted whether it does
     */
    public void postprocessing(boolean wanted) {
        this.postprocessing = wanted;
    }

    /**
     * The least time between two checkpoints, in seconds; 30 by default.
     *
     * @param seconds 0 for after every step
     */
    public void saveEvery(double seconds) {
        this.saveEvery = seconds;
    }

    /**
     * Begins where the folder's checkpoint was saved, or with a new network where there was no time for one.
     *
     * @param factory creates the network where the folder has none
     * @throws DataException if it cannot be read, or lacks some of what its checkpoint refers to
     * @throws io.mdnc4j.blocks.ArgumentException if what must not change has been changed
     */
    public void resume(ModelFactory factory) {
        if (!folder.has(RunFolder.CHECKPOINT)) {
            start(factory);
            return;
        }
        folder.requireFixed();
        graph = folder.latest();
        state = folder.latestState();
        average = folder.latestAverage(graph);
        best = folder.best();
        if (best == null && state.bestEpoch() > 0) {
            throw new DataException(folder.file(RunFolder.MODEL) + ": is missing, the best network, of epoch "
                    + state.bestEpoch() + "; restore it or start a new run");
        }
        history = History.resume(folder, state.epoch());
        compute(folder.latestKernels());
    }

    /**
     * The network, once the run has started or was resumed.
     *
     * @return the network that is trained
     */
    public ComputationGraph graph() {
        return Objects.requireNonNull(graph, "start or resume the run first");
    }

    /**
     * Where the training stands at the start.
     *
     * @return the state
     */
    public TrainingState state() {
        return state;
    }

    /**
     * Trains, then measures.
     *
     * @param observer hears of the progress
     * @param stop asked before each step whether to stop
     * @param budget when it ends
     * @return the results, empty if it was stopped
     */
    public Optional<Results> run(Budget budget, TrainingObserver observer, BooleanSupplier stop) {
        if (!train(budget, observer, stop)) {
            return Optional.empty();
        }
        PostprocessingChoice choice = postprocessing ? Results.choice(data, predictor(data.describe(model))) : null;
        ModelDescription description =
                data.describe(model).withPostprocessing(choice == null ? List.of() : choice.steps());
        folder.describe(description);
        if (!folder.isDescribed()) {
            folder.saveBest(graph);
        }
        Predictor predictor = predictor(description);
        Results results = Results.of(data, predictor, choice);
        Map<String, Object> metrics = metrics(results);
        folder.writeJson(RunFolder.METRICS, metrics);
        String title = model + ", " + data.name();
        String lead = String.format(
                Locale.ROOT,
                "%s, %,d parameters, trained for %.0f s; %d epochs, %d steps.",
                data.task().code(),
                graph.numParams(),
                state.seconds(),
                state.epoch(),
                state.step());
        new ResultPage(folder, title, lead, data, results)
                .tested("Test part, " + results.network().size() + " examples")
                .postprocessing()
                .pictures(ResultPage.samples(data, predictor, results, ResultPage.samples(data)), description)
                .losses(RunFolder.LOSS_PLOT, "Training", LossPlot.draw(title, history.epochs()))
                .numbers(Plan.of(data, settings, budget), metrics)
                .epochs(history)
                .write();
        return Optional.of(results);
    }

    /**
     * Trains, and does not measure; the best network is in the folder then.
     *
     * @param observer hears of the progress
     * @param stop asked before each step whether to stop
     * @param budget when it ends
     * @return whether it came to the end, and was not stopped
     */
    public boolean train(Budget budget, TrainingObserver observer, BooleanSupplier stop) {
        if (history == null) {
            // not before the options are in the folder: a process killed between both could not be continued
            history = History.start(folder);
        }
        Trainer trainer = new Trainer(graph, fitting.apply(graph), budget, settings)
                .saveEvery(saveEvery)
                .store(folder)
                .observer(both(history, observer))
                .stopWhen(stop)
                .continueFrom(state, best, average);
        Trainer.Outcome outcome = trainer.run();
        state = trainer.state();
        return outcome == Trainer.Outcome.FINISHED;
    }

    private Predictor predictor(ModelDescription description) {
        return Predictor.builder(graph, description)
                .batch(settings.batch())
                // parts of one set of data
                .notes(line -> {})
                .build();
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
        metrics.put("samples_per_second", state.step() * settings.batch() * settings.accumulate() / state.seconds());
        metrics.put("parameters", graph.numParams());
        return metrics;
    }
}
