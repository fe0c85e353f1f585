package io.mdnc4j.training.search;

import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.Trainer;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.fit.TrainingState;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.summary.LayerTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultSaver;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/** Trains one candidate and scores it. Whatever goes wrong, out of memory too, becomes a failed candidate. */
final class CandidateTask implements Callable<OptimizationResult> {
    private static final Object INITIALISING = new Object();

    private final Search search;
    private final Candidate<?> candidate;
    private final Iterable<StatusListener> listeners;
    private final IOptimizationRunner runner;

    private final long startMillis = System.currentTimeMillis();
    private final Hyperparameters settings;
    private final double part;
    private @Nullable NetworkModel model;
    private @Nullable LayerTable table;
    private TrainingState state = TrainingState.START;

    CandidateTask(
            Search search, Candidate<?> candidate, Iterable<StatusListener> listeners, IOptimizationRunner runner) {
        this.search = search;
        this.candidate = candidate;
        this.listeners = listeners;
        this.runner = runner;
        this.settings = search.space().settings(candidate.getFlatParameters());
        this.part = (Double) candidate.getDataParameters().get(SearchGenerator.BUDGET);
    }

    @Override
    public OptimizationResult call() {
        try {
            tell(info(CandidateStatus.Running, null, null), null);
            model = search.space().model(settings);
            table = LayerTable.of(model.modelName(), model.spec(), size());
            double needed = table.trainingMebibytes(settings.batch());
            if (needed > search.options().memoryMebibytes()) {
                return failed(
                        CandidateRecord.Status.REFUSED,
                        String.format(
                                java.util.Locale.ROOT,
                                "training would take about %.0f MiB, more than the limit of %.0f MiB",
                                needed,
                                search.options().memoryMebibytes()));
            }
            search.begins(record(CandidateRecord.Status.RUNNING, null, ""));
            return train();
        } catch (Throwable e) {
            // the search goes on whatever happens to one of its candidates
            return failed(CandidateRecord.Status.FAILED, reason(e));
        } finally {
            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
            // arrays live outside the heap, whose collector does not see how much they hold
            System.gc();
        }
    }

    private long[] size() {
        long[] shape = search.space().inputShape();
        return Arrays.copyOfRange(shape, 1, shape.length);
    }

    private OptimizationResult train() throws IOException {
        ComputationGraph graph;
        // DL4J seeds the one random generator of all threads, then draws the parameters from it
        synchronized (INITIALISING) {
            graph = model.init();
        }
        Budget whole = search.options().budget();
        Trainer trainer = new Trainer(
                        graph,
                        search.data()
                                .training(settings.batch(), search.options().seed()),
                        search.data().validation(settings.batch()),
                        new Budget(Math.ceil(whole.steps() * part), whole.seconds() * part),
                        settings.fit(search.options().seed()))
                .observer(new TrainingObserver() {
                    @Override
                    public void step(TrainingState now, double loss, double fraction) {
                        state = now;
                        search.observer().progress(candidate.getIndex(), fraction);
                    }
                })
                .stopWhen(search::isToStop);
        Trainer.Outcome outcome = trainer.run();
        state = trainer.state();
        if (outcome == Trainer.Outcome.INTERRUPTED) {
            search.log().remove(candidate.getIndex());
            return result(info(CandidateStatus.Cancelled, null, null), null);
        }
        double score = state.bestLoss();
        OptimizationResult result = result(info(CandidateStatus.Complete, score, null), score);
        ResultSaver saver = runner.getConfiguration().getResultSaver();
        if (saver != null) {
            result.setResultReference(saver.saveModel(result, graph));
        }
        search.finished(record(CandidateRecord.Status.FINISHED, score, ""), graph, model.modelName());
        tell(result.getCandidateInfo(), result);
        return result;
    }

    private OptimizationResult failed(CandidateRecord.Status status, String reason) {
        search.failed(record(status, null, reason));
        CandidateInfo info = info(CandidateStatus.Failed, null, reason);
        tell(info, null);
        return result(info, null);
    }

    /** In one line, for a table; DL4J's and ND4J's messages run over several. Threads that help wrap what they meet. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return "out of memory: " + firstLine(cause);
            }
        }
        return failure.getClass().getSimpleName() + ": " + firstLine(failure);
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
    }

    private CandidateRecord record(CandidateRecord.Status status, @Nullable Double score, String reason) {
        return new CandidateRecord(
                candidate.getIndex(),
                status,
                score,
                part,
                state.step(),
                state.seconds(),
                table == null ? 0 : table.parameters(),
                table == null ? 0 : table.trainingMebibytes(settings.batch()),
                settings.toMap(),
                reason);
    }

    private CandidateInfo info(CandidateStatus status, @Nullable Double score, @Nullable String failure) {
        boolean ended = status != CandidateStatus.Running;
        return new CandidateInfo(
                candidate.getIndex(),
                status,
                score,
                startMillis,
                startMillis,
                ended ? System.currentTimeMillis() : null,
                candidate.getFlatParameters(),
                failure);
    }

    private OptimizationResult result(CandidateInfo info, @Nullable Double score) {
        return new OptimizationResult(candidate, score, candidate.getIndex(), null, info, null);
    }

    private void tell(CandidateInfo info, @Nullable OptimizationResult result) {
        listeners.forEach(listener -> listener.onCandidateStatusChange(info, runner, result));
    }
}
