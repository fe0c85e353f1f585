package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    /** For Jackson, which then sets the fields. */
    protected PReLU() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected PReLU(Builder builder) {
        super(builder);
        initialSlope = builder.initialSlope;
        require(Double.isFinite(initialSlope), "initialSlope", initialSlope, "use a finite number");
    }

    /** {@return the slope at start} */
    public double getInitialSlope() {
        return initialSlope;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.constant(Parameter.WEIGHT, nIn, Parameter.Role.SCALE, initialSlope));
    }

    @Override
    protected List<@Nullable Object> settings() {
        return List.of(initialSlope, isInPlace());
    }

    /** Settings of a {@link PReLU}. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends Rectifier.Builder<Builder> {
        private double initialSlope = 0.25;

        /** Defaults: slope 0.25, not in place. */
        public Builder() {}

        /**
         * The slope at start. Default: 0.25.
         *
         * @param initialSlope a finite number
         * @return this
         */
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
