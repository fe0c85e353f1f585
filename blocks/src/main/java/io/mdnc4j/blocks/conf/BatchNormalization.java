package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.layers.NormalizationLayer;
import io.mdnc4j.blocks.internal.layers.ParameterNames;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Batch normalisation as PyTorch computes it: in training with the biased variance of the batch, at inference with running
 * statistics, {@code running = (1 - momentum) running + momentum batch}, into which the <em>unbiased</em> variance goes
 * (DL4J's own layer puts the biased one in).
 *
 * <p>Input and output {@code [N, C, ...]}; parameters {@code weight [C]}, {@code bias [C]}, {@code runningMean [C]} and
 * {@code runningVar [C]}. Ioffe and Szegedy, arXiv:1502.03167.
 */
public class BatchNormalization extends SpatialLayer {
    /** Name of the running mean. */
    public static final String RUNNING_MEAN = ParameterNames.RUNNING_MEAN;

    /** Name of the running variance. */
    public static final String RUNNING_VAR = ParameterNames.RUNNING_VAR;

    @JsonProperty
    private double eps;

    @JsonProperty
    private double momentum;

    /** For Jackson, which then sets the fields. */
    protected BatchNormalization() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected BatchNormalization(Builder builder) {
        super(builder);
        eps = builder.eps;
        momentum = builder.momentum;
        require(eps >= Double.MIN_NORMAL, "eps", eps, "use a number above 0");
        require(momentum >= 0 && momentum <= 1, "momentum", momentum, "use a number from 0 to 1");
    }

    /** {@return what is added to the variance} */
    public double getEps() {
        return eps;
    }

    /** {@return the weight of the newest batch in the running statistics, 0 to 1} */
    public double getMomentum() {
        return momentum;
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.concat(
                        InstanceNormalization.scaleAndShift(nIn).stream(),
                        Stream.of(
                                Parameter.constant(RUNNING_MEAN, nIn, Parameter.Role.STATE, 0),
                                Parameter.constant(RUNNING_VAR, nIn, Parameter.Role.STATE, 1)))
                .toList();
    }

    @Override
    protected InputType outputType(SpatialDims dims, InputType input) {
        return input;
    }

    @Override
    protected List<@Nullable Object> settings() {
        return List.of(eps, momentum);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new NormalizationLayer.Batch(conf, dataType, eps, momentum);
    }

    /** Settings of a {@link BatchNormalization}. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private double eps = 1e-5;
        private double momentum = 0.1;

        /** Defaults: {@code eps} 1e-5, {@code momentum} 0.1. */
        public Builder() {}

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

        /**
         * The weight of the newest batch in the running statistics. Default: 0.1.
         *
         * @param momentum a number from 0 to 1
         * @return this
         */
        public Builder momentum(double momentum) {
            this.momentum = momentum;
            return this;
        }

        @Override
        public BatchNormalization build() {
            return new BatchNormalization(this);
        }
    }
}
