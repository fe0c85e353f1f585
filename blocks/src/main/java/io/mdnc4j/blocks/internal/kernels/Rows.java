package io.mdnc4j.blocks.internal.kernels;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.ComputePath;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Access to the off-heap memory of float arrays, a block of a row at a time.
 *
 * <p>A block is copied into a reused {@code float[]}, worked on there and copied back: the JIT vectorises loops over
 * arrays, not over direct buffers.
 */
public final class Rows {
    /** Elements worked on at a time; a few such blocks stay in the first-level cache. */
    static final int BLOCK = 2048;

    /** Independent partial sums of a reduction, so that it vectorises and keeps its precision. */
    static final int LANES = 16;

    /** Below this many elements starting a parallel task costs more than the task. */
    private static final long SEQUENTIAL = 1 << 14;

    /** Shares of a parallel run: a few for each thread, so that none waits long for the last. */
    private static final int SHARES = 3 * (ForkJoinPool.getCommonPoolParallelism() + 1);

    private Rows() {}

    /** Whether host loops are to work on these arrays; {@code null} stands for none. */
    public static boolean serve(INDArray... arrays) {
        if (ComputePath.current() != ComputePath.HOST || !Backend.CPU) {
            return false;
        }
        for (INDArray array : arrays) {
            if (array != null && !accessible(array)) {
                return false;
            }
        }
        return true;
    }

    /** Looked up once, on first use, since it starts ND4J. */
    private static final class Backend {
        static final boolean CPU = !Nd4j.getBackend().getClass().getSimpleName().contains("Jcublas");
    }

    /** Whether host loops may work on that array: floats in host memory, in order, without gaps. */
    private static boolean accessible(INDArray array) {
        if (array.dataType() != DataType.FLOAT || array.isEmpty() || array.length() > Integer.MAX_VALUE - 8) {
            return false;
        }
        return Kernels.dense(array);
    }

    /** The memory of the array's elements, from its own first element on; nothing beyond them can be reached. */
    public static FloatBuffer of(INDArray array) {
        return new FloatPointer(memory(array, array.length()))
                .capacity(array.length())
                .asBuffer();
    }

    /**
     * Where the array's elements lie. This is the one place in which an address leaves Java: what is done at it nobody checks.
     *
     * @param elements how many are read or written there
     * @throws ArgumentException if the array is closed, so that others may have its memory
     * @throws IllegalArgumentException if it has another type or number of elements
     */
    public static Pointer memory(INDArray array, long elements) {
        if (array.wasClosed()) {
            throw new ArgumentException(
                    "array",
                    "of shape " + Arrays.toString(array.shape()) + " is closed",
                    "close arrays, and networks, after their last use");
        }
        if (array.dataType() != DataType.FLOAT || array.length() != elements) {
            throw new IllegalArgumentException("an array of " + array.length() + " elements of type " + array.dataType()
                    + " in place of " + elements + " floats");
        }
        return array.data().addressPointer();
    }

    /** The array's elements on the heap; for the few of scales, shifts and slopes. */
    public static float[] copy(INDArray array) {
        float[] values = new float[(int) array.length()];
        of(array).get(0, values);
        return values;
    }

    /** A task on one row or map, with the memory of the thread that runs it. */
    @FunctionalInterface
    public interface Task {
        void run(int number, Scratch scratch);
    }

    /** Runs the tasks 0 to count - 1, in a few shares at once where the number of elements touched is worth it. */
    public static void forEach(int count, long elements, Task task) {
        int shares = elements < SEQUENTIAL || Alone.here() ? 1 : Math.min(count, SHARES);
        if (shares == 1) {
            runShare(0, 1, count, task);
        } else {
            IntStream.range(0, shares).parallel().forEach(share -> runShare(share, shares, count, task));
        }
    }

    private static void runShare(int share, int shares, int count, Task task) {
        Scratch scratch = Scratch.ofThread();
        int end = (int) ((share + 1L) * count / shares);
        for (int number = (int) ((long) share * count / shares); number < end; number++) {
            task.run(number, scratch);
        }
    }

    /** Sum of the lanes, which it clears for the next block. */
    static double drain(float[] lanes) {
        double sum = 0;
        for (float lane : lanes) {
            sum += lane;
        }
        Arrays.fill(lanes, 0);
        return sum;
    }
}
