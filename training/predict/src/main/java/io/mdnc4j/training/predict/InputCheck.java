package io.mdnc4j.training.predict;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * Whether a network can take an input.
 *
 * @param trained shape that it was trained on, {@code [C, size...]}; empty if unknown
 * @param finite whether all elements must be numbers
 */
record InputCheck(List<Long> trained, boolean finite) {
    /** What is wrong with an input, and what to do about it. */
    record Fault(String value, String remedy) {}

    /** The first thing wrong with an input {@code [C, size...]}; {@code null} if nothing is. */
    @Nullable
    Fault of(INDArray input) {
        if (!trained.isEmpty() && (trained.size() != input.rank() || trained.get(0) != input.size(0))) {
            return new Fault(
                    "has shape " + Arrays.toString(input.shape()) + " (channels, size), the network was trained on "
                            + trained,
                    isChannelsLast(input)
                            ? "its last axis seems to be that of the channels: store it first"
                            : "give inputs with as many channels and axes");
        }
        // one pass without a copy: a sum is finite unless an element is not, or large numbers overflow
        if (!finite
                || input.isEmpty()
                || !input.dataType().isFPType()
                || isNumber(input.sumNumber().doubleValue())) {
            return null;
        }
        for (long i = 0; i < input.length(); i++) {
            long[] position = Shape.ind2subC(input.shape(), i);
            double value = input.getDouble(position);
            if (!isNumber(value)) {
                return new Fault(
                        "has " + value + " at " + Arrays.toString(position) + " (channel, position)",
                        "replace what is not a finite number, as by 0 or a neighbour's value, before it spreads over"
                                + " the output");
            }
        }
        return null;
    }

    private boolean isChannelsLast(INDArray input) {
        return trained.size() == input.rank()
                && trained.size() > 2
                && trained.get(0) > 1
                && trained.get(0) == input.size(input.rank() - 1);
    }

    private static boolean isNumber(double value) {
        return !Double.isNaN(value) && !Double.isInfinite(value);
    }
}
