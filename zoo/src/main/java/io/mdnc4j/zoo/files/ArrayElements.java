package io.mdnc4j.zoo.files;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The elements of a row-major array without gaps, of floats or doubles, many at a time: by its memory where that is the
 * host's, else through ND4J.
 */
public final class ArrayElements {
    private final INDArray flat;
    private final FloatPointer floats;
    private final DoublePointer doubles;

    /**
     * The elements of that array; writing to them writes to it.
     *
     * @param array of floats or doubles
     * @throws ArgumentException if it is closed, of another type than float or double, or has gaps
     */
    public ArrayElements(INDArray array) {
        ArgumentException.require(
                !array.wasClosed(),
                "array",
                "of shape " + Arrays.toString(array.shape()) + " is closed",
                "close arrays, and networks, after their last use");
        DataType type = array.dataType();
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new ArgumentException("array", "of type " + type, "use float or double");
        }
        if (!dense(array)) {
            throw new ArgumentException(
                    "array",
                    "strides " + Arrays.toString(array.stride()) + " of shape " + Arrays.toString(array.shape())
                            + " leave gaps",
                    "use a row-major copy");
        }
        boolean host = Nd4j.getEnvironment().isCPU();
        flat = host ? array : array.reshape(array.length());
        floats = host && type == DataType.FLOAT
                ? new FloatPointer(array.data().addressPointer()).capacity(array.length())
                : null;
        doubles = host && type == DataType.DOUBLE
                ? new DoublePointer(array.data().addressPointer()).capacity(array.length())
                : null;
    }

    /**
     * {@return whether the array's elements lie in row-major order without gaps, wherever they begin}
     *
     * @param array of floats or doubles
     */
    public static boolean dense(INDArray array) {
        long expected = 1;
        for (int axis = array.rank() - 1; axis >= 0; axis--) {
            if (array.size(axis) != 1 && array.stride(axis) != expected) {
                return false;
            }
            expected *= array.size(axis);
        }
        return true;
    }

    /**
     * {@return whether they are floats; else they are doubles}
     */
    public boolean areFloats() {
        return flat.dataType() == DataType.FLOAT;
    }

    /**
     * {@return number of elements}
     */
    public long length() {
        return flat.length();
    }

    /**
     * Sets {@code count} elements from {@code start} on; they must be floats.
     *
     * @param start number of the first one
     * @param values values of options
     * @param count how many
     */
    public void put(long start, float[] values, int count) {
        if (floats != null) {
            floats.position(start).put(values, 0, count);
        } else {
            part(start, count).assign(Nd4j.createFromArray(Arrays.copyOf(values, count)));
        }
    }

    /**
     * Sets {@code count} elements from {@code start} on; they must be doubles.
     *
     * @param start number of the first one
     * @param values values of options
     * @param count how many
     */
    public void put(long start, double[] values, int count) {
        if (doubles != null) {
            doubles.position(start).put(values, 0, count);
        } else {
            part(start, count).assign(Nd4j.createFromArray(Arrays.copyOf(values, count)));
        }
    }

    /**
     * Copies {@code count} elements from {@code start} on; they must be floats.
     *
     * @param start number of the first one
     * @param values values of options
     * @param count how many
     */
    public void get(long start, float[] values, int count) {
        if (floats != null) {
            floats.position(start).get(values, 0, count);
        } else {
            System.arraycopy(part(start, count).toFloatVector(), 0, values, 0, count);
        }
    }

    /**
     * Copies {@code count} elements from {@code start} on; they must be doubles.
     *
     * @param start number of the first one
     * @param values values of options
     * @param count how many
     */
    public void get(long start, double[] values, int count) {
        if (doubles != null) {
            doubles.position(start).get(values, 0, count);
        } else {
            System.arraycopy(part(start, count).toDoubleVector(), 0, values, 0, count);
        }
    }

    private INDArray part(long start, int count) {
        return flat.get(NDArrayIndex.interval(start, start + count));
    }
}
