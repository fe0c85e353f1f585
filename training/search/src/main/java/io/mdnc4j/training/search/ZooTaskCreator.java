package io.mdnc4j.training.search;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.TaskCreator;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;
import org.deeplearning4j.arbiter.task.ComputationGraphTaskCreator;
import org.jspecify.annotations.Nullable;

/**
 * Arbiter's own tasks for the candidates of a {@link ZooSpace}, which besides tell a {@link SearchGenerator} of failures.
 * The batch is that of the data source. Arbiter's tasks sleep two seconds after each candidate.
 */
public final class ZooTaskCreator implements TaskCreator {
    private final ComputationGraphTaskCreator tasks = new ComputationGraphTaskCreator(null);

    @Override
    @Deprecated
    @SuppressWarnings({"rawtypes", "deprecation"}) // Arbiter's signature
    public Callable<OptimizationResult> create(
            Candidate candidate,
            @Nullable DataProvider dataProvider,
            ScoreFunction scoreFunction,
            List<StatusListener> listeners,
            IOptimizationRunner runner) {
        return reporting(tasks.create(candidate, dataProvider, scoreFunction, listeners, runner), runner);
    }

    @Override
    @SuppressWarnings("rawtypes") // Arbiter's signature
    public Callable<OptimizationResult> create(
            Candidate candidate,
            Class<? extends DataSource> dataSource,
            @Nullable Properties properties,
            ScoreFunction scoreFunction,
            List<StatusListener> listeners,
            IOptimizationRunner runner) {
        return reporting(tasks.create(candidate, dataSource, properties, scoreFunction, listeners, runner), runner);
    }

    private static Callable<OptimizationResult> reporting(
            Callable<OptimizationResult> task, IOptimizationRunner runner) {
        return () -> {
            OptimizationResult result = task.call();
            if (result.getCandidateInfo().getCandidateStatus() == CandidateStatus.Failed
                    && runner.getConfiguration().getCandidateGenerator() instanceof SearchGenerator generator) {
                generator.reportFailure(result.getIndex());
            }
            return result;
        };
    }
}
