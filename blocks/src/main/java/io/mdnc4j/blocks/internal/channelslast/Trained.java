package io.mdnc4j.blocks.internal.channelslast;

import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A parameter as it is at the time of a pass, and where its gradient goes. */
public record Trained(Supplier<INDArray> value, Supplier<INDArray> gradient) {}
