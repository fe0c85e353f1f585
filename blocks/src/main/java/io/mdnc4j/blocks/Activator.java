package io.mdnc4j.blocks;

/** The activation in the units of a block. */
public enum Activator implements Coded {
    /** None. Short name: {@code null}. */
    NONE("null"),
    /** Rectifier: {@link io.mdnc4j.blocks.conf.ReLU}. */
    RELU("relu"),
    /** Rectifier with a trained slope per channel, starting at 0.25: {@link io.mdnc4j.blocks.conf.PReLU}. The default. */
    PRELU("prelu");

    private final String code;

    Activator(String code) {
        this.code = code;
    }

    @Override
    public String code() {
        return code;
    }
}
