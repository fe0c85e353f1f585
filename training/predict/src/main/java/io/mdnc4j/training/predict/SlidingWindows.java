package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Release;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Windows of one size that cover an array {@code [C, size...]} and overlap by half or more, and the array that results from
 * their outputs: the mean, in which an output counts the less the nearer it is to its window's border.
 */
final class SlidingWindows {
    /** Part of a window that the next one overlaps, at least. */
    private static final double OVERLAP = 0.5;

    /** The least weight; borders of the whole array lie in no window's middle. */
    private static final double LEAST = 1e-3;

    private final INDArray input;
    private final long[] window;
    private final List<long[]> starts;
    private INDArray sum;
    /** Sum of the weights at each position, {@code [size...]}. */
    private INDArray weights;

    private INDArray weight;
    private int added;

    /**
     * @param input {@code [C, size...]}
     * @param window size of a window, one number an axis; smaller where the input is
     */
    SlidingWindows(INDArray input, long... window) {
        this.input = input;
        this.window = new long[window.length];
        List<long[]> corners = List.of(new long[window.length]);
        for (int axis = 0; axis < window.length; axis++) {
            long size = input.size(axis + 1);
            this.window[axis] = Math.min(window[axis], size);
            corners = product(corners, axis, starts(size, this.window[axis]));
        }
        this.starts = corners;
    }

    private static List<long[]> product(List<long[]> corners, int axis, long... starts) {
        List<long[]> all = new ArrayList<>();
        for (long[] corner : corners) {
            for (long start : starts) {
                long[] next = corner.clone();
                next[axis] = start;
                all.add(next);
            }
        }
        return all;
    }

    /** Evenly spread starts of windows over an axis. */
    static long[] starts(long size, long window) {
        long rest = size - window;
        double stride = Math.max(1, window * (1 - OVERLAP));
        int count = (int) Math.ceil(rest / stride) + 1;
        long[] starts = new long[count];
        for (int i = 1; i < count; i++) {
            starts[i] = Math.round((double) rest * i / (count - 1));
        }
        return starts;
    }

    /** Number of windows. */
    int count() {
        return starts.size();
    }

    /** Shape of a window, {@code [C, size...]}. */
    long[] shape() {
        long[] shape = new long[window.length + 1];
        shape[0] = input.size(0);
        System.arraycopy(window, 0, shape, 1, window.length);
        return shape;
    }

    /** The values of a window, channel by channel. */
    float[] values(int index) {
        INDArray part = count() == 1 ? input : input.get(place(starts.get(index)));
        return OnHeap.floats(part);
    }

    private INDArrayIndex[] place(long... start) {
        INDArrayIndex[] place = new INDArrayIndex[start.length + 1];
        place[0] = NDArrayIndex.all();
        for (int axis = 0; axis < start.length; axis++) {
            place[axis + 1] = NDArrayIndex.interval(start[axis], start[axis] + window[axis]);
        }
        return place;
    }

    /**
     * Adds the output of the next window, {@code [C', size...]}, or {@code [K]} where there is one window only.
     *
     * @return the whole output once all are added, {@code null} before
     * @throws IllegalArgumentException if the output has not the size of the window
     */
    INDArray add(INDArray output) {
        if (count() == 1) {
            return output;
        }
        if (sum == null) {
            begin(output);
        }
        INDArrayIndex[] place = place(starts.get(added++));
        INDArrayIndex[] ofChannel = Arrays.copyOfRange(place, 1, place.length);
        for (int channel = 0; channel < output.size(0); channel++) {
            INDArray weighted = output.slice(channel).mul(weight);
            // the slice first: ND4J's slices of a view with gaps are empty
            sum.slice(channel).get(ofChannel).addi(weighted);
            Release.of(weighted);
        }
        weights.get(ofChannel).addi(weight);
        return added < count() ? null : mean();
    }

    private INDArray mean() {
        for (int channel = 0; channel < sum.size(0); channel++) {
            sum.slice(channel).divi(weights);
        }
        Release.of(weights, weight);
        return sum;
    }

    private void begin(INDArray output) {
        long[] expected = shape();
        expected[0] = output.size(0);
        if (!Arrays.equals(expected, output.shape())) {
            throw new IllegalArgumentException("model: its output " + Arrays.toString(output.shape())
                    + " has not the size of its input; give inputs of the size that it was trained on, "
                    + Arrays.toString(shape()));
        }
        long[] shape = input.shape().clone();
        shape[0] = output.size(0);
        sum = Nd4j.zeros(output.dataType(), shape);
        weights = Nd4j.zeros(output.dataType(), Arrays.copyOfRange(shape, 1, shape.length));
        weight = Nd4j.ones(output.dataType(), window);
        for (int axis = 0; axis < window.length; axis++) {
            long[] along = new long[window.length];
            Arrays.fill(along, 1);
            along[axis] = window[axis];
            weight.muli(hann(window[axis])
                    .castTo(output.dataType())
                    .reshape('c', along)
                    .broadcast(window));
        }
    }

    private static INDArray hann(long length) {
        double[] values = new double[(int) length];
        for (int i = 0; i < values.length; i++) {
            double sine = Math.sin(Math.PI * (i + 0.5) / values.length);
            values[i] = Math.max(sine * sine, LEAST);
        }
        return Nd4j.createFromArray(values);
    }
}
