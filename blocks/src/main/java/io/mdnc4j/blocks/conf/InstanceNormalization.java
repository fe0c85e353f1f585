package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.layers.NormalizationLayer;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Instance normalisation: each channel of each sample is brought to mean 0 and variance 1, then, if {@code affine}, scaled
 * and shifted per channel.
 *
 * <p>Input and output {@code [N, C, ...]}; parameters {@code weight [C]} (scale, starts at 1) and {@code bias [C]} (shift,
 * starts at 0). {@code y = (x - mean) / sqrt(variance + eps) * weight + bias} with the biased variance of the sample's own
 * channel, in training and at inference alike. Over a single element the output is the shift, and the gradients of input
 * and scale are 0. Ulyanov, Vedaldi and Lempitsky, arXiv:1607.08022.
 */
public class InstanceNormalization extends SpatialLayer {
    @JsonProperty
    private boolean affine;

    @JsonProperty
    private double eps;

    /** For Jackson, which then sets the fields. */
    protected InstanceNormalization() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected InstanceNormalization(Builder builder) {
        super(builder);
        affine = builder.affine;
        eps = builder.eps;
        require(eps >= Double.MIN_NORMAL, "eps", eps, "use a number above 0");
    }

    /** {@return whether there are a scale and a shift per channel} */
    public boolean isAffine() {
        return affine;
    }

    /** {@return what is added to the variance} */
    public double getEps() {
        return eps;
    }

    @Override
    public List<Parameter> parameters() {
        return affine ? scaleAndShift(nIn) : List.of();
    }

    static List<Parameter> scaleAndShift(long channels) {
        return List.of(
                Parameter.constant(Parameter.WEIGHT, channels, Parameter.Role.SCALE, 1),
                Parameter.constant(Parameter.BIAS, channels, Parameter.Role.BIAS, 0));
    }

    @Override
    protected InputType outputType(SpatialDims dims, InputType input) {
        return input;
    }

    @Override
    protected List<@Nullable Object> settings() {
        return List.of(affine, eps);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new NormalizationLayer.Instance(conf, dataType, eps);
    }

    /** Settings of an {@link InstanceNormalization}. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private boolean affine = true;
        private double eps = 1e-5;

        /** Defaults: affine, {@code eps} 1e-5. */
        public Builder() {}

        /**
         * Whether there are a scale and a shift per channel. Default: true.
         *
         * @param affine whether there are
         * @return this
         */
        public Builder affine(boolean affine) {
            this.affine = affine;
            return this;
        }

        /**
         * What is added to the variance. Default: 1e-5.
         *
         * @param eps a number above 0
         * @return this
         */
        public Builder eps(double eps) {
            this.eps = eps;
            return this;
        }

        @Override
        public InstanceNormalization build() {
            return new InstanceNormalization(this);
        }
    }
}
