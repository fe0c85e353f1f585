package io.mdnc4j.training.predict;

import io.mdnc4j.zoo.ModelDescription;
import java.util.Arrays;

/**
 * Takes level and scale out of what a network sees, and puts them back into what it answers. Instance normalisation inside the
 * networks forgets both, so no network can restore them.
 *
 * @param mean what is subtracted, of each channel
 * @param deviation what is divided by, of each channel, positive
 */
public record Standardization(double[] mean, double[] deviation) {
    /**
     * The normalisation of one window.
     *
     * @param how as a model's description says
     * @param window values of all channels, one channel after the other
     * @throws IllegalArgumentException if the description has means of another number of channels
     */
    public static Standardization of(ModelDescription.Normalization how, float[] window, int channels) {
        return switch (how.by()) {
            case NONE -> new Standardization(new double[] {0}, new double[] {1});
            case SAMPLE -> ofSample(window);
            case SET -> {
                if (how.mean().size() != channels) {
                    throw new IllegalArgumentException(
                            "input: has " + channels + " channels, the network was trained on "
                                    + how.mean().size() + "; give those");
                }
                yield new Standardization(numbers(how.mean()), numbers(how.deviation()));
            }
        };
    }

    private static double[] numbers(java.util.List<Double> list) {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The mean and (population) standard deviation of all values; constant ones are divided by 1. */
    static Standardization ofSample(float[] window) {
        double sum = 0;
        for (float value : window) {
            sum += value;
        }
        double mean = sum / window.length;
        double squares = 0;
        for (float value : window) {
            squares += (value - mean) * (value - mean);
        }
        double deviation = Math.sqrt(squares / window.length);
        return new Standardization(new double[] {mean}, new double[] {deviation > 0 ? deviation : 1});
    }

    /** Normalises values in place. */
    public void apply(float[] values) {
        int length = values.length / mean.length;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((values[i] - mean[i / length]) / deviation[i / length]);
        }
    }

    /** Undoes {@link #apply} in place. */
    public void restore(float[] values) {
        int length = values.length / mean.length;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * deviation[i / length] + mean[i / length]);
        }
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
}
