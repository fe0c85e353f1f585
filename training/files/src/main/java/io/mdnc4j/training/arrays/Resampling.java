package io.mdnc4j.training.arrays;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Brings arrays to another size, axis by axis: what lies between their elements is nearest, linear or cubic. Elements are small
 * boxes that fill the same space before and after, so their centres map as {@code (i + 0.5) * old / new - 0.5}, and what lies
 * beyond the first and last centre repeats the edge: SciPy's {@code zoom(grid_mode=True, mode='nearest')}. An axis that keeps its
 * size keeps its values, to the bit.
 *
 * <pre>{@code
 * Resampling.CUBIC.clipped().apply(volume, 181, 217, 181);              // [C, 90, 108, 90] -> [C, 181, 217, 181]
 * Resampling.CUBIC.antiAliased().apply(signal, 500_000);                // [C, 360_000]: fewer or more samples
 * Resampling.of(NEAREST, CUBIC, CUBIC).apply(slices, 20, 512, 512);     // another way on each axis
 * Resampling.classes(labels, 181, 217, 181);                            // [1, 90, 108, 90], whole numbers
 * }</pre>
 *
 * <p>Memory: besides input and result, floats for one array of the size between two axes; of {@code [C, size...]}, for one
 * channel at a time. Axes that shrink come first. Sums are of doubles. One element that is no number makes all of its line, and
 * so the result, none.
 *
 * <p>Immutable, for any number of threads; each call uses several.
 */
public final class Resampling {
    /** What lies between the elements of an axis. */
    public enum Interpolation {
        /** The nearest element, the later one of two: for numbers of classes. */
        NEAREST,
        /** The straight line between the two neighbours. */
        LINEAR,
        /**
         * The cubic B-spline through all elements (M. Unser: Splines, IEEE Signal Processing Magazine 16(6):22-38, 1999), which
         * may go beyond them.
         */
        CUBIC
    }

    /** The nearest element on all axes. */
    public static final Resampling NEAREST = of(Interpolation.NEAREST);

    /** Straight lines on all axes. */
    public static final Resampling LINEAR = of(Interpolation.LINEAR);

    /** Cubic B-splines on all axes. */
    public static final Resampling CUBIC = of(Interpolation.CUBIC);

    /** Lines that are computed at a time: a cache line of doubles or two, and few enough for the cache. */
    private static final int LANES = 16;

    private final List<Interpolation> interpolations;
    private final boolean clipped;
    private final boolean antiAliased;

    private Resampling(List<Interpolation> interpolations, boolean clipped, boolean antiAliased) {
        this.interpolations = interpolations;
        this.clipped = clipped;
        this.antiAliased = antiAliased;
    }

    /**
     * Resampling that is not clipped, and not kept from aliasing.
     *
     * @param interpolations one for all axes, or one for each
     * @return the resampling
     * @throws ArgumentException if there is none
     */
    public static Resampling of(Interpolation... interpolations) {
        ArgumentException.require(
                interpolations.length > 0, "interpolations", "none", "give one, or one for each axis");
        return new Resampling(List.of(interpolations), false, false);
    }

    /** {@return the same, with values limited to those between the input's least and largest (of each channel)} */
    public Resampling clipped() {
        return new Resampling(interpolations, true, antiAliased);
    }

    /**
     * {@return the same, with a low-pass filter before an axis that shrinks: what is finer than the new distance of elements
     * would become something else, else. The filter is a sinc with its first zeros at the new distance, in a window of three
     * zeros to each side (Lanczos; C. E. Duchon, J. Appl. Meteorol. 18:1016-1022, 1979). Nearest elements are not filtered}
     */
    public Resampling antiAliased() {
        return new Resampling(interpolations, clipped, true);
    }

    /**
     * Brings an array to another size.
     *
     * @param array {@code [C, old...]}, of any type
     * @param size elements of each axis after that of the channels
     * @return FLOAT {@code [C, size...]}; the array itself if it is FLOAT and has the size already
     * @throws ArgumentException if there are not as many sizes as axes, or interpolations for other ones; if there are no
     *     elements before or after
     * @throws ArithmeticException if a channel has more elements than an array on the heap can have
     */
    public INDArray apply(INDArray array, long... size) {
        long[] old = Axes.size(array);
        if (Arrays.equals(old, size)) {
            return array.castTo(DataType.FLOAT);
        }
        return byChannel(array, size, values -> apply(values, old, size));
    }

