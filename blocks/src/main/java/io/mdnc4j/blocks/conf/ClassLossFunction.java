package io.mdnc4j.blocks.conf;

import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss of classes, one for each channel of the output. Its labels are one-hot; rows of zeros are positions of unknown class,
 * which it leaves out of all sums and means. A {@link SpatialLossLayer} makes one-hot labels of class numbers for it, as it
 * does for DL4J's {@code LossMCXENT}.
 */
public interface ClassLossFunction extends ILossFunction {}
