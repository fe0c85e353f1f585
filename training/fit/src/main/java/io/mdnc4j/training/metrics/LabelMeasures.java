package io.mdnc4j.training.metrics;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.zoo.nnunet.Processing.Label;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Dice's coefficient of classes or of regions, which may lie in each other, as nnU-Net's evaluation counts it: {@code
 * dice_NAME} of each is the mean over the masks that have it, or in which it was found; {@code dice} (leading) the mean of
 * these over all but the background. What does not occur at all counts in no mean.
 *
 * @param labels names and numbers; the background, number 0 alone, is left out
 * @param ignored number of positions that count for nothing; {@code null} for none
 */
public record LabelMeasures(List<Label> labels, @Nullable Integer ignored) implements Measures {
    private static final int NUMBER = Integer.SIZE;

    /**
     * Leaves out the background.
     *
     * @param labels names and numbers
     * @param ignored number of positions that count for nothing; {@code null} for none
     */
    public LabelMeasures {
        labels = labels.stream()
                .filter(label -> !label.numbers().equals(List.of(0)))
                .toList();
    }

    /**
     * What is counted for a mask: for each label its coefficient and 1, or 0 and 0 where there is none.
     *
     * @param target numbers of classes at positions
     * @param output those that were found, of the same shape, not probabilities
     * @throws ArgumentException if the shapes differ, or the target has a number that no label has
     */
    @Override
    public double[] count(INDArray target, INDArray output) {
        if (!Arrays.equals(target.shape(), output.shape())) {
            throw new ArgumentException(
                    "target",
                    "shape " + Arrays.toString(target.shape()),
                    "give one of the output's shape, " + Arrays.toString(output.shape()));
        }
        Map<Long, Long> pairs = pairs(OnHeap.ints(target), OnHeap.ints(output));
        double[] counts = new double[counts()];
        for (int i = 0; i < labels.size(); i++) {
            List<Integer> numbers = labels.get(i).numbers();
            long both = 0;
            long all = 0;
            for (Map.Entry<Long, Long> pair : pairs.entrySet()) {
                boolean wanted = numbers.contains((int) (pair.getKey() >> NUMBER));
                boolean found = numbers.contains((int) (long) pair.getKey());
                both += wanted && found ? pair.getValue() : 0;
                all += (wanted ? pair.getValue() : 0) + (found ? pair.getValue() : 0);
            }
            if (all > 0) {
                counts[2 * i] = 2.0 * both / all;
                counts[2 * i + 1] = 1;
            }
        }
        return counts;
    }

    /** How often which number is wanted where which one was found. */
    private Map<Long, Long> pairs(int[] wanted, int[] found) {
        Map<Long, Long> pairs = new LinkedHashMap<>();
        for (int from = 0; from < wanted.length; ) {
            int to = from + 1;
            while (to < wanted.length && wanted[to] == wanted[from] && found[to] == found[from]) {
                to++;
            }
            int number = wanted[from];
            if (ignored == null || number != ignored) {
                ArgumentException.require(
                        number == 0
                                || labels.stream()
                                        .anyMatch(label -> label.numbers().contains(number)),
                        "target",
                        "has the number " + number,
                        "use the numbers of the model's labels, " + labels);
                pairs.merge((long) number << NUMBER | found[from], (long) to - from, Long::sum);
            }
            from = to;
        }
        return pairs;
    }

    @Override
    public int counts() {
        return 2 * labels.size();
    }

    @Override
    public Map<String, Double> metrics(double[] sums) {
        List<Double> each = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            each.add(sums[2 * i] / sums[2 * i + 1]);
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(
                "dice",
                each.stream()
                        .filter(value -> !value.isNaN())
                        .mapToDouble(value -> value)
                        .average()
                        .orElse(Double.NaN));
        for (int i = 0; i < labels.size(); i++) {
            metrics.put("dice_" + labels.get(i).name(), each.get(i));
        }
        return metrics;
    }
}
