package io.mdnc4j.blocks.internal.layers;

import java.util.function.BooleanSupplier;

/**
 * A layer that its network can tell who makes the gradients of parameters, sums over samples, their mean. Untold, DL4J's updater
 * does, as its default configuration says.
 */
public interface BatchAveraged {
    /** @param updaterDivides whether DL4J's updater divides by the number of samples; else the losses have done so */
    void setUpdaterDivides(BooleanSupplier updaterDivides);
}
