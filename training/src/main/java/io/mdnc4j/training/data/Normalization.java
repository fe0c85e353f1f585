package io.mdnc4j.training.data;

import org.apache.commons.math3.stat.StatUtils;

/**
 * Takes level and scale out of a window and puts them back. Instance normalisation inside the networks forgets both, so no
 * network can restore them.
 *
 * @param mean what is subtracted
 * @param deviation what is divided by, positive
 */
record Normalization(double mean, double deviation) {
    /** The mean and (population) standard deviation of a window; a constant one is divided by 1. */
    static Normalization of(double[] window) {
        double mean = StatUtils.mean(window);
        double deviation = Math.sqrt(StatUtils.populationVariance(window, mean));
        return new Normalization(mean, deviation > 0 ? deviation : 1);
    }

    double apply(double value) {
        return (value - mean) / deviation;
    }

    double restore(double value) {
        return value * deviation + mean;
    }
}
