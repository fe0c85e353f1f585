package io.mdnc4j.training.data;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Release;
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

    /**
     * A copy of a window; what lies beyond the array is its background, of each channel the median of the elements at the border
     * of what the window has of it.
     *
     * @param array {@code [C, size...]}
     * @param start first element on each axis, may be negative
     * @param size of the window on each axis
     * @return the window, {@code [C, size...]} with the size of the window
     */
    static INDArray framed(INDArray array, long[] start, long... size) {
        long[] from = new long[size.length];
        long[] part = new long[size.length];
        for (int axis = 0; axis < size.length; axis++) {
            from[axis] = Math.max(start[axis], 0);
            part[axis] = Math.min(start[axis] + size[axis], array.size(axis + 1)) - from[axis];
        }
        if (Arrays.equals(part, size)) {
            return cut(array, from, part);
        }
        float[] values = floats(array, from, part);
        int channels = (int) array.size(0);
        Axes of = new Axes(part);
        Axes to = new Axes(size);
        float[] result = new float[channels * to.length()];
        for (int c = 0; c < channels; c++) {
            float[] channel = Arrays.copyOfRange(values, c * of.length(), (c + 1) * of.length());
            Arrays.fill(result, c * to.length(), (c + 1) * to.length(), background(of, channel));
            for (int i = 0; i < channel.length; i++) {
                long[] place = of.place(i);
                for (int axis = 0; axis < place.length; axis++) {
                    place[axis] += from[axis] - start[axis];
                }
                result[c * to.length() + to.index(place)] = channel[i];
            }
        }
        return Nd4j.createFromArray(result).reshape('c', Axes.prepended(channels, size));
    }

    private static float[] floats(INDArray array, long[] start, long... size) {
        if (Arrays.equals(size, Axes.size(array))) {
            return OnHeap.floats(array);
        }
        INDArray window = cut(array, start, size);
        float[] values = OnHeap.floats(window);
        Release.of(window);
        return values;
    }

    private static float background(Axes axes, float... values) {
        float[] border = new float[values.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            long[] place = axes.place(i);
            for (int axis = 0; axis < place.length; axis++) {
                if (place[axis] == 0 || place[axis] == axes.size(axis) - 1) {
                    border[count++] = values[i];
                    break;
                }
            }
        }
        Arrays.sort(border, 0, count);
        return border[count / 2];
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
