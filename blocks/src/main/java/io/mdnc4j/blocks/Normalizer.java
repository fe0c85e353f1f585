package io.mdnc4j.blocks;

/** The normalisation in the units of a block. */
public enum Normalizer implements Coded {
    /** None; convolutions then have a bias. Short name: {@code null}. */
    NONE("null"),
    /** Batch normalisation: {@link io.mdnc4j.blocks.conf.BatchNormalization}. */
    BATCH("batch"),
    /** Instance normalisation without parameters: {@link io.mdnc4j.blocks.conf.InstanceNormalization}. */
    INSTANCE("inst"),
    /** Instance normalisation with a scale and a shift per channel. The default. */
    AFFINE_INSTANCE("pinst");

    private final String code;

    Normalizer(String code) {
        this.code = code;
    }

    @Override
    public String code() {
        return code;
    }
}
