package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** One predictor, used by several threads. */
class PredictorThreadsTest {
    private static final int THREADS = 4;
    private static final Normalization OWN = new Normalization(Normalization.By.SAMPLE, List.of(), List.of(), true);

    private static final ModelDescription SIGNALS =
            new ModelDescription(null, "denoising", List.of(1L, 32L), OWN, List.of(), null, null, List.of(), Map.of());

    /** What every thread that is inside of a network runs. */
    private static volatile Runnable inside = () -> {};

    /** Passes its input on, and runs {@link #inside}. */
    public static final class Watched extends BaseActivationFunction {
        private static final long serialVersionUID = 1;

        @Override
        public INDArray getActivation(INDArray input, boolean training) {
            inside.run();
            return input;
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray input, INDArray epsilon) {
            return new Pair<>(epsilon, null);
        }
    }

    private static ComputationGraph watched() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .addLayer("watched", new ActivationLayer(new Watched()), "input")
                .addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), "watched")
                .setOutputs("output")
                .setInputTypes(SpatialDims.ONE.inputType(1, 32))
                .build());
        graph.init();
        return graph;
    }

    private static <T> List<T> all(List<Callable<T>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Threads wait inside of the network for each other: if one locked the others out, they would wait in vain. */
    @Test
    void threadsAreInTheNetworkAtTheSameTime() throws Exception {
        CyclicBarrier meeting = new CyclicBarrier(THREADS);
        inside = () -> {
            try {
                meeting.await(2, TimeUnit.MINUTES);
            } catch (Exception e) {
                throw new IllegalStateException("nobody else came in", e);
            }
        };
        try (Predictor predictor =
                Predictor.builder(watched(), SIGNALS).threads(THREADS).build()) {
            List<Callable<float[]>> calls = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                calls.add(() -> predictor.predict(new float[32]));
            }
            assertEquals(THREADS, all(calls).size());
        } finally {
            inside = () -> {};
        }
    }

    @Test
    void asManyAsWereSaid() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        inside = () -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.yield();
            now.decrementAndGet();
        };
        try (Predictor predictor =
                Predictor.builder(watched(), SIGNALS).threads(1).batch(1).build()) {
            List<Callable<float[]>> calls = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                calls.add(() -> predictor.predict(new float[320]));
            }
            all(calls);
            assertEquals(1, most.get());
        } finally {
            inside = () -> {};
        }
    }

    @Test
    void outputsAreThoseOfOneThread(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("model.zip");
        ModelFiles.write(
                NetworkModel.builder("resnet.unet1d")
                        .channel(4)
                        .layers(1, 1)
                        .build()
                        .init(),
                SIGNALS,
                file);
        try (Predictor predictor =
                Predictor.builder(file).threads(THREADS).batch(3).build()) {
            List<float[]> inputs = new ArrayList<>();
            List<float[]> expected = new ArrayList<>();
            List<Callable<float[]>> calls = new ArrayList<>();
            for (int i = 0; i < 6 * THREADS; i++) {
                float[] input = Nd4j.randn(DataType.FLOAT, 20 + 13 * i).data().asFloat();
                inputs.add(input);
                expected.add(predictor.predict(input));
                calls.add(() -> predictor.predict(input));
            }
            List<float[]> outputs = all(calls);
            for (int i = 0; i < inputs.size(); i++) {
                assertArrayEquals(expected.get(i), outputs.get(i), "input " + i);
            }
        }
    }

    /** A replica costs no second set of parameters. */
    @Test
    void replicasShareTheParameters() {
        ComputationGraph network = NetworkModel.builder("conv.unet2d")
                .channel(4)
                .layers(1, 1)
                .build()
                .init();
        ComputationGraph replica = NetworkPool.replica(network);
        assertEquals(network.params().data().address(), replica.params().data().address());
        INDArray input = Nd4j.rand(DataType.FLOAT, 1, 1, 16, 16);
        assertEquals(network.outputSingle(input), replica.outputSingle(input));
        network.params().muli(2);
        assertEquals(network.params(), replica.params());
        assertEquals(network.outputSingle(input), replica.outputSingle(input));
        assertNull(replica.getUpdater(false), "nothing that only training needs");
    }

    /** Memory is given back at once, not when the garbage collector comes by. */
    @Test
    void closingFreesTheParametersOfANetworkThatIsOwned() {
        ComputationGraph network = NetworkModel.builder("conv.ae1d")
                .channel(2)
                .layers(1, 1)
                .build()
                .init();
        DataBuffer parameters = network.params().data().underlyingDataBuffer();
        ComputationGraph replica = NetworkPool.replica(network);
        new NetworkPool(network, false, 2).close();
        assertFalse(parameters.wasClosed());
        new NetworkPool(replica, true, 2).close();
        assertTrue(parameters.wasClosed());
    }
}