    /**
     * Brings numbers of classes to another size: of the numbers around a place that which has the largest part of it, by linear
     * interpolation of each one; the least of several.
     *
     * @param array {@code [C, old...]}, of any type
     * @param size elements of each axis after that of the channels
     * @return FLOAT {@code [C, size...]}; the array itself if it is FLOAT and has the size already
     * @throws ArgumentException if there are not as many sizes as axes; if there are no elements before or after
     * @throws ArithmeticException if a channel has more elements than an array on the heap can have
     */
    public static INDArray classes(INDArray array, long... size) {
        long[] old = Axes.size(array);
        if (Arrays.equals(old, size)) {
            return array.castTo(DataType.FLOAT);
        }
        return byChannel(array, size, values -> classes(values, old, size));
    }

    /**
     * A part of an array along its first axis, to become a part of the result.
     *
     * @param first row of the whole array that the part begins with
     * @param whole rows of the whole array
     * @param from first row of the result that is wanted
     * @param to end, beyond the last row
     * @param all rows of the whole result
     */
    record Rows(long first, long whole, long from, long to, long all) {}

    /** Rows of an array, from and to, that those of the result are made of; beyond them nothing changes a float. */
    long[] needed(Rows rows) {
        if (rows.whole == rows.all) {
            return new long[] {rows.from, rows.to};
        }
        double ratio = (double) rows.whole / rows.all;
        long margin = Line.reach(interpolations.get(0), antiAliased, ratio);
        long from = (long) Math.floor((rows.from + 0.5) * ratio - 0.5) - margin;
        long to = (long) Math.floor((rows.to - 0.5) * ratio - 0.5) + margin + 1;
        return new long[] {Math.max(0, from), Math.min(rows.whole, to)};
    }

    /**
     * Brings a part of an array to another size.
     *
     * @param slab {@code [C, rows, old...]}, at least those {@link #needed}
     * @param rows of the array and of the result
     * @param size elements of each axis, the first as of the part of the result
     */
    INDArray apply(INDArray slab, Rows rows, long... size) {
        long[] old = Axes.size(slab);
        return byChannel(slab, size, values -> resampled(values, old, rows, size));
    }

    private interface OfChannel {
        float[] apply(float[] values);
    }

    private static INDArray byChannel(INDArray array, long[] size, OfChannel resampling) {
        INDArray result = Nd4j.createUninitialized(DataType.FLOAT, Axes.prepended(array.size(0), size));
        for (int c = 0; c < array.size(0); c++) {
            INDArray channel = Nd4j.createFromArray(resampling.apply(OnHeap.floats(array.slice(c))));
            result.slice(c).assign(channel.reshape('c', size));
            Release.of(channel);
        }
        return result;
    }

    private static float[] classes(float[] values, long[] old, long... size) {
        TreeSet<Float> classes = new TreeSet<>();
        float last = Float.NaN;
        for (float value : values) {
            if (value != last) {
                classes.add(value);
                last = value;
            }
        }
        float[] most = new float[new Axes(size).length()];
        float[] result = new float[most.length];
        float[] one = new float[values.length];
        for (float number : classes) {
            for (int i = 0; i < one.length; i++) {
                one[i] = values[i] == number ? 1 : 0;
            }
            float[] parts = LINEAR.apply(one, old, size);
            for (int i = 0; i < most.length; i++) {
                if (parts[i] > most[i]) {
                    most[i] = parts[i];
                    result[i] = number;
                }
            }
        }
        return result;
    }

    /**
     * Brings an array to another size.
     *
     * @param values in row-major order, the last axis fastest
     * @param old elements of each axis
     * @param size elements of each axis afterwards
     * @return as many values, in the same order; the array itself if no size changes
     * @throws ArgumentException if there are not as many sizes as axes, or interpolations for other ones; if there are no
     *     elements before or after, or not as many as the axes have
     * @throws ArithmeticException if there are more elements than an array on the heap can have
     */
    public float[] apply(float[] values, long[] old, long... size) {
        requireFitting(values, old, size);
        float[] result = resampled(values, old, new Rows(0, old[0], 0, size[0], size[0]), size);
        if (clipped && result != values) {
            clip(result, values);
        }
        return result;
    }

