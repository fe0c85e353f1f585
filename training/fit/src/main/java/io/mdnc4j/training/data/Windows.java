package io.mdnc4j.training.data;

import io.mdnc4j.training.arrays.Axes;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Cuts windows out of arrays {@code [C, size...]}. */
public final class Windows {
    private Windows() {}

    /**
     * A copy of a window; what lies beyond the array is its mirror image.
     *
     * @param array {@code [C, size...]}
     * @param start first element on each axis, may be negative
     * @param size of the window on each axis
     * @return the window, {@code [C, size...]} with the size of the window
     */
    public static INDArray cut(INDArray array, long[] start, long... size) {
        boolean inside = true;
        INDArrayIndex[] place = new INDArrayIndex[size.length + 1];
        place[0] = NDArrayIndex.all();
        for (int axis = 0; axis < size.length; axis++) {
            inside &= start[axis] >= 0 && start[axis] + size[axis] <= array.size(axis + 1);
            place[axis + 1] = NDArrayIndex.interval(start[axis], start[axis] + size[axis]);
        }
        return inside ? array.get(place).dup('c') : mirrored(array, start, size);
    }

    private static INDArray mirrored(INDArray array, long[] start, long... size) {
        // only the part that occurs, which may be far smaller than the array
        long[] from = new long[size.length];
        long[] part = new long[size.length];
        int[][] places = new int[size.length][];
        for (int axis = 0; axis < size.length; axis++) {
            long length = array.size(axis + 1);
            places[axis] = new int[(int) size[axis]];
            for (int i = 0; i < places[axis].length; i++) {
                places[axis][i] = (int) reflected(start[axis] + i, length);
            }
            from[axis] = Arrays.stream(places[axis]).min().getAsInt();
            part[axis] = Arrays.stream(places[axis]).max().getAsInt() + 1 - from[axis];
        }
        int channels = (int) array.size(0);
        float[] values = cut(array, from, part).data().asFloat();
        Axes of = new Axes(part);
        Axes to = new Axes(size);
        int length = to.length();
        int partLength = values.length / channels;
        float[] result = new float[channels * length];
        long[] place = new long[size.length];
        for (int i = 0; i < length; i++) {
            to.place(i, place);
            for (int axis = 0; axis < place.length; axis++) {
                place[axis] = places[axis][(int) place[axis]] - from[axis];
            }
            int index = of.index(place);
            for (int c = 0; c < channels; c++) {
                result[c * length + i] = values[c * partLength + index];
            }
        }
        return Nd4j.createFromArray(result).reshape('c', Axes.prepended(channels, size));
    }

    /** 0 1 2 1 0 1 2 ... */
    private static long reflected(long index, long length) {
        if (length == 1) {
            return 0;
        }
        long period = 2 * (length - 1);
        long place = Math.floorMod(index, period);
        return place < length ? place : period - place;
    }
}
