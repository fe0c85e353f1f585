package io.mdnc4j.training.metrics;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Savitzky-Golay filter: every sample is replaced by the value of the polynomial fitted by least squares to the window
 * around it; the samples at the ends take theirs from the polynomial fitted to the first or last whole window.
 */
public final class SavitzkyGolay {
    private static final int SMALLEST_WINDOW = 5;
    private static final int LARGEST_WINDOW = 39;
    private static final int SMALLEST_ORDER = 2;
    private static final int LARGEST_ORDER = 5;

    private final int window;
    private final int order;

    /** Row i gives the fitted value at place i of a window from the window's samples. */
    private final double[][] projection;

    /**
     * Computes the weights.
     *
     * @param window samples of the window, odd
     * @param order order of the polynomial, less than {@code window}
     * @throws ArgumentException if the window is even or the order does not fit
     */
    public SavitzkyGolay(int window, int order) {
        ArgumentException.require(window >= 1 && window % 2 == 1, "window", window, "use an odd number of at least 1");
        ArgumentException.require(
                order >= 0 && order < window, "order", order, "use 0 or more, and less than the window's " + window);
        this.window = window;
        this.order = order;
        this.projection = projection(window, order);
    }

    private static double[][] projection(int window, int order) {
        int half = window / 2;
        RealMatrix powers = MatrixUtils.createRealMatrix(window, order + 1);
        for (int i = 0; i < window; i++) {
            // scaled to -1..1, else high powers spoil the precision
            double x = (i - half) / (double) Math.max(half, 1);
            for (int p = 0; p <= order; p++) {
                powers.setEntry(i, p, Math.pow(x, p));
            }
        }
        RealMatrix q = new QRDecomposition(powers).getQ().getSubMatrix(0, window - 1, 0, order);
        return q.multiply(q.transpose()).getData();
    }

    /** {@return the samples of the window, odd} */
    public int window() {
        return window;
    }

    /** {@return the order of the polynomial} */
    public int order() {
        return order;
    }

    /** {@return the weights of a window's samples in its middle value, which add up to 1} */
    public double[] coefficients() {
        return projection[window / 2].clone();
    }

    /**
     * Filters a signal.
     *
     * @param signal the samples, not changed
     * @return as many samples, smoothed
     * @throws ArgumentException if it is shorter than the window
     */
    public double[] filter(double[] signal) {
        ArgumentException.require(
                signal.length >= window,
                "signal",
                signal.length + " samples are fewer than the window's " + window,
                "use a smaller window");
        double[] filtered = new double[signal.length];
        for (int i = 0; i < filtered.length; i++) {
            int start = Math.min(Math.max(i - window / 2, 0), signal.length - window);
            double[] weights = projection[i - start];
            double sum = 0;
            for (int j = 0; j < window; j++) {
                sum += weights[j] * signal[start + j];
            }
            filtered[i] = sum;
        }
        return filtered;
    }

    /**
     * Filters each of some signals.
     *
     * @param signals one a row, not changed
     * @return the same, smoothed
     * @throws ArgumentException if one is shorter than the window
     */
    public double[][] filter(double[][] signals) {
        return Arrays.stream(signals).map(this::filter).toArray(double[][]::new);
    }

    /**
     * The filter with the highest {@linkplain SignalToNoise signal-to-noise ratio} among odd windows 5..39 and orders 2..5:
     * chosen with the clean signal at hand, so no real filter does better.
     *
     * @param clean windows without noise
     * @param noisy the same with noise
     * @return the filter
     * @throws ArgumentException if a noisy one has fewer than 39 samples
     */
    public static SavitzkyGolay best(double[][] clean, double[][] noisy) {
        SavitzkyGolay best = null;
        double highest = Double.NEGATIVE_INFINITY;
        for (int window = SMALLEST_WINDOW; window <= LARGEST_WINDOW; window += 2) {
            for (int order = SMALLEST_ORDER; order <= Math.min(LARGEST_ORDER, window - 1); order++) {
                SavitzkyGolay filter = new SavitzkyGolay(window, order);
                double ratio = SignalToNoise.decibel(clean, filter.filter(noisy));
                if (best == null || ratio > highest) {
                    best = filter;
                    highest = ratio;
                }
            }
        }
        return best;
    }
}
