package io.mdnc4j.zoo.nnunet;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.mdnc4j.blocks.Coded;

/** How nnU-Net brings the values of a channel to the level and scale that a network was trained on. */
public enum Scheme implements Coded {
    /** {@code (x - mean) / max(deviation, 1e-8)} of the image itself, or of what is not outside of it. */
    @JsonProperty("z_score")
    Z_SCORE("ZScoreNormalization"),
    /** Clipped to two percentiles of the training set, less its mean, divided by its deviation. */
    @JsonProperty("ct")
    CT("CTNormalization"),
    /** {@code (x - min) / (max - min)} of the image itself. */
    @JsonProperty("unit_range")
    UNIT_RANGE("RescaleTo01Normalization"),
    /** {@code x / 255}. */
    @JsonProperty("bytes")
    BYTES("RGBTo01Normalization"),
    /** Values as they are. */
    @JsonProperty("none")
    NONE("NoNormalization");

    private final String className;

    Scheme(String className) {
        this.className = className;
    }

    /** {@return the name of its class in nnU-Net} */
    public String className() {
        return className;
    }
}
