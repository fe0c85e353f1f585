package io.mdnc4j.blocks.conf;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.layers.NormalizationLayer;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
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
    /** Names of the running statistics; a parameter's name must not contain an underscore in DL4J. */
    public static final String RUNNING_MEAN = "runningMean";

    public static final String RUNNING_VAR = "runningVar";

    @JsonProperty
    private double eps;

    @JsonProperty
    private double momentum;

    /** For Jackson. */
    protected BatchNormalization() {}

    protected BatchNormalization(Builder builder) {
        super(builder);
        eps = builder.eps;
        momentum = builder.momentum;
        atLeast("eps", Double.MIN_NORMAL, eps);
        atLeast("momentum", 0, momentum);
        atLeast("1 - momentum", 0, 1 - momentum);
    }

    public double getEps() {
        return eps;
    }

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
    protected List<Object> settings() {
        return List.of(eps, momentum);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new NormalizationLayer.Batch(conf, dataType);
    }

    /** Settings of a {@link BatchNormalization}. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private double eps = 1e-5;
        private double momentum = 0.1;

        /** Added to the variance. Default: 1e-5. */
        public Builder eps(double eps) {
            this.eps = eps;
            return this;
        }

        /** Weight of the newest batch in the running statistics, 0 to 1. Default: 0.1. */
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
