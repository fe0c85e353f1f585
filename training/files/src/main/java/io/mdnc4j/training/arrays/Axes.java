package io.mdnc4j.training.arrays;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The axes of an array whose last axis varies fastest: which place an element's number means, and back.
 *
 * <pre>{@code
 * Axes axes = new Axes(4, 6); // rows, columns
 * axes.place(13)              // {2, 1}
 * axes.index(2, 1)            // 13
 * }</pre>
 */
public final class Axes {
    private final long[] size;

    /** @param size elements of each axis */
    public Axes(long... size) {
        this.size = size.clone();
    }

    /** Those of an array {@code [C, size...]} after that of the channels. */
    public static Axes of(INDArray array) {
        return new Axes(size(array));
    }

    /** The size of an array {@code [C, size...]} on each axis but that of the channels. */
    public static long[] size(INDArray array) {
        return Arrays.copyOfRange(array.shape(), 1, array.rank());
    }

    /** A shape with an axis before the others, such as {@code [C, size...]}. */
    public static long[] prepended(long first, long... size) {
        long[] shape = new long[size.length + 1];
        shape[0] = first;
        System.arraycopy(size, 0, shape, 1, size.length);
        return shape;
    }

    /** Number of axes. */
    public int count() {
        return size.length;
    }

    /** Elements of an axis. */
    public long size(int axis) {
        return size[axis];
    }

    /**
     * Elements of all axes together.
     *
     * @throws ArithmeticException if there are more than an array on the heap can have
     */
    public int length() {
        long length = 1;
        for (long axis : size) {
            length = Math.multiplyExact(length, axis);
        }
        return Math.toIntExact(length);
    }

    /** The place of an element on each axis. */
    public long[] place(long index) {
        return place(index, new long[size.length]);
    }

    /**
     * The same without another array.
     *
     * @param place is set, and returned
     */
    public long[] place(long index, long... place) {
        long rest = index;
        for (int axis = size.length - 1; axis >= 0; axis--) {
            place[axis] = rest % size[axis];
            rest /= size[axis];
        }
        return place;
    }

    /** The number of the element at a place. */
    public int index(long... place) {
        long index = 0;
        for (int axis = 0; axis < size.length; axis++) {
            index = index * size[axis] + place[axis];
        }
        return (int) index;
    }
}
