package io.mdnc4j.blocks.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mdnc4j.blocks.ArgumentException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What threads keep of shapes that come and go. */
class PlansTest {
    private static final int MOST = 16;
    private static final int SIZES = 100;

    @BeforeEach
    void limit() {
        assumeTrue(OneDnn.AVAILABLE);
        System.setProperty(OneDnn.MAX_PLANS, "" + MOST);
    }

    @AfterEach
    void restore() {
        System.clearProperty(OneDnn.MAX_PLANS);
    }

    private static <T> T inNewThread(Callable<T> task) throws Exception {
        FutureTask<T> result = new FutureTask<>(task);
        Thread thread = new Thread(result);
        thread.start();
        thread.join();
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** A pass forward and one backward, by primitives for convolutions where the kernel is 3, by products where it is 1. */
    private static List<INDArray> pass(int kernel, int size) {
        Convolutions convolution =
                new Convolutions(new int[] {kernel, kernel}, new int[] {1, 1}, new int[] {kernel / 2, kernel / 2});
        INDArray x = Nd4j.arange(2 * size * 9).castTo(DataType.FLOAT).muli(1e-2).reshape(1, 2, size, 9);
        INDArray weight = Nd4j.arange(6 * kernel * kernel)
                .castTo(DataType.FLOAT)
                .muli(1e-2)
                .reshape(3, 2, kernel, kernel);
        INDArray y = Nd4j.create(DataType.FLOAT, 1, 3, size, 9);
        List<INDArray> gradients = List.of(x.like(), weight.like());
        convolution.forward(x, weight, null, y);
        convolution.backward(x, weight, null, y, gradients.get(0), gradients.get(1), null);
        return List.of(y, gradients.get(0), gradients.get(1));
    }

    /** Those of shapes that were not used for long are freed at once, not only forgotten. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void ofManyShapesTheLastAreKept(int kernel) throws Exception {
        inNewThread(() -> {
            pass(kernel, 4);
            Thread.sleep(10);
            System.gc();
            long before = Pointer.totalCount();
            for (int size = 5; size < 5 + SIZES; size++) {
                pass(kernel, size);
            }
            assertEquals(MOST, OneDnn.ofThread().plans());
            // what ND4J leaves to the garbage collector goes some time after it ran
            System.gc();
            for (int i = 0; i < 200 && natives(before) > 40 * MOST; i++) {
                Thread.sleep(10);
            }
            assertTrue(natives(before) <= 40 * MOST, () -> natives(before) + " native objects");
            return null;
        });
    }

    private static long natives(long before) {
        return Pointer.totalCount() - before;
    }

    @Test
    void whatWasFreedIsCreatedAgain() throws Exception {
        inNewThread(() -> {
            List<List<INDArray>> first = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                for (int size = 3; size < 3 + 2 * MOST; size++) {
                    List<INDArray> results = pass(size % 2 == 0 ? 3 : 1, size);
                    if (round == 0) {
                        first.add(results);
                    }
                    assertEquals(first.get(size - 3), results, "size " + size + " in round " + round);
                }
            }
            return null;
        });
    }

    /** Threads that come and go would otherwise leave natives that the garbage collector finds late. */
    @Test
    void theNextThreadTakesOverWhatOneHad() throws Exception {
        OneDnn one = inNewThread(() -> {
            pass(3, 5);
            return OneDnn.ofThread();
        });
        int plans = one.plans();
        assertTrue(plans > 0);
        OneDnn next = inNewThread(() -> {
            pass(3, 5);
            return OneDnn.ofThread();
        });
        assertSame(one, next);
        assertEquals(plans, next.plans());
    }

    /** Not those of a thread that lives, nor more than one. */
    @Test
    void othersAreFreedOrLeftAlone() throws Exception {
        List<OneDnn> ended = inNewThread(() -> List.of(
                inNewThreadWhileOneComputes(), // which has none to take over
                OneDnn.ofThread()));
        assertNotSame(ended.get(0), ended.get(1));
        OneDnn next = inNewThread(OneDnn::ofThread);
        assertEquals(1, ended.stream().filter(oneDnn -> oneDnn == next).count());
        assertTrue(ended.stream().anyMatch(oneDnn -> oneDnn != next && oneDnn.plans() == 0));
    }

    private static OneDnn inNewThreadWhileOneComputes() throws Exception {
        pass(3, 5);
        return inNewThread(() -> {
            pass(3, 5);
            return OneDnn.ofThread();
        });
    }

    /** JavaCPP frees what is created within a scope when that is left; plans outlive it. */
    @Test
    @SuppressWarnings({"unchecked", "try"})
    void scopesOfTheCallerDoNotFreeThem() throws Exception {
        inNewThread(() -> {
            List<INDArray> alone = pass(3, 7);
            try (PointerScope scope = new PointerScope()) {
                pass(3, 40);
                pass(3, 8);
            }
            assertEquals(alone, pass(3, 7));
            assertEquals(pass(3, 8), pass(3, 8));
            return null;
        });
    }

    /** After a lack of memory, what there was before is not used again. */
    @Test
    void stagingSurvivesALackOfMemory() {
        OneDnn.Staging staging = new OneDnn.Staging();
        Pointer before = staging.atLeast(1000);
        assertThrows(OutOfMemoryError.class, () -> staging.atLeast(1L << 60));
        assertNotSame(before, staging.atLeast(1000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "many", "", "99999999999"})
    void onlyNumbersOfPlans(String number) {
        System.setProperty(OneDnn.MAX_PLANS, number);
        ArgumentException e = assertInstanceOf(
                ArgumentException.class, assertThrows(Exception.class, () -> inNewThread(() -> pass(3, 5))));
        assertTrue(e.getMessage().startsWith(OneDnn.MAX_PLANS + ": " + number + "; give "), e.getMessage());
    }
}
