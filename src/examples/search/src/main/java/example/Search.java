package example;

import io.mdnc4j.training.search.Hyperparameter;
import io.mdnc4j.training.search.Range;
import io.mdnc4j.training.search.SearchGenerator;
import io.mdnc4j.training.search.SearchMethod;
import io.mdnc4j.training.search.ZooSpace;
import io.mdnc4j.zoo.ModelFiles;
import java.nio.file.Path;
import java.util.Properties;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxCandidatesCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.LocalOptimizationRunner;
import org.deeplearning4j.arbiter.saver.local.FileModelSaver;
import org.deeplearning4j.arbiter.scoring.impl.TestSetLossScoreFunction;
import org.deeplearning4j.arbiter.task.ComputationGraphTaskCreator;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Tries three networks of the zoo on data of one's own, with Arbiter's runner. */
public final class Search {
    private static final int CANDIDATES = 3;

    /** Noise to be passed on as it is. */
    public static final class Noise implements DataSource {
        @Override
        public void configure(Properties properties) {}

        @Override
        public Object trainData() {
            INDArray windows = Nd4j.randn(DataType.FLOAT, 16, 1, 32);
            return new ListDataSetIterator<>(new DataSet(windows, windows).asList(), 4);
        }

        @Override
        public Object testData() {
            return trainData();
        }

        @Override
        public Class<?> getDataType() {
            return ListDataSetIterator.class;
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path models = Path.of(arguments[0]).resolve("candidates");
        ZooSpace space = ZooSpace.builder(1, 32)
                .epochs(3)
                .set(Hyperparameter.STAGES, Range.of(2))
                .set(Hyperparameter.DEPTH, Range.of(1))
                .set(Hyperparameter.CHANNEL, Range.of(2, 3, 4))
                .set(Hyperparameter.LEARNING_RATE, Range.logBetween(1e-3, 1e-1))
                .build();
        OptimizationConfiguration configuration = new OptimizationConfiguration.Builder()
                .candidateGenerator(new SearchGenerator(space, SearchMethod.RANDOM, CANDIDATES, 1))
                .dataSource(Noise.class, new Properties())
                .modelSaver(new FileModelSaver(models.toString()))
                .scoreFunction(new TestSetLossScoreFunction())
                .terminationConditions(new MaxCandidatesCondition(CANDIDATES))
                .build();
        IOptimizationRunner runner = new LocalOptimizationRunner(configuration, new ComputationGraphTaskCreator());
        runner.execute();

        int best = runner.bestScoreCandidateIndex();
        long parameters =
                ModelFiles.read(models.resolve(best + "/model.bin")).numParams();
        System.out.printf(
                "search: %d candidates, the best is %d with loss %.4f and %d parameters%n",
                runner.numCandidatesCompleted(), best, runner.bestScore(), parameters);
        System.exit(runner.numCandidatesCompleted() == CANDIDATES && parameters > 0 ? 0 : 1);
    }
}
