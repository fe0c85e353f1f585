package io.mdnc4j.blocks;

import io.mdnc4j.blocks.conf.BatchNormalization;
import io.mdnc4j.blocks.conf.InstanceNormalization;
import io.mdnc4j.blocks.conf.SpatialLayer;
import java.util.function.Supplier;

/** The normalisation in the units of a block. */
public enum Normalizer implements Coded {
    /** None; convolutions then have a bias. */
    NONE("null", null),
    /** Batch normalisation. */
    BATCH("batch", BatchNormalization.Builder::new),
    /** Instance normalisation without parameters. */
    INSTANCE("inst", () -> new InstanceNormalization.Builder().affine(false)),
    /** Instance normalisation with a scale and a shift per channel. The default. */
    AFFINE_INSTANCE("pinst", InstanceNormalization.Builder::new);

    private final String code;
    private final Supplier<SpatialLayer.Builder<?>> layer;

    Normalizer(String code, Supplier<SpatialLayer.Builder<?>> layer) {
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

    SpatialLayer.Builder<?> layer() {
        return layer.get();
    }
}
