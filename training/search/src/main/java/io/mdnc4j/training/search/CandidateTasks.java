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
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;
import org.jspecify.annotations.Nullable;

/** The tasks of a search, for Arbiter's runner. The search has the data; those of Arbiter's configuration are not used. */
record CandidateTasks(Search search) implements TaskCreator {
    @Override
    @Deprecated
    @SuppressWarnings({"rawtypes", "deprecation"}) // Arbiter's signature
    public Callable<OptimizationResult> create(
            Candidate candidate,
            @Nullable DataProvider dataProvider,
            ScoreFunction scoreFunction,
            List<StatusListener> listeners,
            IOptimizationRunner runner) {
        return new CandidateTask(search, candidate, listeners, runner);
    }

    @Override
    @SuppressWarnings("rawtypes") // Arbiter's signature
    public Callable<OptimizationResult> create(
            Candidate candidate,
            @Nullable Class<? extends DataSource> dataSource,
            @Nullable Properties properties,
            ScoreFunction scoreFunction,
            List<StatusListener> listeners,
            IOptimizationRunner runner) {
        return new CandidateTask(search, candidate, listeners, runner);
    }
}