    private float[] resampled(float[] values, long[] old, Rows rows, long... size) {
        float[] result = values;
        long[] shape = old.clone();
        int[] axes = IntStream.range(0, size.length)
                .boxed()
                .filter(axis -> axis == 0 ? rows.whole != rows.all || old[0] != size[0] : old[axis] != size[axis])
                .sorted(Comparator.comparingDouble(
                        axis -> axis == 0 ? (double) rows.all / rows.whole : (double) size[axis] / old[axis]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int axis : axes) {
            Rows ofAxis = axis == 0 ? rows : new Rows(0, old[axis], 0, size[axis], size[axis]);
            result = along(axis, result, shape, ofAxis);
            shape[axis] = size[axis];
        }
        return result;
    }

    private void requireFitting(float[] values, long[] old, long... size) {
        ArgumentException.require(
                size.length == old.length && Arrays.stream(size).allMatch(elements -> elements > 0),
                "size",
                size,
                "give at least 1 element for each of " + old.length + " axes");
        ArgumentException.require(
                interpolations.size() == 1 || interpolations.size() == size.length,
                "interpolations",
                interpolations,
                "give one, or one for each of " + size.length + " axes");
        int length = new Axes(old).length();
        ArgumentException.require(
                length == values.length && length > 0,
                "values",
                values.length + " for axes of " + Arrays.toString(old),
                "give as many as their product, at least 1");
        new Axes(size).length();
    }

    private static void clip(float[] result, float... values) {
        float least = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
            largest = Math.max(largest, value);
        }
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.max(least, Math.min(largest, result[i]));
        }
    }

    /** All lines of an axis, many at a time: a lane is a line, and lanes lie side by side in the buffers. */
    private float[] along(int axis, float[] source, long[] shape, Rows rows) {
        int old = (int) shape[axis];
        int length = (int) (rows.to - rows.from);
        long product = 1;
        for (int behind = axis + 1; behind < shape.length; behind++) {
            product *= shape[behind];
        }
        int stride = Math.toIntExact(product);
        int lines = source.length / old;
        float[] target = new float[Math.toIntExact((long) lines * length)];
        Line line = new Line(interpolations.get(interpolations.size() == 1 ? 0 : axis), antiAliased, old, rows);
        IntStream.range(0, (lines + LANES - 1) / LANES).parallel().forEach(group -> {
            int first = group * LANES;
            int lanes = Math.min(LANES, lines - first);
            int[] from = new int[lanes];
            int[] to = new int[lanes];
            for (int lane = 0; lane < lanes; lane++) {
                int outer = (first + lane) / stride;
                int inner = (first + lane) % stride;
                from[lane] = outer * old * stride + inner;
                to[lane] = outer * length * stride + inner;
            }
            line.resample(source, from, target, to, stride);
        });
        return target;
    }

    /** One axis' way from old to new elements, the same for all lines. */
    private static final class Line {
        /** Elements beyond the ends that a cubic spline is made of there. */
        private static final int BEYOND = 2;

        private static final double POLE = Math.sqrt(3) - 2;
        private static final double GAIN = 6;

        /** Elements after which a coefficient has forgotten others: the pole to that power is below 1e-14. */
        private static final int MEMORY = 26;

        /** Zeros of the low-pass filter to each side. */
        private static final int LOBES = 3;

        private final int old;
        private final int[] start;
        private final double[][] weights;
        private final boolean spline;
        private final double @Nullable [] filter;

        /** Elements that the edges are repeated by. */
        private final int margin;

        Line(Interpolation interpolation, boolean antiAliased, int old, Rows rows) {
            this.old = old;
            int length = (int) (rows.to - rows.from);
            double ratio = (double) rows.whole / rows.all;
            spline = interpolation == Interpolation.CUBIC;
            filter = isFiltered(interpolation, antiAliased, ratio) ? lowPass(ratio) : null;
            margin = BEYOND + (filter == null ? 0 : filter.length / 2);
            start = new int[length];
            weights = new double[length][];
            for (int i = 0; i < length; i++) {
                double place = (rows.from + i + 0.5) * ratio - 0.5 - rows.first;
                double nearest = Math.floor(interpolation == Interpolation.NEAREST ? place + 0.5 : place);
                // rounding might lead one element beyond the ends
                start[i] = (int) Math.max(-1, Math.min(nearest, old - 1));
                weights[i] = weights(interpolation, place - start[i]);
                start[i] += BEYOND - (spline ? 1 : 0);
            }
        }

        private static boolean isFiltered(Interpolation interpolation, boolean antiAliased, double ratio) {
            return antiAliased && ratio > 1 && interpolation != Interpolation.NEAREST;
        }

        /** How far elements lie at most that make a difference. */
        static long reach(Interpolation interpolation, boolean antiAliased, double ratio) {
            long filter = isFiltered(interpolation, antiAliased, ratio) ? (long) Math.ceil(LOBES * ratio) : 0;
            return filter + (interpolation == Interpolation.CUBIC ? MEMORY : 1);
        }

        private static double[] weights(Interpolation interpolation, double t) {
            return switch (interpolation) {
                case NEAREST -> new double[] {1};
                case LINEAR -> new double[] {1 - t, t};
                case CUBIC ->
                    new double[] {
                        (1 - t) * (1 - t) * (1 - t) / 6,
                        (4 - 6 * t * t + 3 * t * t * t) / 6,
                        (1 + 3 * t + 3 * t * t - 3 * t * t * t) / 6,
                        t * t * t / 6
                    };
            };
        }

        private static double[] lowPass(double ratio) {
            int radius = (int) Math.ceil(LOBES * ratio) - 1;
            double[] filter = new double[2 * radius + 1];
            double sum = 0;
            for (int i = 0; i < filter.length; i++) {
                double x = Math.PI * (i - radius) / ratio;
                filter[i] = x == 0 ? 1 : Math.sin(x) / x * Math.sin(x / LOBES) / (x / LOBES);
                sum += filter[i];
            }
            for (int i = 0; i < filter.length; i++) {
                filter[i] /= sum;
            }
            return filter;
        }

        /** The lines that begin at some places of the source, into those that begin at places of the target. */
        void resample(float[] source, int[] from, float[] target, int[] to, int stride) {
            int lanes = from.length;
            int whole = old + 2 * margin;
            double[] lines = new double[whole * lanes];
            for (int i = 0; i < whole; i++) {
                int offset = Math.max(0, Math.min(i - margin, old - 1)) * stride;
                for (int lane = 0; lane < lanes; lane++) {
                    lines[i * lanes + lane] = source[from[lane] + offset];
                }
            }
            if (filter != null) {
                lines = filtered(lines, filter, lanes);
            }
            if (spline) {
                toCoefficients(lines, lanes);
            }
            double[] sums = new double[lanes];
            for (int i = 0; i < start.length; i++) {
                Arrays.fill(sums, 0);
                for (int tap = 0; tap < weights[i].length; tap++) {
                    add(lines, (start[i] + tap) * lanes, weights[i][tap], sums);
                }
                for (int lane = 0; lane < lanes; lane++) {
                    target[to[lane] + i * stride] = (float) sums[lane];
                }
            }
        }

        private static void add(double[] lines, int offset, double weight, double... sums) {
            for (int lane = 0; lane < sums.length; lane++) {
                sums[lane] += weight * lines[offset + lane];
            }
        }

        private static double[] filtered(double[] lines, double[] filter, int lanes) {
            double[] result = new double[lines.length - (filter.length - 1) * lanes];
            double[] sums = new double[lanes];
            for (int i = 0; i < result.length; i += lanes) {
                Arrays.fill(sums, 0);
                for (int tap = 0; tap < filter.length; tap++) {
                    add(lines, i + tap * lanes, filter[tap], sums);
                }
                System.arraycopy(sums, 0, result, i, lanes);
            }
            return result;
        }

        /** Coefficients of the spline through lines whose edges go on for ever, in place. */
        private static void toCoefficients(double[] lines, int lanes) {
            int last = lines.length - lanes;
            double[] end = Arrays.copyOfRange(lines, last, lines.length);
            for (int lane = 0; lane < lanes; lane++) {
                lines[lane] *= GAIN / (1 - POLE);
            }
            for (int i = lanes; i < lines.length; i++) {
                lines[i] = GAIN * lines[i] + POLE * lines[i - lanes];
            }
            for (int lane = 0; lane < lanes; lane++) {
                double beyond = lines[last + lane] - GAIN / (1 - POLE) * end[lane];
                lines[last + lane] = end[lane] - POLE / (1 - POLE * POLE) * beyond;
            }
            for (int i = last - 1; i >= 0; i--) {
                lines[i] = POLE * (lines[i + lanes] - lines[i]);
            }
        }
    }
}
