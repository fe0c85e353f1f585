package io.mdnc4j.training.metrics;

import java.util.Arrays;

/**
 * Structural similarity of an output and a target, signals, images or volumes {@code [size...]}; Wang et al., IEEE Trans. Image
 * Process. 13:600, 2004: means, variances and covariance in a Gaussian window of 11 elements an axis with deviation 1.5, at
 * every place where the window lies inside (on shorter axes it is the largest odd number of elements), K1 = 0.01, K2 = 0.03.
 *
 * @param origin the value that counts as 0
 * @param range of the target's values, positive
 * @param size elements of each axis
 */
public record StructuralSimilarity(double origin, double range, int... size) {
    private static final int WINDOW = 11;
    private static final double DEVIATION = 1.5;
    private static final double K1 = 0.01;
    private static final double K2 = 0.03;

    /**
     * With the range from a target's least to its largest value; the least counts as 0 where it is negative, since the measure
     * is of intensities.
     *
     * @param target its values, the last axis fastest
     * @param size elements of each axis
     * @return the measure; its range is 1 where the target's values are all equal
     */
    public static StructuralSimilarity suiting(double[] target, int... size) {
        double least = Arrays.stream(target).min().orElse(0);
        double range = Arrays.stream(target).max().orElse(0) - least;
        return new StructuralSimilarity(Math.min(least, 0), range > 0 ? range : 1, size);
    }

    /** Means in the window of a pair of arrays, of their squares and their product. */
    private final class Means {
        final double[] output;
        final double[] target;
        final double[] ofOutput;
        final double[] ofTarget;
        final double[] squares;
        final double[] products;

        Means(double[] output, double[] target) {
            this.output = shifted(output);
            this.target = shifted(target);
            double[] sums = new double[output.length];
            double[] crossed = new double[output.length];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = this.output[i] * this.output[i] + this.target[i] * this.target[i];
                crossed[i] = this.output[i] * this.target[i];
            }
            ofOutput = filter(this.output, false);
            ofTarget = filter(this.target, false);
            squares = filter(sums, false);
            products = filter(crossed, false);
        }

        double luminance(int i) {
            return 2 * ofOutput[i] * ofTarget[i] + c1();
        }

        double contrast(int i) {
            return 2 * (products[i] - ofOutput[i] * ofTarget[i]) + c2();
        }

        double luminances(int i) {
            return ofOutput[i] * ofOutput[i] + ofTarget[i] * ofTarget[i] + c1();
        }

        double contrasts(int i) {
            return squares[i] - ofOutput[i] * ofOutput[i] - ofTarget[i] * ofTarget[i] + c2();
        }

        double similarity(int i) {
            return luminance(i) * contrast(i) / (luminances(i) * contrasts(i));
        }
    }

    private double c1() {
        return K1 * range * K1 * range;
    }

    private double c2() {
        return K2 * range * K2 * range;
    }

    private double[] shifted(double... values) {
        return Arrays.stream(values).map(value -> value - origin).toArray();
    }

    /**
     * The mean over all places of the window; 1 where both are equal, less elsewhere.
     *
     * @param output its values, the last axis fastest
     * @param target values of the same size
     * @return the mean, from -1 to 1
     */
    public double mean(double[] output, double[] target) {
        Means means = new Means(output, target);
        double sum = 0;
        for (int i = 0; i < means.squares.length; i++) {
            sum += means.similarity(i);
        }
        return sum / means.squares.length;
    }

    /**
     * The derivatives of {@link #mean} by the output's elements.
     *
     * @param output its values, the last axis fastest
     * @param target values of the same size
     * @return one derivative an element of the output
     */
    public double[] gradient(double[] output, double[] target) {
        Means means = new Means(output, target);
        int places = means.squares.length;
        double[] byMean = new double[places];
        double[] bySquares = new double[places];
        double[] byProducts = new double[places];
        for (int i = 0; i < places; i++) {
            double similarity = means.similarity(i);
            double below = means.luminances(i) * means.contrasts(i);
            bySquares[i] = -similarity / means.contrasts(i) / places;
            byProducts[i] = 2 * means.luminance(i) / below / places;
            byMean[i] = 2 * means.ofTarget[i] * (means.contrast(i) - means.luminance(i)) / below / places
                    - 2 * means.ofOutput[i] * (similarity / means.luminances(i) / places + bySquares[i]);
        }
        double[] gradient = filter(byMean, true);
        double[] squares = filter(bySquares, true);
        double[] products = filter(byProducts, true);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] += 2 * means.output[i] * squares[i] + means.target[i] * products[i];
        }
        return gradient;
    }

    /** Filters along one axis after the other; backwards, the transpose. */
    private double[] filter(double[] values, boolean backwards) {
        double[] present = values;
        int inner = 1;
        for (int axis = size.length - 1; axis >= 0; axis--) {
            double[] window = window(size[axis]);
            int places = size[axis] - window.length + 1;
            present = along(present, backwards ? places : size[axis], inner, window, backwards);
            inner *= backwards ? size[axis] : places;
        }
        return present;
    }

    private static double[] along(double[] values, int length, int inner, double[] window, boolean backwards) {
        int reach = window.length - 1;
        int after = backwards ? length + reach : length - reach;
        int outer = values.length / (length * inner);
        double[] filtered = new double[outer * after * inner];
        int places = Math.min(length, after);
        for (int o = 0; o < outer; o++) {
            for (int place = 0; place < places; place++) {
                for (int w = 0; w <= reach; w++) {
                    int from = (o * length + place + (backwards ? 0 : w)) * inner;
                    int to = (o * after + place + (backwards ? w : 0)) * inner;
                    for (int i = 0; i < inner; i++) {
                        filtered[to + i] += window[w] * values[from + i];
                    }
                }
            }
        }
        return filtered;
    }

    private static double[] window(int length) {
        double[] window = new double[Math.min(WINDOW, length - 1 + length % 2)];
        for (int i = 0; i < window.length; i++) {
            double distance = (i - window.length / 2) / DEVIATION;
            window[i] = Math.exp(-distance * distance / 2);
        }
        double sum = Arrays.stream(window).sum();
        return Arrays.stream(window).map(weight -> weight / sum).toArray();
    }
}
