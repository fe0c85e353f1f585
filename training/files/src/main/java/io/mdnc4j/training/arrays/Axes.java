package io.mdnc4j.training.arrays;

import io.mdnc4j.blocks.ArgumentException;
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

    /**
     * Axes of these sizes.
     *
     * @param size elements of each axis
     * @throws ArgumentException if one is negative
     */
    public Axes(long... size) {
        ArgumentException.require(
                Arrays.stream(size).allMatch(axis -> axis >= 0), "size", size, "give at least 0 elements on each axis");
        this.size = size.clone();
    }

    /**
     * Those of an array after that of the channels.
     *
     * @param array {@code [C, size...]}
     * @return the axes of {@code size}
     * @throws ArgumentException if it has no axis at all
     */
    public static Axes of(INDArray array) {
        return new Axes(size(array));
    }

    /**
     * The size of an array on each axis but that of the channels.
     *
     * @param array {@code [C, size...]}
     * @return {@code size}
     * @throws ArgumentException if it has no axis at all
     */
    public static long[] size(INDArray array) {
        ArgumentException.require(array.rank() > 0, "array", "a scalar", "give [C, size...]");
        return Arrays.copyOfRange(array.shape(), 1, array.rank());
    }

    /**
     * A shape with an axis before the others, such as {@code [C, size...]}.
     *
     * @param first elements of the axis before the others
     * @param size elements of the others
     * @return all of them
     */
    public static long[] prepended(long first, long... size) {
        long[] shape = new long[size.length + 1];
        shape[0] = first;
        System.arraycopy(size, 0, shape, 1, size.length);
        return shape;
    }

    /** {@return the number of axes} */
    public int count() {
        return size.length;
    }

    /**
     * Elements of an axis.
     *
     * @param axis from 0
     * @return how many
     */
    public long size(int axis) {
        return size[axis];
    }

    /**
     * Elements of all axes together.
     *
     * @return how many
     * @throws ArithmeticException if there are more than an array on the heap can have
     */
    public int length() {
        long length = 1;
        for (long axis : size) {
            length = Math.multiplyExact(length, axis);
        }
        return Math.toIntExact(length);
    }

    /**
     * The place of an element.
     *
     * @param index the element's number, from 0
     * @return its place on each axis
     */
    public long[] place(long index) {
        return place(index, new long[size.length]);
    }

    /**
     * The same without another array.
     *
     * @param index the element's number, from 0
     * @param place is set, and returned
     * @return its place on each axis
     */
    public long[] place(long index, long... place) {
        long rest = index;
        for (int axis = size.length - 1; axis >= 0; axis--) {
            place[axis] = rest % size[axis];
            rest /= size[axis];
        }
        return place;
    }

    /**
     * The number of the element at a place.
     *
     * @param place on each axis, from 0
     * @return the element's number, from 0
     * @throws ArithmeticException if it is larger than the last of an array on the heap
     */
    public int index(long... place) {
        long index = 0;
        for (int axis = 0; axis < size.length; axis++) {
            index = index * size[axis] + place[axis];
        }
        return Math.toIntExact(index);
    }
}
