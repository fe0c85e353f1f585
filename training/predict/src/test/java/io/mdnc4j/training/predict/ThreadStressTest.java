package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.NetworkModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Several threads with changing sizes, and so few plans to a thread that each size finds those of others in its place. Each
 * result is bit for bit what one thread computes alone.
 */
@Tag("long")
class ThreadStressTest {
    private static final String MAX_PLANS = "mdnc4j.max-plans";
    private static final int THREADS = 6;
    private static final int ROUNDS = 60;
    private static final int STEPS = 12;

    @BeforeAll
    static void fewPlans() {
        System.setProperty(MAX_PLANS, "7");
    }

    @AfterAll
    static void asUsual() {
        System.clearProperty(MAX_PLANS);
    }

    private static ComputationGraph network(String name, long seed) {
        return NetworkModel.builder(name)
                .channel(4)
                .layers(1, 1)
                .updater(new Sgd(1e-3))
                .seed(seed)
                .build()
                .init();
    }

    /** An input, and what one thread makes of it alone. */
    private record Question(INDArray input, float[] answer) {
        static Question of(ComputationGraph network, INDArray input) {
            return new Question(input, answer(network, input));
        }

        static float[] answer(ComputationGraph network, INDArray input) {
            try (INDArray output = network.outputSingle(input)) {
                return output.dup('c').data().asFloat();
            }
        }
    }

