package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.Statistics;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What is normalised how.
 *
 * @param bySample whether each sample has moments of its own; else all have them together
 * @param epsilon added to variances
 * @param fixed the moments to normalise with, told whether in training; {@code null} from it for the input's own
 * @param scale {@code null} for 1
 * @param shift {@code null} for 0
 * @param after takes the moments of a backward pass
 */
public record Norm(
        boolean bySample,
        double epsilon,
        Function<Boolean, Statistics> fixed,
        Trained scale,
        Trained shift,
        Consumer<Statistics> after) {}
