package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * Where windows of one size lie that cover an array: as few as overlap by the part that is asked for, evenly spread, the first
 * and the last flush with the borders. A window that is larger than the array is centred on it and reaches beyond both borders.
 *
 * <pre>{@code
 * WindowGrid grid = WindowGrid.of(new long[] {300, 200}, new long[] {128, 128}, 0.5);
 * for (int i = 0; i < grid.count(); i++) {
 *     long[] start = grid.start(i); // {0, 0}, {0, 72}, {57, 0} ... rounded
 * }
 * }</pre>
 */
public final class WindowGrid {
    private final long[] window;
    private final long[][] starts;
    private final int count;

    private WindowGrid(long[] window, long[]... starts) {
        this.window = window;
        this.starts = starts;
        long product = 1;
        for (long[] ofAxis : starts) {
            product = Math.multiplyExact(product, ofAxis.length);
            ArgumentException.require(
                    product <= Integer.MAX_VALUE, "window", window, "use a larger one: it would take too many windows");
        }
        this.count = (int) product;
    }

    /**
     * The grid over an array.
     *
     * @param size of the array on each axis, at least 1
     * @param window its size on each axis, at least 1
     * @param overlap part of a window that the next one overlaps, at least, on each axis; from 0 (side by side) to below 1
     * @return the grid
     * @throws ArgumentException if one of them is not so, or there would be more than {@value Integer#MAX_VALUE} windows
     */
    public static WindowGrid of(long[] size, long[] window, double overlap) {
        return of(size, window, overlap, RoundingMode.HALF_UP);
    }

    /**
     * The grid over an array, with starts rounded in a stated way.
     *
     * @param size of the array on each axis, at least 1
     * @param window its size on each axis, at least 1
     * @param overlap part of a window that the next one overlaps, at least, on each axis; from 0 (side by side) to below 1
     * @param rounding of starts that lie between two elements: of those in the middle {@link RoundingMode#HALF_UP} takes the
     *     later one, {@link RoundingMode#HALF_EVEN} the even one, as nnU-Net does
     * @return the grid
     * @throws ArgumentException if one of them is not so, or there would be more than {@value Integer#MAX_VALUE} windows
     */
    public static WindowGrid of(long[] size, long[] window, double overlap, RoundingMode rounding) {
        ArgumentException.require(
                Arrays.stream(size).allMatch(length -> length > 0), "size", size, "use at least 1 on each axis");
        ArgumentException.require(
                window.length == size.length && Arrays.stream(window).allMatch(length -> length > 0),
                "window",
                window,
                "use at least 1 on each of " + size.length + " axes");
        requireOverlap(overlap);
        requireRounding(rounding);
        long[][] starts = new long[size.length][];
        Arrays.setAll(starts, axis -> starts(size[axis], window[axis], overlap, rounding));
        return new WindowGrid(window.clone(), starts);
    }

    static void requireOverlap(double overlap) {
        ArgumentException.require(overlap >= 0 && overlap < 1, "overlap", overlap, "use 0 to less than 1");
    }

    static void requireRounding(RoundingMode rounding) {
        ArgumentException.require(
                rounding == RoundingMode.HALF_UP || rounding == RoundingMode.HALF_EVEN,
                "rounding",
                rounding,
                "use HALF_UP or HALF_EVEN");
    }

    private static long[] starts(long size, long window, double overlap, RoundingMode rounding) {
        long rest = size - window;
        if (rest <= 0) {
            return new long[] {Math.floorDiv(rest, 2)};
        }
        double gaps = Math.ceil(rest / Math.max(1, window * (1 - overlap)));
        ArgumentException.require(
                gaps < Integer.MAX_VALUE, "window", window, "use a larger one: it would take too many windows");
        long[] starts = new long[(int) gaps + 1];
        boolean even = rounding == RoundingMode.HALF_EVEN;
        Arrays.setAll(starts, i -> even ? (long) Math.rint(rest / gaps * i) : Math.round((double) rest * i / gaps));
        return starts;
    }

    /** {@return the number of windows, at least 1} */
    public int count() {
        return count;
    }

    /** {@return the size of every window, one number an axis} */
    public long[] window() {
        return window.clone();
    }

    /**
     * First element of a window on each axis; negative where the window is larger than the array. The last axis varies fastest.
     *
     * @param index of the window, from 0 to below {@link #count}
     * @return the start, one number an axis
     * @throws IndexOutOfBoundsException if there is no such window
     */
    public long[] start(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("window " + index + " of " + count);
        }
        long[] start = new long[starts.length];
        int rest = index;
        for (int axis = starts.length - 1; axis >= 0; axis--) {
            start[axis] = starts[axis][rest % starts[axis].length];
            rest /= starts[axis].length;
        }
        return start;
    }
}
