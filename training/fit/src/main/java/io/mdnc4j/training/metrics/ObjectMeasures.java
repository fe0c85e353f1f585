package io.mdnc4j.training.metrics;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.objects.TouchingObjects;
import io.mdnc4j.training.predict.Probabilities;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures of objects that {@link TouchingObjects} tells from the classes of positions, in target and output alike:
 * {@code object_f1} (leading), 2 m / (t + f) of m matched, t true and f found ones, where two match of which the intersection
 * is more than half of the union; and {@code count_error}, the mean over examples of {@code |t - f|}. What is not known in the
 * target counts as background in both.
 */
public record ObjectMeasures() implements Measures {
    private static final double MATCHED = 0.5;

    /** {@code {true, found, matched, |true - found|, 1}}. */
    @Override
    public double[] count(INDArray target, INDArray output) {
        int classes = TouchingObjects.CLASSES.size();
        int[] found = Probabilities.mostProbable(output);
        if (output.size(0) != classes || target.length() != found.length) {
            throw new ArgumentException(
                    "output",
                    "shape " + Arrays.toString(output.shape()) + " does not suit " + classes
                            + " classes and a target of shape " + Arrays.toString(target.shape()),
                    "use a network with that many output channels, and of the target's size");
        }
        int[] wanted = OnHeap.ints(target);
        for (int i = 0; i < found.length; i++) {
            found[i] = wanted[i] < 0 ? 0 : found[i];
        }
        long[] size = Axes.size(target);
        return compare(
                TouchingObjects.separate(wanted, certain(wanted), size),
                TouchingObjects.separate(found, Probabilities.heights(output), size));
    }

    /** Heights of classes that are known. */
    private static float[] certain(int... classes) {
        float[] heights = new float[classes.length];
        for (int i = 0; i < heights.length; i++) {
            heights[i] = classes[i] == 1 ? -1 : 0;
        }
        return heights;
    }

    /** The counts of objects with numbers from 1. */
    static double[] compare(int[] wanted, int[] found) {
        int trues = Arrays.stream(wanted).max().orElse(0);
        int founds = Arrays.stream(found).max().orElse(0);
        long[] wantedSizes = new long[trues + 1];
        long[] foundSizes = new long[founds + 1];
        Map<Long, Integer> common = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            wantedSizes[wanted[i]]++;
            foundSizes[found[i]]++;
            if (wanted[i] > 0 && found[i] > 0) {
                common.merge((long) wanted[i] << Integer.SIZE | found[i], 1, Integer::sum);
            }
        }
        // more than half of the union: each has one partner at most
        long matched = common.entrySet().stream()
                .filter(pair -> {
                    long sizes =
                            wantedSizes[(int) (pair.getKey() >> Integer.SIZE)] + foundSizes[(int) (long) pair.getKey()];
                    return pair.getValue() > MATCHED * (sizes - pair.getValue());
                })
                .count();
        return new double[] {trues, founds, matched, Math.abs(trues - founds), 1};
    }

    @Override
    public int counts() {
        return 5;
    }

    @Override
    public Map<String, Double> metrics(double[] sums) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("object_f1", 2 * sums[2] / (sums[0] + sums[1]));
        metrics.put("count_error", sums[3] / sums[4]);
        return metrics;
    }
}
