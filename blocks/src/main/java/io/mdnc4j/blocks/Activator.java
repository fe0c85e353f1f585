package io.mdnc4j.blocks;

import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.blocks.conf.ReLU;
import io.mdnc4j.blocks.conf.Rectifier;
import java.util.function.Supplier;

/** The activation in the units of a block. */
public enum Activator implements Coded {
    /** None. */
    NONE("null", null),
    /** Rectifier. */
    RELU("relu", ReLU.Builder::new),
    /** Rectifier with a trained slope per channel, starting at 0.25. The default. */
    PRELU("prelu", PReLU.Builder::new);

    private final String code;
    private final Supplier<Rectifier.Builder<?>> layer;

    Activator(String code, Supplier<Rectifier.Builder<?>> layer) {
        this.code = code;
        this.layer = layer;
    }

    @Override
    public String code() {
        return code;
    }

    boolean present() {
        return layer != null;
    }

    Rectifier.Builder<?> layer() {
        return layer.get();
    }
}
