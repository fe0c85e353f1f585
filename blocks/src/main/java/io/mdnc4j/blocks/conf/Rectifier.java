package io.mdnc4j.blocks.conf;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.layers.RectifierLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What {@link PReLU}, {@link LeakyReLU} and {@link ReLU} have in common. */
public abstract class Rectifier extends SpatialLayer {
    @JsonProperty
    private boolean inPlace;

    /** For Jackson, which then sets the fields. */
    protected Rectifier() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected Rectifier(Builder<?> builder) {
        super(builder);
        inPlace = builder.inPlace;
    }

    /** {@return whether training writes the output over the input} */
    public boolean isInPlace() {
        return inPlace;
    }

    /** {@return the slope of the negative part where no parameter has it} Default: 0. */
    protected double constantSlope() {
        return 0;
    }

    @Override
    protected InputType outputType(SpatialDims dims, InputType input) {
        return input;
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new RectifierLayer(conf, dataType, inPlace, constantSlope());
    }

    /**
     * Settings of a {@link Rectifier}.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends SpatialLayer.Builder<T> {
        private boolean inPlace;

        /** Default: not in place. */
        protected Builder() {}

        /**
         * Whether training writes the output over the input, which saves a map. Only for inputs that nothing else reads,
         * such as a normalisation's output; {@code feedForward} in training then shows the output at both vertices. Slopes
         * that are not positive are computed apart all the same, since the input could not be told from the output.
         * Default: false.
         *
         * @param inPlace whether it does
         * @return this
         */
        @SuppressWarnings("unchecked")
        public T inPlace(boolean inPlace) {
            this.inPlace = inPlace;
            return (T) this;
        }
    }
}
