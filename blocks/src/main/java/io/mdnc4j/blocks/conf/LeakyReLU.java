package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Leaky rectifier: {@code y = x} where {@code x > 0}, else {@code slope x}, with one slope that is not trained, on
 * {@code [N, C, ...]}; its gradient at 0 is the slope. PyTorch's {@code LeakyReLU}. Maas, Hannun and Ng, ICML 2013.
 */
public class LeakyReLU extends Rectifier {
    @JsonProperty
    private double slope;

    /** For Jackson, which then sets the fields. */
    protected LeakyReLU() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected LeakyReLU(Builder builder) {
        super(builder);
        slope = builder.slope;
        require(Double.isFinite(slope), "slope", slope, "use a finite number");
    }

    /** {@return the slope of the negative part} */
    public double getSlope() {
        return slope;
    }

    @Override
    protected double constantSlope() {
        return slope;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    protected List<@Nullable Object> settings() {
        return List.of(slope, isInPlace());
    }

    /** Settings of a {@link LeakyReLU}. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends Rectifier.Builder<Builder> {
        private double slope = 0.01;

        /** Defaults: slope 0.01, not in place. */
        public Builder() {}

        /**
         * The slope of the negative part. Default: 0.01.
         *
         * @param slope a finite number
         * @return this
         */
        public Builder slope(double slope) {
            this.slope = slope;
            return this;
        }

        @Override
        public LeakyReLU build() {
            return new LeakyReLU(this);
        }
    }
}
