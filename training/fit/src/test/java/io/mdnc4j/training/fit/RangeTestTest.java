package io.mdnc4j.training.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.IteratorBatches;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** On least squares in one unknown, where gradient descent grows from a known rate on. */
class RangeTestTest {
    /** The loss is (w - 3)^2, its gradient 2 (w - 3): rates above 1 diverge; the parameter halves its way at 0.25. */
    private static RangeTest test(long steps, float target) {
        FitConfiguration settings = new FitConfiguration(1, 1, new LearningRate(0.1), "sgd", 0, 0, 0, 0, 0, 1);
        NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder();
        settings.accept(builder);
        ComputationGraph graph = new ComputationGraph(builder.graphBuilder()
                .addInputs("input")
                .addLayer(
                        "output",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nIn(1)
                                .nOut(1)
                                .hasBias(false)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "input")
                .setOutputs("output")
                .build());
        graph.init();
        graph.params().assign(0);
        DataSet one = new DataSet(Nd4j.ones(1, 1), Nd4j.createFromArray(new float[][] {{target}}));
        IteratorBatches batches = new IteratorBatches(new ListDataSetIterator<>(List.of(one), 1));
        return RangeTest.run(graph, new LocalFitting(graph, batches, batches), settings, steps, () -> false);
    }

    @Test
    void suggestsARateAtWhichTheLossFallsAndStopsWhereItGrows() {
        RangeTest test = test(100, 3);
        assertEquals(RangeTest.LEAST, test.points().get(0).rate());
        assertEquals(9, test.points().get(0).loss(), 1e-5);
        double rate = test.suggestion().orElseThrow();
        assertTrue(rate > 0.01 && rate < 1, String.valueOf(rate));
    }

    @Test
    void aLossThatNeverFallsSuggestsNothing() {
        assertTrue(test(20, 0).suggestion().isEmpty());
    }

    @Test
    void fewStepsAreRefused() {
        assertThrows(ArgumentException.class, () -> test(9, 3));
    }
}
