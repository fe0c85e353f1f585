package io.mdnc4j.training.fit;

import io.mdnc4j.blocks.learning.RandomSeed;
import io.mdnc4j.training.data.EpochIterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a network, on this machine with plain {@link ComputationGraph#fit(DataSet)}: validates at the end of each epoch, keeps the network
 * with the lowest validation loss, saves checkpoints and stops when the budget is used up, when asked to, or when the loss
 * is no longer finite.
 */
public final class Trainer {
    private static final double NANOS = 1e9;

    private final ComputationGraph graph;
    private final Fitting fitting;
    private final Budget budget;
    private final FitConfiguration settings;
    private final StepClock clock;

    private CheckpointStore store = new NoStore();
    private double saveEverySeconds = 30;
    private TrainingObserver observer = new TrainingObserver() {};
    private BooleanSupplier stop = () -> false;

    private TrainingState state = TrainingState.START;
    private @Nullable MovingAverage average;
    private @Nullable Snapshot best;
    private boolean bestUnsaved;
    private double rate;
    private long lastSave;

    /** How a training ended. */
    public enum Outcome {
        /** The budget or the patience is used up; the network holds the best parameters. */
        FINISHED,
        /** It was asked to stop; a checkpoint of the present parameters is saved. */
        INTERRUPTED
    }

    /**
     * Training on this machine.
     *
     * @param graph the network, initialised
     * @param training batches of features and labels
     * @param validation batches of the validation part, the same every epoch
     * @param budget how long to train
     * @param settings learning rate, batches a step, patience and seed; the rest is of the network's configuration
     */
    public Trainer(
            ComputationGraph graph,
            EpochIterator training,
            EpochIterator validation,
            Budget budget,
            FitConfiguration settings) {
        this(graph, new LocalFitting(graph, training, validation), budget, settings);
    }

    /**
     * Training wherever {@code fitting} makes its steps.
     *
     * @param graph the network, initialised
     * @param fitting where it learns
     * @param budget how long to train
     * @param settings learning rate, batches a step, patience and seed; the rest is of the network's configuration
     */
    public Trainer(ComputationGraph graph, Fitting fitting, Budget budget, FitConfiguration settings) {
        this.graph = graph;
        this.fitting = fitting;
        this.budget = budget;
        this.settings = settings;
        this.clock = new StepClock(fitting.validationBatches());
        average(null);
    }

    /**
     * Where checkpoints go; nowhere by default.
     *
     * @param checkpoints keeps them
     * @return this
     */
    public Trainer store(CheckpointStore checkpoints) {
        this.store = checkpoints;
        return this;
    }

    /**
     * The least time between two checkpoints; 30 seconds by default. Beginnings and ends of trainings are saved in any case.
     *
     * @param seconds 0 for a checkpoint after each step
     * @return this
     */
    public Trainer saveEvery(double seconds) {
        this.saveEverySeconds = seconds;
        return this;
    }

    /**
     * Who hears of the progress; nobody by default.
     *
     * @param listener called on the thread that trains
     * @return this
     */
    public Trainer observer(TrainingObserver listener) {
        this.observer = listener;
        return this;
    }

    /**
     * Asked before each step whether to stop; never to, by default.
     *
     * @param condition whether to
     * @return this
     */
    public Trainer stopWhen(BooleanSupplier condition) {
        this.stop = condition;
        return this;
    }

    /** @param earlier of an earlier training, {@code null} for none */
    private void average(@Nullable INDArray earlier) {
        average = settings.averaging() > 0 ? new MovingAverage(graph, settings.averaging(), earlier) : null;
    }

    /**
     * Continues an earlier training without a moving average; the network must hold its parameters and updater state.
     *
     * @param from where it stood
     * @param bestGraph its best network so far, {@code null} for none
     * @return this
     */
    public Trainer continueFrom(TrainingState from, @Nullable ComputationGraph bestGraph) {
        return continueFrom(from, bestGraph, null);
    }

    /**
     * Continues an earlier training; the network must hold its parameters and updater state.
     *
     * @param from where it stood
     * @param bestGraph its best network so far, {@code null} for none
     * @param earlier the moving average of the parameters as its last checkpoint has it; {@code null} to begin one with the
     *     network's parameters, where one is kept
     * @return this
     */
    public Trainer continueFrom(TrainingState from, @Nullable ComputationGraph bestGraph, @Nullable INDArray earlier) {
        average(earlier);
        this.state = bestGraph == null && from.bestEpoch() > 0
                ? new TrainingState(from.epoch(), from.batch(), from.step(), from.seconds(), from.lossSum(), 0, null)
                : from;
        this.best = bestGraph == null ? null : Snapshot.of(bestGraph);
        if (from.step() > 0) {
            // of the last step: where no other follows, the end of the epoch reports it
            this.rate = settings.learningRate().at(budget.fraction(from.step() - 1, from.seconds()));
        }
        return this;
    }

    /** {@return where the training stands} */
    public TrainingState state() {
        return state;
    }

    /**
     * Trains. A new training makes one step whatever its budget, unless asked to stop before.
     *
     * @return whether it used up its budget or patience, or was asked to stop
     * @throws DivergedException if a loss is NaN or infinite
     */
    public Outcome run() {
        save();
        // a single step is always made, whatever it takes: a network must come out
        while (state.step() == 0 || budget.allows(state.step(), state.seconds(), clock.needed()) && !outOfPatience()) {
            if (stop.getAsBoolean()) {
                save();
                return Outcome.INTERRUPTED;
            }
            step();
            if (firstBatch() >= fitting.batchesPerEpoch()) {
                finishEpoch();
            }
            if (secondsSince(lastSave) >= saveEverySeconds) {
                save();
            }
        }
        if (state.batch() > 0) {
            finishEpoch();
        }
        save();
        if (best != null) {
            best.copyTo(graph);
        }
        return Outcome.FINISHED;
    }

    private boolean outOfPatience() {
        return settings.patience() > 0 && state.epoch() - state.bestEpoch() >= settings.patience();
    }

    private int firstBatch() {
        return state.batch() * settings.accumulate();
    }

    private void step() {
        long start = System.nanoTime();
        rate = settings.learningRate().at(budget.fraction(state.step(), state.seconds()));
        LearningRate.set(graph, rate);
        // layers that leave something to chance go on after a break as without one; ND4J's generator is the thread's
        // own,
        // so that trainings in other threads have theirs
        Nd4j.getRandom().setSeed(RandomSeed.of(settings.seed() + state.step()));
        int count = Math.min(settings.accumulate(), fitting.batchesPerEpoch() - firstBatch());
        double loss = fitting.fit(state.epoch() + 1, firstBatch(), count);
        double took = secondsSince(start);
        clock.addStep(took);
        if (!Double.isFinite(loss)) {
            throw new DivergedException("training", loss, state, rate, diverged(fitting.batches()));
        }
        state = state.afterStep(loss, took);
        if (average != null) {
            average.add(state.step());
        }
        observer.step(state, loss, budget.fraction(state.step(), state.seconds()));
    }

    private String diverged(List<DataSet> batches) {
        return batches.isEmpty() ? "" : store.saveDiverged(batches);
    }

    private void finishEpoch() {
        long start = System.nanoTime();
        double loss;
        boolean better;
        exchange();
        try {
            loss = fitting.validate();
            better = Double.isFinite(loss) && state.isBetter(loss);
            if (better) {
                keepBest();
            }
        } finally {
            exchange();
        }
        if (!Double.isFinite(loss)) {
            throw new DivergedException("validation", loss, state, rate, "");
        }
        double took = secondsSince(start);
        clock.addValidation(took);
        double trainLoss = state.lossSum() / state.batch();
        state = state.afterEpoch(loss, took);
        graph.incrementEpochCount();
        observer.epoch(new EpochResult(state.epoch(), state.step(), state.seconds(), trainLoss, loss, rate));
    }

    /** Validates, and keeps, the averaged network where there is one. */
    private void exchange() {
        if (average != null) {
            average.exchange();
        }
    }

    private void keepBest() {
        if (best == null) {
            best = Snapshot.of(graph);
        } else {
            best.copyFrom(graph);
        }
        bestUnsaved = true;
    }

    private void save() {
        if (bestUnsaved) {
            Snapshot present = Snapshot.of(graph);
            best.copyTo(graph);
            store.saveBest(graph);
            present.copyTo(graph);
            bestUnsaved = false;
        }
        // after the best network, which the saved state refers to
        store.saveLatest(graph, state, average == null ? null : average.parameters());
        lastSave = System.nanoTime();
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / NANOS;
    }

    private static final class NoStore implements CheckpointStore {
        @Override
        public void saveLatest(ComputationGraph graph, TrainingState state, @Nullable INDArray average) {
            // nothing is kept
        }

        @Override
        public void saveBest(ComputationGraph graph) {
            // nothing is kept
        }

        @Override
        public String saveDiverged(List<DataSet> batches) {
            return "";
        }
    }
}
