package io.mdnc4j.blocks.conf;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.layers.NormalizationLayer;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
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

    /** For Jackson. */
    protected InstanceNormalization() {}

    protected InstanceNormalization(Builder builder) {
        super(builder);
        affine = builder.affine;
        eps = builder.eps;
        atLeast("eps", Double.MIN_NORMAL, eps);
    }

    public boolean isAffine() {
        return affine;
    }

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
    protected List<Object> settings() {
        return List.of(affine, eps);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new NormalizationLayer.Instance(conf, dataType);
    }

    /** Settings of an {@link InstanceNormalization}. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private boolean affine = true;
        private double eps = 1e-5;

        /** Whether there are a scale and a shift per channel. Default: true. */
        public Builder affine(boolean affine) {
            this.affine = affine;
            return this;
        }

        /** Added to the variance. Default: 1e-5. */
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
