package io.mdnc4j.training.arrays;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * How large the values of an array are. The quantiles are those of up to 2,048 values at places that are spread over it, or
 * 256 of each part, always the same ones of arrays of one length.
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
        Collector all = new Collector();
        all.add(values, PLACES);
        return all.levels();
    }

    /** Levels of an array that comes in parts; for one thread. */
    public static final class Collector {
        private static final int PLACES_OF_PART = 256;
        private static final int MOST = 1 << 16;

        private double[] some = new double[PLACES_OF_PART];
        private int count;
        private double minimum = Double.POSITIVE_INFINITY;
        private double maximum = Double.NEGATIVE_INFINITY;

        /** Nothing yet. */
        public Collector() {}

        /**
         * Takes a part.
         *
         * @param part of any shape, finite
         */
        public void add(INDArray part) {
            add(part, PLACES_OF_PART);
        }

        private void add(INDArray part, int places) {
            if (part.isEmpty()) {
                return;
            }
            minimum = Math.min(minimum, part.minNumber().doubleValue());
            maximum = Math.max(maximum, part.maxNumber().doubleValue());
            long length = part.length();
            long[] shape = part.shape();
            int taken = (int) Math.min(Math.min(length, places), MOST - count);
            if (some.length < count + taken) {
                some = Arrays.copyOf(some, Math.max(2 * some.length, count + taken));
            }
            for (int i = 0; i < taken; i++) {
                long place = length <= places ? i : Long.remainderUnsigned(i * STEP, length);
                some[count++] = part.getDouble(Shape.ind2subC(shape, place));
            }
        }

        /** {@return whether there was no part yet} */
        public boolean isEmpty() {
            return count == 0;
        }

        /**
         * The levels of all parts together.
         *
         * @return their levels
         * @throws ArgumentException if there was none
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
