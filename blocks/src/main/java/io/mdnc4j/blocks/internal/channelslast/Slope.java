package io.mdnc4j.blocks.internal.channelslast;

/**
 * What a rectifier multiplies negative numbers with.
 *
 * @param trained one a channel; {@code null} for the constant
 * @param constant for all channels
 */
public record Slope(Trained trained, double constant) {}
