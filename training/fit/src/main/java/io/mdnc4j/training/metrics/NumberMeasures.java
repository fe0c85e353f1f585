package io.mdnc4j.training.metrics;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.OnHeap;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures of numbers of whole examples: {@code rmse} (root mean squared error), {@code mae} (mean absolute error), {@code bias}
 * (mean of answer less target), all in the unit of the number, and {@code r2}, the coefficient of determination
 * {@code 1 - sum of squared errors / sum of squared deviations of the targets from their mean}: 1 is perfect, 0 no better than
 * their mean, and NaN where they are all equal.
 *
 * <p>Of one number, {@code rmse} leads. Of several, which may have different units, {@code r2} leads, the mean over them, and
 * those of each follow with its name, such as {@code rmse_age}.
 *
 * @param names of the numbers, at least one
 */
public record NumberMeasures(List<String> names) implements Measures {
    private static final int EXAMPLES = 0;
    private static final int TARGETS = 1;
    private static final int TARGET_SQUARES = 2;
    private static final int ANSWERS = 3;
    private static final int SQUARES = 4;
    private static final int ABSOLUTE = 5;
    private static final int EACH = ABSOLUTE + 1;

    /**
     * Copies the list.
     *
     * @param names of the numbers, at least one
     * @throws ArgumentException if there is none
     */
    public NumberMeasures {
        names = List.copyOf(names);
        ArgumentException.require(
                !names.isEmpty(), "description", "names no numbers", "state those that the network answers with");
    }

    @Override
    public double[] count(INDArray target, INDArray output) {
        double[] wanted = OnHeap.doubles(target);
        double[] found = OnHeap.doubles(output);
        if (wanted.length != names.size() || found.length != names.size()) {
            throw new ArgumentException(
                    "output",
                    "shape " + Arrays.toString(output.shape()) + " and a target of shape "
                            + Arrays.toString(target.shape()) + " do not suit the numbers " + names,
                    "use a network with that many outputs");
        }
        double[] counts = new double[counts()];
        for (int k = 0; k < wanted.length; k++) {
            double error = found[k] - wanted[k];
            counts[k * EACH + EXAMPLES] = 1;
            counts[k * EACH + TARGETS] = wanted[k];
            counts[k * EACH + TARGET_SQUARES] = wanted[k] * wanted[k];
            counts[k * EACH + ANSWERS] = found[k];
            counts[k * EACH + SQUARES] = error * error;
            counts[k * EACH + ABSOLUTE] = Math.abs(error);
        }
        return counts;
    }

    @Override
    public int counts() {
        return names.size() * EACH;
    }

    @Override
    public Map<String, Double> metrics(double[] sums) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (names.size() == 1) {
            add(metrics, sums, 0, "");
            return metrics;
        }
        double determined = 0;
        for (int k = 0; k < names.size(); k++) {
            determined += determination(sums, k) / names.size();
        }
        metrics.put("r2", determined);
        for (int k = 0; k < names.size(); k++) {
            add(metrics, sums, k, "_" + names.get(k));
        }
        return metrics;
    }

    private static void add(Map<String, Double> metrics, double[] sums, int number, String suffix) {
        double examples = sums[number * EACH + EXAMPLES];
        metrics.put("rmse" + suffix, Math.sqrt(sums[number * EACH + SQUARES] / examples));
        metrics.put("mae" + suffix, sums[number * EACH + ABSOLUTE] / examples);
        metrics.put("r2" + suffix, determination(sums, number));
        metrics.put("bias" + suffix, (answer(sums, number) - target(sums, number)) / examples);
    }

    private static double determination(double[] sums, int number) {
        double targets = target(sums, number);
        double squares = sums[number * EACH + TARGET_SQUARES];
        double spread = squares - targets * targets / sums[number * EACH + EXAMPLES];
        // what is left of equal targets is rounding
        return spread > Math.ulp(squares) * sums[number * EACH + EXAMPLES]
                ? 1 - sums[number * EACH + SQUARES] / spread
                : Double.NaN;
    }

    /**
     * A number that was wanted.
     *
     * @param count what {@link #count} gave for an example
     * @param number its place among the names, from 0
     * @return the target
     */
    public static double target(double[] count, int number) {
        return count[number * EACH + TARGETS];
    }

    /**
     * A number that was answered.
     *
     * @param count what {@link #count} gave for an example
     * @param number its place among the names, from 0
     * @return the output
     */
    public static double answer(double[] count, int number) {
        return count[number * EACH + ANSWERS];
    }
}
