package io.mdnc4j.blocks.internal.kernels;

/**
 * Mean and inverse deviation of each group of a normalisation, as its backward pass needs them.
 *
 * @param mean mean of each group
 * @param inverseDeviation {@code 1 / sqrt(variance + epsilon)} of each group, with the biased variance
 */
public record Statistics(double[] mean, double[] inverseDeviation) {
    /** Room for that many groups. */
    static Statistics of(int groups) {
        return new Statistics(new double[groups], new double[groups]);
    }

    /** The given statistics, one a group: those of a batch normalisation at inference. */
    public static Statistics fixed(double[] mean, double[] variance, double epsilon) {
        double[] inverse = new double[variance.length];
        for (int g = 0; g < inverse.length; g++) {
            inverse[g] = 1 / Math.sqrt(variance[g] + epsilon);
        }
        return new Statistics(mean, inverse);
    }

    /** The biased variance of a group. */
    public double variance(int group, double epsilon) {
        return 1 / (inverseDeviation[group] * inverseDeviation[group]) - epsilon;
    }
}
