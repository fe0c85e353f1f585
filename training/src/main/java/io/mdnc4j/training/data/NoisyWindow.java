package io.mdnc4j.training.data;

import java.util.Random;
import org.apache.commons.math3.stat.StatUtils;

/** A window of a signal with and without noise, in the signal's unit. */
record NoisyWindow(double[] clean, double[] noisy, Normalization normalization) {
    /** The noise is 6 dB below the signal. */
    static final double NOISE_DB = 6;

    /**
     * Cuts a window and adds white Gaussian noise with the variance of the window / 10^0.6.
     *
     * @param start index of its first sample
     */
    static NoisyWindow cut(double[] samples, int start, int length, Random random) {
        double[] clean = new double[length];
        System.arraycopy(samples, start, clean, 0, length);
        double scale = Math.sqrt(StatUtils.populationVariance(clean) / Math.pow(10, NOISE_DB / 10));
        double[] noisy = new double[length];
        for (int i = 0; i < length; i++) {
            noisy[i] = clean[i] + scale * random.nextGaussian();
        }
        return new NoisyWindow(clean, noisy, Normalization.of(noisy));
    }

    void putNormalized(float[] features, float[] labels, int offset) {
        for (int i = 0; i < clean.length; i++) {
            features[offset + i] = (float) normalization.apply(noisy[i]);
            labels[offset + i] = (float) normalization.apply(clean[i]);
        }
    }
}
