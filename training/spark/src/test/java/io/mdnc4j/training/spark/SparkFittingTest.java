package io.mdnc4j.training.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.Fitting;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.LocalFitting;
import io.mdnc4j.training.fit.Trainer;
import io.mdnc4j.zoo.NetworkModel;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Spark's part is but a detour: a single worker must do what a training without Spark does. */
class SparkFittingTest {
    private static final int BATCH = 16;
    private static final int ROUNDS = 5;

    @Test
    void oneWorkerEqualsATrainingHere() {
        // workers compute as DL4J does: in the last bits otherwise, which Adam would make steps of
        FitConfiguration settings =
                new FitConfiguration(BATCH, 1, new LearningRate(6e-3), "nesterovs", 0, 0, 0, 0, 0, 7);
        TaskBatches batches = new TaskBatches("{\"data\": \"ecg\"}", null, BATCH, 7);
        ComputationGraph start = NetworkModel.builder("resnet.ae1d")
                .inputShape(1, 512)
                .channel(4)
                .layers(1, 1)
                .configuration(settings)
                .build()
                .init();
        ComputationGraph here = start.clone();
        ComputationGraph there = start.clone();
        try (JavaSparkContext spark = new JavaSparkContext(Contexts.configure(new SparkConf(false))
                .setMaster("local[1]")
                .setAppName("test")
                .set("spark.ui.enabled", "false"))) {
            Fitting local = new LocalFitting(
                    here, batches.data().training(BATCH, 7), batches.data().validation(BATCH));
            Fitting remote = new SparkFitting(spark, there, batches, 1, 1);
            train(here, local, settings);
            train(there, remote, settings);
            assertNear(here.params(), there.params());
            assertNear(here.updaterState(), there.updaterState());
            assertEquals(local.validate(), remote.validate(), 1e-5);
        }
    }

    /** Together, the shares of a batch are the batch. */
    @Test
    void sharesMakeUpABatch() {
        TaskBatches batches = new TaskBatches("{\"data\": \"ecg\"}", null, BATCH, 7);
        INDArray whole = batches.batch("2/3/0/1").getFeatures(0);
        List<INDArray> shares = TaskBatches.names(2, 3, 1, 3)
                .map(name -> batches.batch(name).getFeatures(0))
                .toList();
        assertEquals(
                List.of(5L, 5L, 6L), shares.stream().map(share -> share.size(0)).toList());
        assertEquals(whole, Nd4j.concat(0, shares.toArray(new INDArray[0])));
        assertEquals(
                List.of("1/4/0/2", "1/5/0/2", "1/4/1/2", "1/5/1/2"),
                TaskBatches.names(1, 4, 2, 2).toList());
    }

    private static void train(ComputationGraph graph, Fitting fitting, FitConfiguration settings) {
        new Trainer(graph, fitting, Budget.steps(ROUNDS), settings).run();
    }

    private static void assertNear(INDArray expected, INDArray actual) {
        double error = expected.sub(actual).amaxNumber().doubleValue();
        assertTrue(error < 1e-4 * expected.amaxNumber().doubleValue(), () -> "error " + error);
    }
}