    /** Sizes from a few elements, which one thread computes, to some that are shared among several. */
    private static INDArray input(int dimensions, Random random) {
        int most = dimensions == 1 ? 4000 : dimensions == 2 ? 90 : 22;
        long[] shape = new long[dimensions + 2];
        shape[0] = 1 + random.nextInt(3);
        shape[1] = 1;
        for (int i = 2; i < shape.length; i++) {
            shape[i] = 8 + random.nextInt(most - 8);
        }
        float[] values = new float
                [IntStream.range(0, shape.length).map(i -> (int) shape[i]).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        // a copy, since ND4J closes no arrays that were reshaped
        return Nd4j.createFromArray(values).reshape('c', shape).dup();
    }

    private static void inThreads(List<Callable<Void>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            for (Future<Void> result : threads.invokeAll(tasks, 10, TimeUnit.MINUTES)) {
                result.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource({"conv.unet1d, 1", "resnet.unet2d, 2", "conv.ae2d, 2", "resnet.unet3d, 3"})
    void clonesOfANetwork(String name, int dimensions) throws Exception {
        ComputationGraph network = network(name, 3);
        Random random = new Random(4);
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            questions.add(Question.of(network, input(dimensions, random)));
        }
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            ComputationGraph own = network.clone();
            Random order = new Random(thread);
            tasks.add(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    Question question = questions.get(order.nextInt(questions.size()));
                    assertArrayEquals(question.answer(), Question.answer(own, question.input()));
                }
                return null;
            });
        }
        inThreads(tasks);
    }

    /** On the threads that the loops over maps share their work with, too. */
    @Test
    void parallelStreams() {
        ComputationGraph network = network("resnet.unet2d", 3);
        Random random = new Random(5);
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            questions.add(Question.of(network, input(2, random)));
        }
        ThreadLocal<ComputationGraph> own = ThreadLocal.withInitial(network::clone);
        for (int round = 0; round < 4; round++) {
            List<float[]> outputs = questions.parallelStream()
                    .map(question -> Question.answer(own.get(), question.input()))
                    .toList();
            for (int i = 0; i < outputs.size(); i++) {
                assertArrayEquals(questions.get(i).answer(), outputs.get(i), "input " + i);
            }
        }
    }

    @Test
    void onePredictor() throws Exception {
        Normalization own = new Normalization(Normalization.By.SAMPLE, List.of(), List.of(), true);
        ModelDescription images = new ModelDescription(
                null, "regression", List.of(1L, 24L, 20L), own, List.of(), null, null, List.of(), Map.of());
        Random random = new Random(6);
        List<INDArray> inputs = new ArrayList<>();
        List<INDArray> expected = new ArrayList<>();
        try (Predictor predictor = Predictor.builder(network("conv.unet2d", 3), images)
                .threads(THREADS)
                .batch(3)
                .build()) {
            for (int i = 0; i < 24; i++) {
                INDArray input = input(2, random);
                inputs.add(input.get(NDArrayIndex.point(0)).dup());
                expected.add(predictor.predict(inputs.get(i)));
            }
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random order = new Random(thread);
                tasks.add(() -> {
                    for (int round = 0; round < ROUNDS / 2; round++) {
                        int i = order.nextInt(inputs.size());
                        assertEquals(expected.get(i), predictor.predict(inputs.get(i)), "input " + i);
                    }
                    return null;
                });
            }
            inThreads(tasks);
        }
    }

    private static float[] trained(long seed) {
        ComputationGraph network = network("resnet.unet2d", seed);
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            INDArray x = input(2, random);
            network.fit(new DataSet(x, x.mul(0.5)));
        }
        return network.params().data().asFloat();
    }

    /** Each with a network of its own; the others' predictions and trainings leave it as it is. */
    @Test
    void fitsBesidePredictions() throws Exception {
        Supplier<ComputationGraph> predicting = () -> network("conv.unet2d", 9);
        ComputationGraph alone = predicting.get();
        Random random = new Random(7);
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            questions.add(Question.of(alone, input(2, random)));
        }
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < THREADS / 2; thread++) {
            long seed = thread;
            float[] expected = trained(seed);
            tasks.add(() -> {
                for (int round = 0; round < 3; round++) {
                    assertArrayEquals(expected, trained(seed), "training " + seed + " in round " + round);
                }
                return null;
            });
            ComputationGraph own = predicting.get();
            tasks.add(() -> {
                for (int round = 0; round < 2 * ROUNDS; round++) {
                    Question question = questions.get((int) ((round * 7 + seed) % questions.size()));
                    assertArrayEquals(question.answer(), Question.answer(own, question.input()));
                }
                return null;
            });
        }
        inThreads(tasks);
    }

    /** Some of the inputs were closed by those that handed them over: those are refused, the others computed. */
    @Test
    void arraysThatOthersClosed() throws Exception {
        ComputationGraph network = network("resnet.unet2d", 3);
        ConcurrentLinkedQueue<Question> open = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<INDArray> closed = new ConcurrentLinkedQueue<>();
        AtomicInteger refused = new AtomicInteger();
        Random random = new Random(8);
        for (int i = 0; i < THREADS * 20; i++) {
            open.add(Question.of(network, input(2, random)));
        }
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            ComputationGraph own = network.clone();
            tasks.add(() -> {
                for (Question question = open.poll(); question != null; question = open.poll()) {
                    assertArrayEquals(question.answer(), Question.answer(own, question.input()));
                    question.input().close();
                    closed.add(question.input());
                    INDArray others = closed.poll();
                    if (others != null) {
                        assertThrows(ArgumentException.class, () -> own.outputSingle(others));
                        refused.incrementAndGet();
                    }
                }
                return null;
            });
        }
        inThreads(tasks);
        assertTrue(refused.get() >= THREADS * 19, refused + " refused");
    }

    /** Each thread ends after a few calls, and the next takes over its plans. */
    @Test
    void threadsThatComeAndGo() throws Exception {
        ComputationGraph network = network("conv.unet2d", 3);
        Random random = new Random(10);
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            questions.add(Question.of(network, input(2, random)));
        }
        for (int generation = 0; generation < 30; generation++) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 1 + generation % THREADS; thread++) {
                Question question = questions.get((generation * 3 + thread) % questions.size());
                ComputationGraph own = network.clone();
                tasks.add(() -> {
                    assertArrayEquals(question.answer(), Question.answer(own, question.input()));
                    return null;
                });
            }
            inThreads(tasks);
        }
    }
}
