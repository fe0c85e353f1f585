package io.mdnc4j.training.arrays;

import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies of arrays' elements on the heap, in row-major order. Nothing is left outside of it for the garbage collector. */
public final class OnHeap {
    private OnHeap() {}

    /**
     * Elements as floats.
     *
     * @param array of any shape and type
     * @return its elements, the last axis varying fastest
     */
    public static float[] floats(INDArray array) {
        return copy(array, DataBuffer::asFloat);
    }

    /**
     * Elements as doubles.
     *
     * @param array of any shape and type
     * @return its elements, the last axis varying fastest
     */
    public static double[] doubles(INDArray array) {
        return copy(array, DataBuffer::asDouble);
    }

    /**
     * Elements as whole numbers.
     *
     * @param array of any shape and type
     * @return its elements, rounded towards zero, the last axis varying fastest
     */
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
