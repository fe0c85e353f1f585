package io.mdnc4j.blocks.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Graphs;
import io.mdnc4j.blocks.SpatialDims;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Seeds set before each step concern the thread alone: networks with dropout train side by side as one by one. */
class ThreadRandomTest {
    private static final int STEPS = 20;

    @Test
    void networksWithDropoutTrainSideBySideAsOneByOne() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<INDArray> first = () -> trained(1, together);
            Callable<INDArray> second = () -> trained(2, together);
            List<Future<INDArray>> results = threads.invokeAll(List.of(first, second));
            assertEquals(trained(1, null), results.get(0).get());
            assertEquals(trained(2, null), results.get(1).get());
            assertNotEquals(results.get(0).get(), results.get(1).get());
        } finally {
            threads.shutdownNow();
        }
    }

    private static INDArray trained(long seed, CyclicBarrier together) throws Exception {
        ComputationGraph network = Graphs.network(
                new NeuralNetConfiguration.Builder()
                        .updater(new Sgd(0.1))
                        .seed(3)
                        .dropOut(0.5),
                SpatialDims.ONE,
                2,
                BlockStyle.DEFAULT,
                graph -> graph.convolution("conv", "input", 2, 2, new int[] {3}, true));
        INDArray values = Nd4j.linspace(0, 1, 2 * 2 * 5, DataType.FLOAT).reshape('c', 2, 2, 5);
        for (int step = 0; step < STEPS; step++) {
            if (together != null) {
                together.await();
            }
            Nd4j.getRandom().setSeed(seed + step);
            if (together != null) {
                together.await(); // both have set theirs
            }
            network.fit(new DataSet(values.dup(), values.dup()));
        }
        return network.params().dup();
    }
}
