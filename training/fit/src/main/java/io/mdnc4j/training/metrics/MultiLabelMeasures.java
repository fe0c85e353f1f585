package io.mdnc4j.training.metrics;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.predict.Probabilities;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures of labels of which several may apply at once. A label is found where its probability is more than 0.5; where it is not
 * known whether it is there (-1), nothing is counted.
 *
 * <p>Of positions: {@code dice} (leading) and {@code iou}, means over the labels, and {@code dice_NAME} of each, all from counts of
 * positions of all examples together. Of whole examples: {@code f1_macro} (leading), the mean of the labels' F1, {@code f1_micro},
 * that of all labels counted together, {@code exact_match}, the part of the examples of which all known labels are right,
 * {@code accuracy}, the part of all labels that are, {@code auroc}, the mean of the labels' area under the receiver operating
 * characteristic, and of each label {@code f1_NAME}, {@code accuracy_NAME}, {@code auroc_NAME}. A label that neither occurs nor is
 * found has no F1 or Dice, one of which all examples are alike no AUROC; they count in no mean. For the AUROC probabilities are
 * sorted into 128 bins of equal width in their log-odds, from -8 to 8; within a bin order is not told.
 *
 * @param labels their names
 * @param positions whether they are those of positions, not of whole examples
 */
public record MultiLabelMeasures(List<String> labels, boolean positions) implements Measures {
    private static final int BINS = 128;
    private static final double MOST = 8;
    private static final List<String> MEANS = List.of("macro", "micro");

    /** Places among the counts of a label: found and there, found, there, known, right. */
    private static final int BOTH = 0;

    private static final int FOUND = 1;
    private static final int THERE = 2;
    private static final int KNOWN = 3;
    private static final int RIGHT = 4;
    private static final int COUNTS = 5;

    /**
     * Refuses names that are those of means.
     *
     * @param labels their names
     * @param positions whether they are those of positions, not of whole examples
     * @throws ArgumentException if one is {@code macro} or {@code micro}, of whole examples
     */
    public MultiLabelMeasures {
        labels = List.copyOf(labels);
        for (String name : MEANS) {
            ArgumentException.require(
                    positions || !labels.contains(name),
                    "labels",
                    labels + ", but f1_" + name + " is a mean over all",
                    "rename " + name);
        }
    }

    /** Of each label the counts, of whole examples with bins of those that have and have not got it; of these two more in the end. */
    @Override
    public double[] count(INDArray target, INDArray output) {
        int k = labels.size();
        if (output.size(0) != k || !Arrays.equals(target.shape(), output.shape())) {
            throw new ArgumentException(
                    "output",
                    "shape " + Arrays.toString(output.shape()) + " does not suit " + k
                            + " labels and a target of shape " + Arrays.toString(target.shape()),
                    "use a network with that many output channels, and of the target's size");
        }
        float[] wanted = OnHeap.floats(target);
        float[] found = OnHeap.floats(output);
        double[] counts = new double[counts()];
        int length = wanted.length / k;
        long known = 0;
        long right = 0;
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] != 0 && wanted[i] != 1) {
                ArgumentException.require(
                        wanted[i] == -1, "target", "has the value " + wanted[i], "use 0, 1 or, where unknown, -1");
                continue;
            }
            int first = i / length * perLabel();
            boolean there = wanted[i] == 1;
            boolean told = Probabilities.isPresent(found[i]);
            counts[first + BOTH] += there && told ? 1 : 0;
            counts[first + FOUND] += told ? 1 : 0;
            counts[first + THERE] += there ? 1 : 0;
            counts[first + KNOWN]++;
            counts[first + RIGHT] += there == told ? 1 : 0;
            if (!positions) {
                counts[first + COUNTS + (there ? BINS : 0) + bin(found[i])]++;
            }
            known++;
            right += there == told ? 1 : 0;
        }
        if (!positions && known > 0) {
            counts[counts.length - 2] = right == known ? 1 : 0;
            counts[counts.length - 1] = 1;
        }
        return counts;
    }

    private static int bin(double probability) {
        double odds = Math.log(probability / (1 - probability));
        double place = Math.floor((odds + MOST) / (2 * MOST) * BINS);
        return (int) Math.min(Math.max(place, 0), BINS - 1.0);
    }

    private int perLabel() {
        return positions ? COUNTS : COUNTS + 2 * BINS;
    }

    @Override
    public int counts() {
        return labels.size() * perLabel() + (positions ? 0 : 2);
    }

    @Override
    public Map<String, Double> metrics(double[] sums) {
        double[][] each = new double[labels.size()][];
        double[] all = new double[COUNTS];
        for (int k = 0; k < each.length; k++) {
            each[k] = Arrays.copyOfRange(sums, k * perLabel(), (k + 1) * perLabel());
            for (int i = 0; i < COUNTS; i++) {
                all[i] += each[k][i];
            }
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (positions) {
            metrics.put("dice", mean(each, MultiLabelMeasures::f1));
            metrics.put("iou", mean(each, MultiLabelMeasures::iou));
            put(metrics, "dice", each, MultiLabelMeasures::f1);
            return metrics;
        }
        metrics.put("f1_macro", mean(each, MultiLabelMeasures::f1));
        metrics.put("f1_micro", f1(all));
        metrics.put("exact_match", sums[sums.length - 2] / sums[sums.length - 1]);
        metrics.put("accuracy", accuracy(all));
        metrics.put("auroc", mean(each, MultiLabelMeasures::auroc));
        put(metrics, "f1", each, MultiLabelMeasures::f1);
        put(metrics, "accuracy", each, MultiLabelMeasures::accuracy);
        put(metrics, "auroc", each, MultiLabelMeasures::auroc);
        return metrics;
    }

    private void put(Map<String, Double> metrics, String name, double[][] each, ToDoubleFunction<double[]> of) {
        for (int k = 0; k < each.length; k++) {
            metrics.put(name + "_" + labels.get(k), of.applyAsDouble(each[k]));
        }
    }

    private static double mean(double[][] each, ToDoubleFunction<double[]> of) {
        return Arrays.stream(each)
                .mapToDouble(of)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** The same number as Dice's coefficient. */
    private static double f1(double[] counts) {
        return 2 * counts[BOTH] / (counts[FOUND] + counts[THERE]);
    }

    private static double iou(double[] counts) {
        return counts[BOTH] / (counts[FOUND] + counts[THERE] - counts[BOTH]);
    }

    private static double accuracy(double[] counts) {
        return counts[RIGHT] / counts[KNOWN];
    }

    /** The probability that one that has the label is in a higher bin than one that has not, half of it where in the same. */
    private static double auroc(double[] counts) {
        double before = 0;
        double sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double without = counts[COUNTS + bin];
            sum += counts[COUNTS + BINS + bin] * (before + without / 2);
            before += without;
        }
        return sum / (before * counts[THERE]);
    }
}
