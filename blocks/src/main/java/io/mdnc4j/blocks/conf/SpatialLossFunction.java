package io.mdnc4j.blocks.conf;

import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss for which it matters where positions lie. A {@link SpatialLossLayer} gives it whole arrays {@code [N, C, size...]}
 * instead of a row {@code [C]} for each position. Scores are sums over samples; an array of scores is {@code [N, 1]}.
 */
public interface SpatialLossFunction extends ILossFunction {}
