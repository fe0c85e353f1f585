package io.mdnc4j.training.task;

import java.util.List;
import java.util.function.Function;

/**
 * Which sizes training samples of some data can have.
 *
 * @param elements of all training examples together, each counted once whatever its channels
 * @param windows sizes on each axis, those that suit the data, the largest first; one where it is given or of the examples' own
 * @param at the same data with training samples of a size
 */
public record SampleSizes(double elements, List<List<Long>> windows, Function<List<Long>, TrainingData> at) {
    /**
     * Copies the list.
     *
     * @param elements of all training examples together
     * @param windows at least one
     * @param at the same data with training samples of a size
     */
    public SampleSizes {
        windows = List.copyOf(windows);
    }

    /**
     * How often samples cover the training examples, were they spread evenly.
     *
     * @param samples how many
     * @param window their size on each axis
     * @return passes over the training part
     */
    public double passes(double samples, List<Long> window) {
        return samples * volume(window) / elements;
    }

    static double volume(List<Long> window) {
        return window.stream().mapToDouble(size -> size).reduce(1, (a, b) -> a * b);
    }
}
