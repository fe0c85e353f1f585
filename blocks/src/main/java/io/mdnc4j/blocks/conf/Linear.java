package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.layers.LinearLayer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Linear map of a feature vector: input {@code [N, nIn]}, or {@code [N, nIn, 1...]} as pooling leaves it, output
 * {@code [N, nOut]}; parameters {@code weight [nOut, nIn]} and {@code bias [nOut]}, as PyTorch's {@code Linear}.
 */
public class Linear extends SpatialLayer {
    @JsonProperty
    private boolean hasBias;

    /** For Jackson, which then sets the fields. */
    protected Linear() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected Linear(Builder builder) {
        super(builder);
        hasBias = builder.hasBias;
        require(nOut >= 1, "nOut", nOut, "use at least 1");
    }

    /** {@return whether a bias is added} */
    public boolean hasBias() {
        return hasBias;
    }

    /** A weight of that shape and, unless there are 0, that many biases. */
    static List<Parameter> weightAndBias(long[] shape, long biases, IWeightInit init, long fanIn, long fanOut) {
        Parameter weight = Parameter.random(Parameter.WEIGHT, shape, Parameter.Role.WEIGHT, init, fanIn, fanOut);
        return biases == 0
                ? List.of(weight)
                : List.of(
                        weight,
                        Parameter.random(
                                Parameter.BIAS, new long[] {biases}, Parameter.Role.BIAS, init, fanIn, fanOut));
    }

    @Override
    public List<Parameter> parameters() {
        return weightAndBias(new long[] {nOut, nIn}, hasBias ? nOut : 0, weightInitFn, nIn, nOut);
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
        require(
                Arrays.stream(SpatialDims.size(input)).allMatch(length -> length == 1),
                "inputType",
                input + " at layer \"" + getLayerName() + "\", which maps vectors",
                "pool it to one element an axis first");
        setNIn(input, false);
        return InputType.feedForward(nOut);
    }

    @Override
    protected InputType outputType(SpatialDims dims, InputType input) {
        return getOutputType(-1, input);
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    public long multiplyAccumulates(InputType output) {
        return nIn * nOut;
    }

    @Override
    protected boolean keepsChannels() {
        return false;
    }

    @Override
    protected List<@Nullable Object> settings() {
        return List.of(hasBias);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new LinearLayer(conf, dataType);
    }

    /** Settings of a {@link Linear} layer; {@code nOut} must be given. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private boolean hasBias = true;

        /** Default: with a bias. */
        public Builder() {}

        /**
         * Whether a bias is added. Default: true.
         *
         * @param hasBias whether it is
         * @return this
         */
        public Builder hasBias(boolean hasBias) {
            this.hasBias = hasBias;
            return this;
        }

        @Override
        public Linear build() {
            return new Linear(this);
        }
    }
}
