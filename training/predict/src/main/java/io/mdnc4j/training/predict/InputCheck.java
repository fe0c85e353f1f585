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
        Fault ofShape = ofShape(input.shape());
        return ofShape != null ? ofShape : ofElements(input, new long[Math.max(0, input.rank() - 1)]);
    }

    /** What is wrong with the shape {@code [C, size...]} of an input; {@code null} if nothing is. */
    @Nullable
    Fault ofShape(long... shape) {
        if (trained.isEmpty() || trained.size() == shape.length && trained.get(0) == shape[0]) {
            return null;
        }
        return new Fault(
                "has shape " + Arrays.toString(shape) + " (channels, size), the network was trained on " + trained,
                isChannelsLast(shape)
                        ? "its last axis seems to be that of the channels: store it first"
                        : "give inputs with as many channels and axes");
    }

    private boolean isChannelsLast(long... shape) {
        return trained.size() == shape.length
                && trained.size() > 2
                && trained.get(0) > 1
                && trained.get(0) == shape[shape.length - 1];
    }

    /**
     * The first element of a region {@code [C, size...]} that is no number; {@code null} if all are.
     *
     * @param start of the region in the input
     */
    @Nullable
    Fault ofElements(INDArray region, long... start) {
        // one pass without a copy: a sum is finite unless an element is not, or large numbers overflow
        if (!finite
                || region.isEmpty()
                || !region.dataType().isFPType()
                || isNumber(region.sumNumber().doubleValue())) {
            return null;
        }
        for (long i = 0; i < region.length(); i++) {
            long[] position = Shape.ind2subC(region.shape(), i);
            double value = region.getDouble(position);
            if (!isNumber(value)) {
                for (int axis = 0; axis < start.length; axis++) {
                    position[axis + 1] += start[axis];
                }
                return new Fault(
                        "has " + value + " at " + Arrays.toString(position) + " (channel, position)",
                        "replace what is not a finite number, as by 0 or a neighbour's value, before it spreads over"
                                + " the output");
            }
        }
        return null;
    }

    private static boolean isNumber(double value) {
        return !Double.isNaN(value) && !Double.isInfinite(value);
    }
}
