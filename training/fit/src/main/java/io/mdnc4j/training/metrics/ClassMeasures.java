package io.mdnc4j.training.metrics;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.predict.Probabilities;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures of classes, all from the confusion matrix: of whole examples {@code accuracy} (leading), {@code f1} (mean over
 * classes); of positions {@code dice} (leading) and {@code iou} (means over all classes but the first, the background) and
 * {@code accuracy}. A class that neither occurs nor is found counts in no mean, a position of class -1 not at all.
 *
 * @param classes names of the classes
 * @param positions whether classes are those of positions, not of whole examples
 */
public record ClassMeasures(List<String> classes, boolean positions) implements Measures {
    /** The confusion matrix, row by row: true classes in rows, found ones in columns. */
    @Override
    public double[] count(INDArray target, INDArray output) {
        int k = classes.size();
        int[] found = Probabilities.mostProbable(output);
        if (output.size(0) != k || target.length() != found.length) {
            throw new ArgumentException(
                    "output",
                    "shape " + Arrays.toString(output.shape()) + " does not suit " + k
                            + " classes and a target of shape " + Arrays.toString(target.shape()),
                    "use a network with that many output channels, and of the target's size");
        }
        int[] wanted = OnHeap.ints(target);
        double[] confusion = new double[k * k];
        for (int i = 0; i < found.length; i++) {
            if (wanted[i] == -1 && positions) {
                continue;
            }
            if (wanted[i] < 0 || wanted[i] >= k) {
                throw new ArgumentException(
                        "target",
                        "class " + wanted[i] + " is not in 0.." + (k - 1),
                        "the network knows " + k + " classes");
            }
            confusion[wanted[i] * k + found[i]]++;
        }
        return confusion;
    }

    @Override
    public int counts() {
        return classes.size() * classes.size();
    }

    @Override
    public double[] confusion(double[] sums) {
        return sums.clone();
    }

    @Override
    public Map<String, Double> metrics(double[] confusion) {
        int k = classes.size();
        double[] dice = new double[k];
        double correct = 0;
        for (int c = 0; c < k; c++) {
            double row = 0;
            double column = 0;
            for (int other = 0; other < k; other++) {
                row += confusion[c * k + other];
                column += confusion[other * k + c];
            }
            correct += confusion[c * k + c];
            // F1 of a class and Dice's coefficient are the same number
            dice[c] = 2 * confusion[c * k + c] / (row + column);
        }
        double accuracy = correct / Arrays.stream(confusion).sum();
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (positions) {
            metrics.put("dice", mean(dice, 1));
            metrics.put("iou", mean(Arrays.stream(dice).map(d -> d / (2 - d)).toArray(), 1));
            metrics.put("accuracy", accuracy);
        } else {
            metrics.put("accuracy", accuracy);
            metrics.put("f1", mean(dice, 0));
        }
        return metrics;
    }

    private static double mean(double[] values, int from) {
        return Arrays.stream(values, from, values.length)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }
}
