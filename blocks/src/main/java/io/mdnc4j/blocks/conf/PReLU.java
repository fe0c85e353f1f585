package io.mdnc4j.blocks.conf;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Parametric rectifier with one slope a channel: {@code y = x} where {@code x > 0}, else {@code weight x}.
 *
 * <p>Input and output {@code [N, C, ...]}; parameter {@code weight [C]}, never regularised by default. He et al.,
 * arXiv:1502.01852.
 */
public class PReLU extends Rectifier {
    @JsonProperty
    private double initialSlope;

    /** For Jackson. */
    protected PReLU() {}

    protected PReLU(Builder builder) {
        super(builder);
        initialSlope = builder.initialSlope;
    }

    public double getInitialSlope() {
        return initialSlope;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.constant(Parameter.WEIGHT, nIn, Parameter.Role.SCALE, initialSlope));
    }

    @Override
    protected List<Object> settings() {
        return List.of(initialSlope, isInPlace());
    }

    /** Settings of a {@link PReLU}. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends Rectifier.Builder<Builder> {
        private double initialSlope = 0.25;

        /** The slope at start. Default: 0.25. */
        public Builder initialSlope(double initialSlope) {
            this.initialSlope = initialSlope;
            return this;
        }

        @Override
        public PReLU build() {
            return new PReLU(this);
        }
    }
}
