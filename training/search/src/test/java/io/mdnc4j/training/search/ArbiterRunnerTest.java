package io.mdnc4j.training.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.zoo.ModelFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultReference;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxCandidatesCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.LocalOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.BaseStatusListener;
import org.deeplearning4j.arbiter.saver.local.FileModelSaver;
import org.deeplearning4j.arbiter.scoring.impl.TestSetLossScoreFunction;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The space and the generator in Arbiter's own machinery: runner, tasks, saver and listeners. */
@Tag("long")
class ArbiterRunnerTest {
    @TempDir
    Path folder;

    /** Features that are their own labels; not there when first asked for. */
    public static final class Noise implements DataSource {
        private static final AtomicInteger ASKED = new AtomicInteger();

        @Override
        public void configure(Properties properties) {
            // the data are fixed
        }

        @Override
        public Object trainData() {
            if (ASKED.getAndIncrement() == 0) {
                throw new IllegalStateException("not yet there");
            }
            return data();
        }

        private static Object data() {
            INDArray windows = Nd4j.randn(DataType.FLOAT, 2, 1, 32);
            return new ListDataSetIterator<>(List.of(new DataSet(windows, windows)), 2);
        }

        @Override
        public Object testData() {
            return data();
        }

        @Override
        public Class<?> getDataType() {
            return ListDataSetIterator.class;
        }
    }

    /** Also after JSON, with one candidate that fails: Arbiter's runner reports no failures to generators. */
    @Test
    void runsSavesAndListens() throws Exception {
        ZooSpace space = ZooSpace.builder(1, 32)
                .epochs(2)
                .set(Hyperparameter.FAMILY, Range.of("conv"))
                .set(Hyperparameter.NETWORK, Range.of("unet"))
                .set(Hyperparameter.STAGES, Range.of(2))
                .set(Hyperparameter.DEPTH, Range.of(1))
                .set(Hyperparameter.CHANNEL, Range.of(2, 3))
                .set(Hyperparameter.KERNEL_SIZE, Range.of(3))
                .set(Hyperparameter.LEARNING_RATE, Range.of(0.01))
                .set(Hyperparameter.UPDATER, Range.of("adam"))
                .set(Hyperparameter.BATCH, Range.of(2))
                .set(Hyperparameter.WEIGHT_DECAY, Range.of(0))
                .build();
        OptimizationConfiguration configuration =
                OptimizationConfiguration.fromJson(new OptimizationConfiguration.Builder()
                        .candidateGenerator(new SearchGenerator(space, SearchMethod.CMAES, 2, 1))
                        .dataSource(Noise.class, new Properties())
                        .modelSaver(new FileModelSaver(folder.toString()))
                        .scoreFunction(new TestSetLossScoreFunction())
                        .terminationConditions(new MaxCandidatesCondition(2))
                        .build()
                        .toJson());
        List<CandidateStatus> told = Collections.synchronizedList(new ArrayList<>());
        IOptimizationRunner runner = new LocalOptimizationRunner(configuration);
        runner.addListeners(new BaseStatusListener() {
            @Override
            public void onCandidateStatusChange(
                    CandidateInfo info,
                    IOptimizationRunner by,
                    org.deeplearning4j.arbiter.optimize.api.OptimizationResult result) {
                told.add(info.getCandidateStatus());
            }
        });
        runner.execute();
        assertEquals(1, runner.numCandidatesCompleted());
        assertEquals(1, runner.numCandidatesFailed());
        assertNotNull(runner.bestScore());
        assertTrue(told.contains(CandidateStatus.Complete), told.toString());
        ResultReference best = runner.getResults().get(0);
        ComputationGraph model = (ComputationGraph) best.getResultModel();
        Path file = folder.resolve(runner.bestScoreCandidateIndex() + "/model.bin");
        assertEquals(model.params(), ModelFiles.read(file).params());
    }
}
