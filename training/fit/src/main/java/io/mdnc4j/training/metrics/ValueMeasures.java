package io.mdnc4j.training.metrics;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.OnHeap;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures of values: {@code snr_db} (as {@link SignalToNoise}, leading), {@code mae} (mean absolute error) and {@code rmse}
 * (root mean squared error), pooled over all elements.
 */
public record ValueMeasures() implements Measures {
    private static final int SIGNAL = 0;
    private static final int SQUARES = 1;
    private static final int ABSOLUTE = 2;
    private static final int ELEMENTS = 3;

    @Override
    public double[] count(INDArray target, INDArray output) {
        requireSameShape(target, output);
        float[] wanted = OnHeap.floats(target);
        float[] found = OnHeap.floats(output);
        double mean = 0;
        for (float value : wanted) {
            mean += value;
        }
        mean /= wanted.length;
        double[] counts = new double[counts()];
        for (int i = 0; i < wanted.length; i++) {
            double error = (double) found[i] - wanted[i];
            counts[SIGNAL] += (wanted[i] - mean) * (wanted[i] - mean);
            counts[SQUARES] += error * error;
            counts[ABSOLUTE] += Math.abs(error);
        }
        counts[ELEMENTS] = wanted.length;
        return counts;
    }

    static void requireSameShape(INDArray target, INDArray output) {
        if (!Arrays.equals(target.shape(), output.shape())) {
            throw new ArgumentException(
                    "output",
                    "shape " + Arrays.toString(output.shape()) + " is not that of the target, "
                            + Arrays.toString(target.shape()),
                    "use a network whose output has the target's channels and size");
        }
    }

    @Override
    public int counts() {
        return ELEMENTS + 1;
    }

    @Override
    public Map<String, Double> metrics(double[] sums) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("snr_db", 10 * Math.log10(sums[SIGNAL] / sums[SQUARES]));
        metrics.put("mae", sums[ABSOLUTE] / sums[ELEMENTS]);
        metrics.put("rmse", Math.sqrt(sums[SQUARES] / sums[ELEMENTS]));
        return metrics;
    }
}
