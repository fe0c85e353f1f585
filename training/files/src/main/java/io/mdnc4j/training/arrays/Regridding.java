package io.mdnc4j.training.arrays;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The way of an array from its own grid to another one, and back: axes are exchanged and reversed, which changes no value, and
 * then resampled where distances differ by more than {@link Grid#TOLERANCE}. What is unknown of either grid is taken to be as in
 * the other one.
 *
 * <pre>{@code
 * Regridding way = Regridding.between(file.grid(), Grid.of(List.of(2.0, 2.0, 2.0), "SAR"), 181, 217, 181);
 * INDArray coarse = way.apply(volume, Resampling.CUBIC.antiAliased());   // [1, 91, 109, 91]
 * INDArray fine = way.restore(probabilities, Resampling.LINEAR);         // [K, 181, 217, 181]
 * }</pre>
 *
 * <p>Nothing is rotated, cropped or padded: the array covers the same space before and after. Memory: that of
 * {@link Resampling}, and one channel more where axes are exchanged.
 */
public final class Regridding {
    /** Times as many elements as before that an array may get: more come of a wrong header, not of a finer grid. */
    private static final double MAX_GROWTH = 1000;

    private final Grid from;
    private final Grid to;
    private final long[] size;

    /** For each axis of the other grid, which one of the own it is. */
    private final int[] source;

    /** For each axis of the other grid, whether it is reversed. */
    private final boolean[] reversed;

    /** The size with axes exchanged, before resampling. */
    private final long[] arranged;

    private final long[] resampled;

    private Regridding(Grid from, Grid to, long... size) {
        this.from = from.withAxes(size.length);
        this.to = to.withAxes(size.length);
        this.size = size;
        this.source = IntStream.range(0, size.length).toArray();
        this.reversed = new boolean[size.length];
        orient();
        this.arranged = Arrays.stream(source).mapToLong(axis -> size[axis]).toArray();
        this.resampled = arranged.clone();
        for (int axis = 0; axis < size.length; axis++) {
            double ratio = this.from.step(source[axis], size.length) / this.to.step(axis, size.length);
            // NaN where either is unknown
            if (Math.abs(ratio - 1) > Grid.TOLERANCE) {
                resampled[axis] = Math.max(1, (long) Math.rint(arranged[axis] * ratio));
            }
        }
        requireGrowth();
    }

    /** @param source for each axis of the other array, which one of the own it is */
    private Regridding(long[] size, int[] source, long... resampled) {
        this.from = Grid.UNKNOWN;
        this.to = Grid.UNKNOWN;
        this.size = size;
        this.source = source;
        this.reversed = new boolean[size.length];
        this.arranged = Arrays.stream(source).mapToLong(axis -> size[axis]).toArray();
        this.resampled = resampled;
        requireGrowth();
    }

    private void requireGrowth() {
        double growth = product(resampled) / product(size);
        ArgumentException.require(
                growth <= MAX_GROWTH,
                "grid",
                from + ", of which " + to + " would make " + (long) growth + " times as many elements",
                "correct what the file says of it");
    }

    private static double product(long... size) {
        return Arrays.stream(size).mapToDouble(axis -> axis).reduce(1, (a, b) -> a * b);
    }

    private void orient() {
        String mine = from.orientation();
        String other = to.orientation();
        if (mine.isEmpty() || other.isEmpty()) {
            return;
        }
        int first = size.length - other.length();
        for (int axis = 0; axis < other.length(); axis++) {
            int wanted = Grid.bodyAxis(other.charAt(axis));
            int found = IntStream.range(0, mine.length())
                    .filter(one -> Grid.bodyAxis(mine.charAt(one)) == wanted)
                    .findFirst()
                    .orElse(-1);
            ArgumentException.require(
                    found >= 0 && mine.length() == other.length(),
                    "orientation",
                    mine + ", to become " + other,
                    "give an array that is cut along the same axes");
            source[first + axis] = first + found;
            reversed[first + axis] = mine.charAt(found) != other.charAt(axis);
        }
    }

    /**
     * The way between two grids.
     *
     * @param from the array's own grid
     * @param to the other one
     * @param size elements on each of the array's axes after that of the channels
     * @return the way
     * @throws ArgumentException if the two are of other axes of a body, such as slices along another one, or the array would
     *     get more than 1,000 times as many elements
     */
    public static Regridding between(Grid from, Grid to, long... size) {
        return new Regridding(from, to, size.clone());
    }

    /**
     * The way to another size, with the axes as they are.
     *
     * @param size elements on each of the array's axes after that of the channels
     * @param other elements on each axis there, at least 1
     * @return the way
     * @throws ArgumentException if there are not as many axes, or the array would get more than 1,000 times as many elements
     */
    public static Regridding resizing(long[] size, long... other) {
        ArgumentException.require(
                size.length == other.length && Arrays.stream(other).allMatch(elements -> elements > 0),
                "other",
                other,
                "give at least 1 element for each of " + size.length + " axes");
        return new Regridding(size.clone(), IntStream.range(0, size.length).toArray(), other.clone());
    }

    /**
     * The way to other order of axes, with all sizes kept.
     *
     * @param source for each axis afterwards, which one it was, from 0 for the first after that of the channels
     * @param size elements on each of the array's axes after that of the channels
     * @return the way
     * @throws ArgumentException if it is no order of these axes
     */
    public static Regridding transposing(int[] source, long... size) {
        ArgumentException.require(
                Arrays.equals(
                        Arrays.stream(source).sorted().toArray(),
                        IntStream.range(0, size.length).toArray()),
                "source",
                Arrays.toString(source),
                "give each axis from 0 to " + (size.length - 1) + " once");
        long[] other = Arrays.stream(source).mapToLong(axis -> size[axis]).toArray();
        return new Regridding(size.clone(), source.clone(), other);
    }

    /** {@return whether nothing changes: arrays stay what they are} */
    public boolean isIdentity() {
        return !rearranges() && !resamples();
    }

    /** {@return whether axes are resampled, not exchanged and reversed only} */
    public boolean resamples() {
        return !Arrays.equals(arranged, resampled);
    }

    private boolean rearranges() {
        for (int axis = 0; axis < size.length; axis++) {
            if (source[axis] != axis || reversed[axis]) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return whether the first axis stays the first and keeps its direction, so that rows along it can be brought to the other
     * grid, and back, a few at a time}
     */
    public boolean isForward() {
        return source[0] == 0 && !reversed[0];
    }

    /**
     * Rows of the array, along its first axis, that rows on the other grid are made of.
     *
     * @param from first row on the other grid
     * @param to end, beyond the last row
     * @param resampling how values between elements are found
     * @return first row and end; all rows if the way is not {@linkplain #isForward forward}
     */
    public long[] rowsFor(long from, long to, Resampling resampling) {
        return isForward()
                ? resampling.needed(new Resampling.Rows(0, arranged[0], from, to, resampled[0]))
                : new long[] {0, size[0]};
    }

    /**
     * Rows on the other grid that rows of the array are made of when it comes back.
     *
     * @param from first row of the array, along its first axis
     * @param to end, beyond the last row
     * @param resampling how values between elements are found
     * @return first row and end; all rows if the way is not {@linkplain #isForward forward}
     */
    public long[] rowsBackFor(long from, long to, Resampling resampling) {
        return isForward()
                ? resampling.needed(new Resampling.Rows(0, resampled[0], from, to, arranged[0]))
                : new long[] {0, resampled[0]};
    }

    /**
     * Brings rows to the other grid.
     *
     * @param slab {@code [C, rows, own...]}, at least {@link #rowsFor} those wanted
     * @param first row of the array that the slab begins with
     * @param from first row on the other grid
     * @param to end, beyond the last row
     * @param resampling how values between elements are found; not clipped, for that is of the whole
     * @return FLOAT {@code [C, to - from, other...]}, a new array
     * @throws ArgumentException if the way is not {@linkplain #isForward forward}
     */
    public INDArray applyRows(INDArray slab, long first, long from, long to, Resampling resampling) {
        requireForward();
        long[] there = resampled.clone();
        there[0] = to - from;
        INDArray same = rearranged(slab);
        INDArray result =
                resampling.apply(same, new Resampling.Rows(first, arranged[0], from, to, resampled[0]), there);
        if (same != slab) {
            Release.of(same);
        }
        return result;
    }

    /**
     * Brings rows of the other grid to the own one.
     *
     * @param slab {@code [C', rows, other...]}, at least {@link #rowsBackFor} those wanted
     * @param first row of the other grid that the slab begins with
     * @param from first row of the array
     * @param to end, beyond the last row
     * @param resampling how values between elements are found; not clipped
     * @return FLOAT {@code [C', to - from, own...]}, a new array
     * @throws ArgumentException if the way is not {@linkplain #isForward forward}
     */
    public INDArray restoreRows(INDArray slab, long first, long from, long to, Resampling resampling) {
        requireForward();
        long[] here = arranged.clone();
        here[0] = to - from;
        INDArray same = resampling.apply(slab, new Resampling.Rows(first, resampled[0], from, to, arranged[0]), here);
        INDArray result = rearrangedBack(same);
        if (result != same) {
            Release.of(same);
        }
        return result;
    }

    private void requireForward() {
        ArgumentException.require(isForward(), "orientation", from.orientation(), "bring the whole array, not rows");
    }

    /** {@return elements on each axis of the array itself} */
    public long[] restoredSize() {
        return size.clone();
    }

    /** {@return elements on each axis of the other grid} */
    public long[] size() {
        return resampled.clone();
    }

    /**
     * Brings an array to the other grid.
     *
     * @param array {@code [C, own...]}, of any type
     * @param resampling how values between elements are found
     * @return FLOAT {@code [C, other...]}; the array itself if it is FLOAT and nothing changes
     */
    public INDArray apply(INDArray array, Resampling resampling) {
        INDArray same = rearranged(array);
        INDArray result = resampling.apply(same, resampled);
        if (same != array && same != result) {
            Release.of(same);
        }
        return result;
    }

    /**
     * Brings numbers of classes to the other grid, as {@link Resampling#classes} does.
     *
     * @param array {@code [C, own...]}, of any type
     * @return FLOAT {@code [C, other...]}; the array itself if it is FLOAT and nothing changes
     */
    public INDArray applyToClasses(INDArray array) {
        INDArray same = rearranged(array);
        INDArray result = Resampling.classes(same, resampled);
        if (same != array && same != result) {
            Release.of(same);
        }
        return result;
    }

    /**
     * Brings an array of the other grid to the own one.
     *
     * @param array {@code [C', other...]}, of any type
     * @param resampling how values between elements are found
     * @return FLOAT {@code [C', own...]}; the array itself if it is FLOAT and nothing changes
     */
    public INDArray restore(INDArray array, Resampling resampling) {
        INDArray same = resampling.apply(array, arranged);
        INDArray result = rearrangedBack(same);
        if (result != same && same != array) {
            Release.of(same);
        }
        return result;
    }

    /** With axes exchanged and reversed; of an array that may have fewer rows on its first axis. */
    private INDArray rearranged(INDArray array) {
        if (!rearranges()) {
            return array;
        }
        long[] own = Axes.size(array);
        long[] there = Arrays.stream(source).mapToLong(axis -> own[axis]).toArray();
        int[] strides = strides(own);
        int[] steps = new int[own.length];
        int start = 0;
        for (int axis = 0; axis < own.length; axis++) {
            int stride = strides[source[axis]];
            steps[axis] = reversed[axis] ? -stride : stride;
            start += reversed[axis] ? (int) (there[axis] - 1) * stride : 0;
        }
        return rearranged(array, start, steps, there);
    }

    private INDArray rearrangedBack(INDArray array) {
        if (!rearranges()) {
            return array;
        }
        long[] there = Axes.size(array);
        long[] own = new long[there.length];
        int[] strides = strides(there);
        int[] steps = new int[there.length];
        int start = 0;
        for (int axis = 0; axis < there.length; axis++) {
            own[source[axis]] = there[axis];
            steps[source[axis]] = reversed[axis] ? -strides[axis] : strides[axis];
            start += reversed[axis] ? (int) (there[axis] - 1) * strides[axis] : 0;
        }
        return rearranged(array, start, steps, own);
    }

    private static int[] strides(long... size) {
        int[] strides = new int[size.length];
        int stride = 1;
        for (int axis = size.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride = Math.multiplyExact(stride, Math.toIntExact(size[axis]));
        }
        return strides;
    }

    /** @param steps from an element to the next one on each axis of the result */
    private static INDArray rearranged(INDArray array, int start, int[] steps, long... size) {
        INDArray result = Nd4j.createUninitialized(DataType.FLOAT, Axes.prepended(array.size(0), size));
        int last = size.length - 1;
        int row = (int) size[last];
        Axes rows = new Axes(Arrays.copyOf(size, last));
        float[] target = new float[new Axes(size).length()];
        long[] place = new long[last];
        for (int c = 0; c < array.size(0); c++) {
            float[] values = OnHeap.floats(array.slice(c));
            for (int line = 0; line < rows.length(); line++) {
                rows.place(line, place);
                int from = start;
                for (int axis = 0; axis < last; axis++) {
                    from += (int) place[axis] * steps[axis];
                }
                for (int i = 0; i < row; i++) {
                    target[line * row + i] = values[from + i * steps[last]];
                }
            }
            INDArray channel = Nd4j.createFromArray(target);
            result.slice(c).assign(channel.reshape('c', size));
            Release.of(channel);
        }
        return result;
    }

    /** {@return such as {@code from 1 x 1 x 1 mm, LPS to 2 x 2 x 2 mm, SAR}} */
    @Override
    public String toString() {
        return "from " + from + " to " + to.or(from);
    }
}
