package io.mdnc4j.training.metrics;

import io.mdnc4j.training.arrays.OnHeap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures of values against noisy targets, pooled over those elements whose target is known, that is not NaN:
 * {@code noisy_rmse} (root mean squared error, leading) and {@code noisy_mae} (mean absolute error). A mean squared error has
 * the variance of the targets' noise in it, where that noise is independent of the output's error: of two methods the better
 * one is better by the same amount as against clean targets.
 */
public record NoisyMeasures() implements Measures {
    private static final int SQUARES = 0;
    private static final int ABSOLUTE = 1;
    private static final int ELEMENTS = 2;

    @Override
    public double[] count(INDArray target, INDArray output) {
        ValueMeasures.requireSameShape(target, output);
        float[] wanted = OnHeap.floats(target);
        float[] found = OnHeap.floats(output);
        double[] counts = new double[counts()];
        for (int i = 0; i < wanted.length; i++) {
            if (!Float.isNaN(wanted[i])) {
                double error = (double) found[i] - wanted[i];
                counts[SQUARES] += error * error;
                counts[ABSOLUTE] += Math.abs(error);
                counts[ELEMENTS]++;
            }
        }
        return counts;
    }

    @Override
    public int counts() {
        return ELEMENTS + 1;
    }

    @Override
    public Map<String, Double> metrics(double[] sums) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("noisy_rmse", Math.sqrt(sums[SQUARES] / sums[ELEMENTS]));
        metrics.put("noisy_mae", sums[ABSOLUTE] / sums[ELEMENTS]);
        return metrics;
    }
}
