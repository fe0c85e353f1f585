package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.ModelDescription;
import java.util.Arrays;
import java.util.List;

/**
 * Takes level and scale out of what a network sees, and puts them back into what it answers: {@code (x - mean) / deviation}.
 * Instance normalisation inside the networks forgets both, so no network can restore them.
 *
 * <p>There is one mean and one deviation for all channels, or one pair a channel. Values are those of all channels, one channel
 * after the other. Immutable; equal if all numbers are.
 */
public final class Standardization {
    private final double[] mean;
    private final double[] deviation;

    private Standardization(double[] mean, double[] deviation) {
        this.mean = mean;
        this.deviation = deviation;
    }

    /**
     * The normalisation of one window.
     *
     * @param how as a model's description says: not at all, by the mean and (population) standard deviation of all values of the
     *     window or of each of its channels, or by numbers of the training set
     * @param window values {@code [C, size...]}; constant ones have no deviation and are divided by 1
     * @param channels of the window
     * @return the numbers that {@link #apply} takes out
     * @throws ArgumentException if the description has means or deviations of another number of channels, or a deviation that is
     *     not positive
     */
    public static Standardization of(ModelDescription.Normalization how, float[] window, int channels) {
        return switch (how.by()) {
            case NONE -> new Standardization(new double[] {0}, new double[] {1});
            case SAMPLE -> ofParts(window, 1);
            case CHANNEL -> ofParts(window, channels);
            case SET -> ofSet(how, channels);
        };
    }

    private static Standardization ofSet(ModelDescription.Normalization how, int channels) {
        ArgumentException.require(
                how.mean().size() == channels,
                "input",
                "has " + channels + " channels",
                "give the " + how.mean().size() + " that the network was trained on");
        ArgumentException.require(
                how.deviation().size() == channels && how.deviation().stream().allMatch(value -> value > 0),
                "description",
                "deviations " + how.deviation(),
                "state a positive one for each of " + channels + " channels");
        return new Standardization(numbers(how.mean()), numbers(how.deviation()));
    }

    private static double[] numbers(List<Double> list) {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Of each of some parts of equal length, one after the other. */
    private static Standardization ofParts(float[] window, int parts) {
        double[] means = new double[parts];
        double[] deviations = new double[parts];
        int length = window.length / parts;
        for (int part = 0; part < parts; part++) {
            int from = part * length;
            double sum = 0;
            for (int i = from; i < from + length; i++) {
                sum += window[i];
            }
            double mean = sum / length;
            double squares = 0;
            for (int i = from; i < from + length; i++) {
                squares += (window[i] - mean) * (window[i] - mean);
            }
            double deviation = Math.sqrt(squares / length);
            means[part] = mean;
            deviations[part] = deviation > 0 ? deviation : 1;
        }
        return new Standardization(means, deviations);
    }

    /** {@return what is subtracted, one number or one a channel} */
    public double[] mean() {
        return mean.clone();
    }

    /** {@return what is divided by, one number or one a channel, positive} */
    public double[] deviation() {
        return deviation.clone();
    }

    /**
     * Normalises values in place.
     *
     * @param values {@code [C, size...]}
     */
    public void apply(float[] values) {
        int length = values.length / mean.length;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((values[i] - mean[i / length]) / deviation[i / length]);
        }
    }

    /**
     * Undoes {@link #apply} in place.
     *
     * @param values {@code [C, size...]}
     */
    public void restore(float[] values) {
        int length = values.length / mean.length;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * deviation[i / length] + mean[i / length]);
        }
    }

    /** Refuses outputs of which no channel is told which of the means it has. */
    void requireRestorable(long channels) {
        ArgumentException.require(
                mean.length == 1 || mean.length == channels,
                "description",
                "means of " + mean.length + " channels are to be restored in an output of " + channels,
                "set restored to false, or use a network of as many output channels");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Standardization that
                && Arrays.equals(mean, that.mean)
                && Arrays.equals(deviation, that.deviation);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
    }

    @Override
    public String toString() {
        return "Standardization[mean=" + Arrays.toString(mean) + ", deviation=" + Arrays.toString(deviation) + "]";
    }
}
