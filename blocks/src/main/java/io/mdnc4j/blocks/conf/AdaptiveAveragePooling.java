package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.layers.AdaptiveAveragePoolingLayer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Average over windows chosen so that the output has a given size, whatever the input's: PyTorch's
 * {@code AdaptiveAvgPool1d} to {@code 3d}.
 *
 * <p>Input {@code [N, C, in...]}, output {@code [N, C, size...]}; element {@code i} averages
 * {@code floor(i in / out) .. ceil((i + 1) in / out) - 1}.
 */
public class AdaptiveAveragePooling extends SpatialLayer {
    @JsonProperty
    private long[] size;

    /** For Jackson, which then sets the fields. */
    protected AdaptiveAveragePooling() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected AdaptiveAveragePooling(Builder builder) {
        super(builder);
        size = builder.size;
        SpatialDims.of(size.length);
        require(Arrays.stream(size).allMatch(s -> s >= 1), "size", size, "use at least 1");
    }

    /** {@return a copy of the spatial size of the output, one number an axis} */
    public long[] getSize() {
        return size.clone();
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    protected InputType outputType(SpatialDims dims, InputType input) {
        return dims.inputType(SpatialDims.channels(input), dims.perAxis("size", size));
    }

    @Override
    protected List<@Nullable Object> settings() {
        return List.of(size);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new AdaptiveAveragePoolingLayer(conf, dataType, size);
    }

    /** Settings of an {@link AdaptiveAveragePooling}. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private final long[] size;

        /**
         * Pools to that size.
         *
         * @param size spatial size of the output, one number an axis; all 1 averages over space
         */
        public Builder(long... size) {
            this.size = size.clone();
        }

        @Override
        public AdaptiveAveragePooling build() {
            return new AdaptiveAveragePooling(this);
        }
    }
}
