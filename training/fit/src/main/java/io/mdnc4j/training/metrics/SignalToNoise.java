package io.mdnc4j.training.metrics;

import org.apache.commons.math3.stat.StatUtils;

/** Signal-to-noise ratio of windows. */
public final class SignalToNoise {
    private SignalToNoise() {}

    /**
     * {@code 10 log10(sum (x - mean of its window)^2 / sum (y - x)^2)} in decibel, both sums over all windows; infinite if
     * they are equal.
     *
     * @param clean the windows {@code x}
     * @param estimate the windows {@code y}
     * @return the ratio in decibel
     * @throws IllegalArgumentException if their numbers or lengths differ
     */
    public static double decibel(double[][] clean, double[][] estimate) {
        if (clean.length != estimate.length) {
            throw new IllegalArgumentException("estimate: has " + estimate.length + " windows, the clean signal "
                    + clean.length + "; give one for each");
        }
        double signal = 0;
        double noise = 0;
        for (int n = 0; n < clean.length; n++) {
            if (clean[n].length != estimate[n].length) {
                throw new IllegalArgumentException("estimate: window " + n + " has " + estimate[n].length
                        + " samples, the clean one " + clean[n].length + "; give windows of one length");
            }
            double mean = StatUtils.mean(clean[n]);
            for (int i = 0; i < clean[n].length; i++) {
                signal += (clean[n][i] - mean) * (clean[n][i] - mean);
                noise += (estimate[n][i] - clean[n][i]) * (estimate[n][i] - clean[n][i]);
            }
        }
        return 10 * Math.log10(signal / noise);
    }

    /**
     * The same of one window.
     *
     * @param clean the window {@code x}
     * @param estimate the window {@code y}
     * @return the ratio in decibel
     * @throws IllegalArgumentException if their lengths differ
     */
    public static double decibel(double[] clean, double[] estimate) {
        return decibel(new double[][] {clean}, new double[][] {estimate});
    }
}
