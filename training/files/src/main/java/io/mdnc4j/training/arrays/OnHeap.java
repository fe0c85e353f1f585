package io.mdnc4j.training.arrays;

import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies of arrays' elements on the heap, in row-major order. Nothing is left outside of it for the garbage collector. */
public final class OnHeap {
    private OnHeap() {}

    public static float[] floats(INDArray array) {
        return copy(array, DataBuffer::asFloat);
    }

    public static double[] doubles(INDArray array) {
        return copy(array, DataBuffer::asDouble);
    }

    /** Rounded towards zero. */
    public static int[] ints(INDArray array) {
        return copy(array, DataBuffer::asInt);
    }

    private static <T> T copy(INDArray array, Function<DataBuffer, T> elements) {
        INDArray dense = array.dup('c');
        T copy = elements.apply(dense.data());
        Release.of(dense);
        return copy;
    }
}
