package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ComputePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.parallelism.ParallelInference;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.inference.InferenceMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** All models, trained and used by several threads, and through the operations that a GPU would run. */
@SuppressWarnings({"unchecked", "rawtypes", "try"})
class SeveralThreadsTest {
    private static final int CHANNEL = 4;
    private static final int THREADS = 2;
    private static final double SAME = 1e-6;
    private static final double ROUNDED = 1e-4;

    static Stream<ModelName> models() {
        return NetworkModelTest.models();
    }

    /** Two that are as unlike as can be; all of them with the long tests. */
    static Stream<ModelName> signalModels() {
        return Stream.of("conv.unet1d", "resnet.encoder1d").map(ModelName::parse);
    }

    @AfterEach
    void restorePath() {
        ComputePath.set(ComputePath.HOST);
    }

    private static DataSet batch(NetworkModel model, ComputationGraph network) {
        INDArray input = NetworkModelTest.input(model, 2);
        INDArray output = network.outputSingle(input);
        INDArray labels = model.spec().network() == Network.ENCODER
                ? Nd4j.createFromArray(new float[][] {{0, 1}, {1, 0}})
                : Nd4j.randn(DataType.FLOAT, output.shape());
        return new DataSet(input, labels);
    }

    /** What CUDA would execute: no host loop is used, in a forward pass or in a training step. */
    @Tag("long")
    @ParameterizedTest
    @MethodSource("models")
    void operationsEqualHostLoops(ModelName name) {
        NetworkModel model = NetworkModelTest.small(name, CHANNEL);
        ComputationGraph host = model.init();
        ComputationGraph ops = host.clone();
        DataSet batch = batch(model, host);
        INDArray expected = host.outputSingle(batch.getFeatures());
        host.setInputs(batch.getFeatures());
        host.setLabels(batch.getLabels());
        host.computeGradientAndScore();
        ComputePath.set(ComputePath.OPS);
        assertNear(expected, ops.outputSingle(batch.getFeatures()), 1e-4);
        ops.setInputs(batch.getFeatures());
        ops.setLabels(batch.getLabels());
        ops.computeGradientAndScore();
        assertEquals(host.score(), ops.score(), 1e-4 * Math.abs(host.score()));
        assertNear(host.gradient().gradient(), ops.gradient().gradient(), 1e-3);
    }

    /** Threads that share a model take turns: DL4J locks the network for each output. */
    @ParameterizedTest
    @MethodSource("signalModels")
    void threadsShareAModel(ModelName name) throws Exception {
        NetworkModel model = NetworkModelTest.small(name, CHANNEL);
        ComputationGraph network = model.init();
        answerEverybody(model, network, network::outputSingle, SAME);
    }

    @ParameterizedTest
    @MethodSource("signalModels")
    void parallelInference(ModelName name) throws Exception {
        NetworkModel model = NetworkModelTest.small(name, CHANNEL);
        ComputationGraph network = model.init();
        ParallelInference inference = new ParallelInference.Builder(network)
                .inferenceMode(InferenceMode.SEQUENTIAL)
                .workers(THREADS)
                .build();
        try {
            // its workers compute as DL4J does
            answerEverybody(model, network, input -> inference.output(input), ROUNDED);
        } finally {
            inference.shutdown();
        }
    }

    private interface Answer {
        INDArray to(INDArray input);
    }

    private static void answerEverybody(NetworkModel model, ComputationGraph network, Answer answer, double tolerance)
            throws Exception {
        List<Callable<Boolean>> questions = new ArrayList<>();
        for (int i = 1; i <= 4 * THREADS; i++) {
            INDArray input = NetworkModelTest.input(model, 1 + i % 3).mul(i);
            INDArray expected = network.outputSingle(input);
            questions.add(() -> expected.equalsWithEps(answer.to(input), tolerance));
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Boolean> equal : threads.invokeAll(questions)) {
                assertTrue(equal.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Workers that all get the same batch and average must end where a single network does. */
    @Tag("long")
    @ParameterizedTest
    @MethodSource("signalModels")
    void parallelWrapper(ModelName name) throws Exception {
        // not Adam, which makes large steps of the rounding errors in gradients that are nearly 0
        NetworkModel model = NetworkModelTest.smallBuilder(name, CHANNEL)
                .updater(new Sgd(1e-3))
                .build();
        ComputationGraph network = model.init();
        ComputationGraph alone = network.clone();
        DataSet batch = batch(model, alone);
        int rounds = 2;
        List<DataSet> batches = new ArrayList<>(Collections.nCopies(rounds * THREADS, batch));
        // The first round has nothing to learn: DL4J's workers copy the network while the first of them may train it
        // already.
        DataSet learned = new DataSet(batch.getFeatures(), alone.outputSingle(batch.getFeatures()));
        batches.addAll(0, Collections.nCopies(THREADS, learned));
        try (ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network)
                .workers(THREADS)
                .averagingFrequency(1)
                .prefetchBuffer(0)
                .build()) {
            wrapper.fit((DataSetIterator) new ExistingDataSetIterator(batches));
        }
        double before = alone.score(batch);
        for (int i = 0; i < rounds; i++) {
            alone.fit(batch);
        }
        assertNear(alone.params(), network.params(), 1e-5);
        assertTrue(network.score(batch) < before, "the loss falls");
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("models")
    void allModelsInAllWays(ModelName name) throws Exception {
        threadsShareAModel(name);
        parallelInference(name);
        parallelWrapper(name);
    }

    private static void assertNear(INDArray expected, INDArray actual, double tolerance) {
        double error = expected.sub(actual).amaxNumber().doubleValue();
        assertTrue(error <= tolerance * expected.amaxNumber().doubleValue(), () -> "error " + error);
    }
}
