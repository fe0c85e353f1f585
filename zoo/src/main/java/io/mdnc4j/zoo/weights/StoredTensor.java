package io.mdnc4j.zoo.weights;

import java.util.Arrays;

/** A strided view of a storage: element {@code i, j, ...} is the storage's {@code offset + i strides[0] + j strides[1] ...}. */
final class StoredTensor {
    /** PyTorch's limit is 64, but no network here has tensors of a rank above 5. */
    static final int MAX_RANK = 16;

    private final Storage storage;
    private final long offset;
    private final long[] shape;
    private final long[] strides;
    private final long elements;

    /**
     * Checks that the view lies within its storage.
     *
     * @throws WeightsException if it does not
     */
    StoredTensor(Storage storage, long offset, long[] shape, long[] strides) throws WeightsException {
        this.storage = storage;
        this.offset = offset;
        this.shape = shape;
        this.strides = strides;
        this.elements = count(shape);
        boolean within = shape.length == strides.length && shape.length <= MAX_RANK && elements >= 0 && offset >= 0;
        try {
            if (!within || elements > 0 && last() >= storage.elements()) {
                throw new WeightsException("a tensor of shape " + Arrays.toString(shape) + ", strides "
                        + Arrays.toString(strides) + " and offset " + offset + " does not lie in its storage \""
                        + storage.name() + "\" of " + storage.elements() + " elements");
            }
        } catch (ArithmeticException e) {
            throw new WeightsException("a tensor of shape " + Arrays.toString(shape) + " is too large", e);
        }
    }

    /** A tensor that is all of a storage, row-major. */
    static StoredTensor whole(Storage storage, long[] shape) throws WeightsException {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(shape[axis], 1);
        }
        return new StoredTensor(storage, 0, shape, strides);
    }

    /**
     * The number of elements of that shape.
     *
     * @return -1 for a negative size or more than fit a long
     */
    static long count(long... shape) {
        long count = 1;
        boolean empty = false;
        for (long size : shape) {
            if (size < 0 || size > 0 && count > Long.MAX_VALUE / size) {
                return -1;
            }
            empty |= size == 0;
            count *= Math.max(size, 1);
        }
        return empty ? 0 : count;
    }

    /** Whether it is the same part of the same storage. */
    boolean sameView(StoredTensor other) {
        return storage == other.storage
                && offset == other.offset
                && Arrays.equals(shape, other.shape)
                && Arrays.equals(strides, other.strides);
    }

    Storage storage() {
        return storage;
    }

    long offset() {
        return offset;
    }

    long[] shape() {
        return shape.clone();
    }

    long stride(int axis) {
        return strides[axis];
    }

    long elements() {
        return elements;
    }

    /** Place of the last element in the storage. */
    long last() {
        long last = offset;
        for (int axis = 0; axis < shape.length; axis++) {
            if (strides[axis] < 0) {
                return Long.MAX_VALUE;
            }
            last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
        }
        return last;
    }

    /** Whether its elements lie in row-major order without gaps. */
    boolean contiguous() {
        long expected = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] != 1 && strides[axis] != expected) {
                return false;
            }
            expected *= shape[axis];
        }
        return true;
    }
}
