package io.mdnc4j.training.arrays;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * How large the values of an array are. The quantiles are those of up to 2,048 values at places that are spread over it, always
 * the same ones of arrays of one length.
 *
 * @param minimum the least value
 * @param low 1% of the values are below
 * @param median half of the values are below
 * @param high 1% of the values are above
 * @param maximum the greatest value
 */
public record Levels(double minimum, double low, double median, double high, double maximum) {
    private static final int PLACES = 2048;
    private static final double TAIL = 0.01;
    private static final double THOUSAND = 1e3;
    private static final double BILLION = 1e9;

    /** Odd, and without a simple relation to sizes: 2^64 divided by the golden ratio. */
    private static final long STEP = 0x9e3779b97f4a7c15L;

    /**
     * The levels of an array.
     *
     * @param values of any shape, finite
     * @return its levels
     * @throws ArgumentException if it is empty
     */
    public static Levels of(INDArray values) {
        ArgumentException.require(!values.isEmpty(), "values", values.shape(), "give at least one");
        Collector all = new Collector(values.length());
        all.add(values);
        return all.levels();
    }

    /** The levels of an array that is seen in parts. Parts that overlap count as often as they are seen. For one thread. */
    public static final class Collector {
        private final long length;
        private double[] some = {};
        private int count;
        private double minimum = Double.POSITIVE_INFINITY;
        private double maximum = Double.NEGATIVE_INFINITY;

        /**
         * Nothing is seen yet.
         *
         * @param length elements of the whole
         */
        public Collector(long length) {
            this.length = length;
        }

        /**
         * Looks at a part.
         *
         * @param part of any shape, finite
         */
        public void add(INDArray part) {
            if (part.isEmpty()) {
                return;
            }
            long size = part.length();
            int places = (int) Math.min(size, Math.max(1, Math.round((double) PLACES * size / length)));
            if (size >= length) {
                places = (int) Math.min(size, PLACES);
            }
            some = Arrays.copyOf(some, Math.max(some.length, count + places));
            long[] shape = part.shape();
            for (int i = 0; i < places; i++) {
                long place = size <= places ? i : Long.remainderUnsigned(i * STEP, size);
                some[count++] = part.getDouble(Shape.ind2subC(shape, place));
            }
            minimum = Math.min(minimum, part.minNumber().doubleValue());
            maximum = Math.max(maximum, part.maxNumber().doubleValue());
        }

        /** {@return whether nothing was seen yet} */
        public boolean isEmpty() {
            return count == 0;
        }

        /**
         * The levels of what was seen.
         *
         * @return the levels
         * @throws ArgumentException if nothing was
         */
        public Levels levels() {
            ArgumentException.require(count > 0, "values", "none", "give at least one");
            double[] sorted = Arrays.copyOf(some, count);
            Arrays.sort(sorted);
            return new Levels(
                    minimum, quantile(sorted, TAIL), quantile(sorted, 1.0 / 2), quantile(sorted, 1 - TAIL), maximum);
        }
    }

    private static double quantile(double[] sorted, double part) {
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }

    /**
     * A value as it is told to users.
     *
     * @param value any
     * @return whole where it is, or large; else to three digits
     */
    public static String text(double value) {
        boolean whole = value == Math.rint(value) || Math.abs(value) >= THOUSAND;
        return whole && Math.abs(value) < BILLION
                ? String.valueOf(Math.round(value))
                : String.format(Locale.ROOT, "%.3g", value);
    }

    /** {@return how far apart the highest and the lowest hundredth of the values are} */
    public double spread() {
        return high - low;
    }
}
