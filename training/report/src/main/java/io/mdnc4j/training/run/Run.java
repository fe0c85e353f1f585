package io.mdnc4j.training.run;

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
import io.mdnc4j.training.plots.ConfusionPlot;
import io.mdnc4j.training.plots.LossPlot;
import io.mdnc4j.training.plots.Sample;
import io.mdnc4j.training.plots.SamplesPlot;
import io.mdnc4j.training.plots.ScatterPlot;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.Task;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trains a network for a task, measures it on the test part, and leaves everything in the run's folder. */
public final class Run {
    private static final int SHOWN = 4;
    private static final int CLASSIFIED = 32;
    private static final Map<String, String> HEADINGS = Map.of(
            RunFolder.SAMPLES_PLOT, "Samples",
            RunFolder.SCATTER_PLOT, "Prediction",
            RunFolder.CONFUSION_PLOT, "Confusion",
            RunFolder.LOSS_PLOT, "Training");
    private static final Map<String, String> CAPTIONS = Map.of(
            RunFolder.SAMPLES_PLOT, "Some examples of the test part and what the network makes of them.",
            RunFolder.SCATTER_PLOT, "What the network answers over what was wanted, for each example of the test part.",
            RunFolder.CONFUSION_PLOT, "How often each class of the test part was taken for each.",
            RunFolder.LOSS_PLOT, "Losses of training and validation part over the epochs.");

    private final String model;
    private final TrainingData data;
    private final RunFolder folder;
    private final FitConfiguration settings;

    private double saveEvery = 30;
    private int readAhead = SampledBatches.AHEAD;
    private Function<ComputationGraph, Fitting> fitting;
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
        if (outcome == Trainer.Outcome.INTERRUPTED) {
            return Optional.empty();
        }
        Predictor predictor = Predictor.builder(graph, data.describe(model))
                .batch(settings.batch())
                // parts of one set of data
                .notes(line -> {})
                .build();
        Results results = Results.of(data, predictor);
        Map<String, Object> metrics = metrics(results);
        folder.writeJson(RunFolder.METRICS, metrics);
        report(results, metrics, pictures(predictor, results), Plan.of(data, settings, budget));
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
        metrics.put("samples_per_second", state.step() * settings.batch() * settings.accumulate() / state.seconds());
        metrics.put("parameters", graph.numParams());
        return metrics;
    }

    /** Draws and saves pictures; returns them with their captions by file name. */
    private Map<String, BufferedImage> pictures(Predictor predictor, Results results) {
        Map<String, BufferedImage> pictures = new LinkedHashMap<>();
        pictures.put(
                RunFolder.SAMPLES_PLOT,
                SamplesPlot.draw(samples(predictor, results), predictor.description(), data.measures()));
        if (data.task().hasClasses()) {
            pictures.put(
                    RunFolder.CONFUSION_PLOT,
                    ConfusionPlot.draw(
                            predictor.description().classes(), results.network().sums()));
        }
        if (data.task() == Task.ESTIMATION) {
            pictures.put(
                    RunFolder.SCATTER_PLOT,
                    ScatterPlot.draw(predictor.description().output().names(), results.network()));
        }
        pictures.put(RunFolder.LOSS_PLOT, LossPlot.draw(model + ", " + data.name(), history.epochs()));
        pictures.forEach(folder::writePicture);
        return pictures;
    }

    private void report(
            Results results,
            Map<String, Object> metrics,
            Map<String, BufferedImage> pictures,
            Map<String, String> plan) {
        Report report = new Report(
                model + ", " + data.name(),
                String.format(
                        Locale.ROOT,
                        "%s, %,d parameters, trained for %.0f s; %d epochs, %d steps.",
                        data.task().code(),
                        graph.numParams(),
                        state.seconds(),
                        state.epoch(),
                        state.step()));
        report.rows(
                "Test part, " + results.network().size() + " examples",
                List.of("", results.leading(), "95% confidence interval"),
                results.rows());
        pictures.forEach((name, picture) -> report.picture(HEADINGS.get(name), CAPTIONS.get(name), picture));
        Map<String, String> found = new LinkedHashMap<>(data.overview().facts());
        found.putAll(plan);
        report.values("Data", found);
        report.lines("Warnings", data.overview().warnings());
        report.values("Numbers", metrics);
        if (folder.has(RunFolder.CONFIG)) {
            Map<String, Object> settings = new LinkedHashMap<>();
            folder.readJson(RunFolder.CONFIG)
                    .properties()
                    .forEach(entry -> settings.put(
                            entry.getKey(),
                            entry.getValue().isValueNode() ? entry.getValue().asText() : entry.getValue()));
            report.values("Settings", settings);
        }
        folder.write(
                RunFolder.REPORT,
                file -> Files.writeString(file, report.epochs(history.epochs()).page()));
    }

    /** Some test examples: of classes those that were not found first, the others evenly chosen. */
    private List<Sample> samples(Predictor predictor, Results results) {
        int size = data.test().size();
        int count = Math.min(size, data.task().perExample() ? CLASSIFIED : SHOWN);
        Set<Integer> chosen = new LinkedHashSet<>();
        boolean mistaken = data.task().perExample() && data.task().hasClasses();
        for (int i = 0; i < size && mistaken && chosen.size() < count / 2; i++) {
            if (results.network().metrics(i).get(results.leading()) < 1) {
                chosen.add(i);
            }
        }
        for (int i = 0; i < count; i++) {
            chosen.add((2 * i + 1) * size / (2 * count));
        }
        List<Sample> samples = new ArrayList<>();
        predictor.predict(
                Examples.of(chosen.stream().limit(count).map(data.test()::get).toList()),
                (example, output) -> samples.add(new Sample(example, output)));
        return samples;
    }
}
