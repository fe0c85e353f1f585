package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.layers.LinearUpsamplingLayer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Linear, bilinear or trilinear resampling with aligned corners, by a scale or to a size: PyTorch's {@code Upsample} with
 * {@code align_corners=True}.
 *
 * <p>Input {@code [N, C, in...]}, output {@code [N, C, floor(in scale)...]} or {@code [N, C, size...]}. Element {@code i}
 * is read at position {@code i (in - 1) / (out - 1)}, or 0 where {@code out} is 1.
 */
public class LinearUpsampling extends SpatialLayer {
    @JsonProperty
    private double @Nullable [] scale;

    @JsonProperty
    private long @Nullable [] size;

    /** For Jackson, which then sets the fields. */
    protected LinearUpsampling() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected LinearUpsampling(Builder builder) {
        super(builder);
        scale = builder.scale;
        size = builder.size;
        require(
                (scale == null) != (size == null),
                "scale",
                scale == null ? "not set" : "beside a size",
                "give a scale or a size");
        SpatialDims.of(axes());
        if (scale != null) {
            require(
                    Arrays.stream(scale).allMatch(s -> s > 0 && Double.isFinite(s)),
                    "scale",
                    scale,
                    "use finite numbers above 0");
        } else {
            require(Arrays.stream(size).allMatch(s -> s >= 1), "size", size, "use at least 1");
        }
    }

    private int axes() {
        return size == null ? scale.length : size.length;
    }

    /** {@return a copy of the factors, one an axis; {@code null} where it resamples to a size} */
    public double @Nullable [] getScale() {
        return scale == null ? null : scale.clone();
    }

    /** {@return a copy of the output's size, one number an axis; {@code null} where it resamples by factors} */
    public long @Nullable [] getSize() {
        return size == null ? null : size.clone();
    }

    /**
     * The spatial size of the output.
     *
     * @param input spatial size of the input, one number an axis, {@link SpatialDims#UNKNOWN} where it is not known
     * @return a new array with one number an axis, {@link SpatialDims#UNKNOWN} where it is not known
     */
    public long[] outputSize(long[] input) {
        if (size != null) {
            return size.clone();
        }
        long[] result = new long[input.length];
        for (int i = 0; i < input.length; i++) {
            result[i] = input[i] < 0 ? input[i] : (long) Math.floor(input[i] * scale[i]);
        }
        return result;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    protected InputType outputType(SpatialDims dims, InputType input) {
        require(
                dims.count() == axes(),
                size == null ? "scale" : "size",
                axes() + " numbers at layer \"" + getLayerName() + "\", whose input has " + dims.count()
                        + " spatial dimensions",
                "give one number an axis");
        return dims.inputType(SpatialDims.channels(input), outputSize(SpatialDims.size(input)));
    }

    @Override
    protected List<@Nullable Object> settings() {
        return Arrays.asList(scale, size);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new LinearUpsamplingLayer(conf, dataType, this::outputSize);
    }

    /** Settings of a {@link LinearUpsampling}: a scale or a size. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private double @Nullable [] scale;
        private long @Nullable [] size;

        /** Neither is set. */
        public Builder() {}

        /**
         * The factors by which the size grows.
         *
         * @param scale one number an axis, above 0
         * @return this
         */
        public Builder scale(double... scale) {
            this.scale = scale.clone();
            return this;
        }

        /**
         * The spatial size of the output.
         *
         * @param size one number an axis, at least 1
         * @return this
         */
        public Builder size(long... size) {
            this.size = size.clone();
            return this;
        }

        @Override
        public LinearUpsampling build() {
            return new LinearUpsampling(this);
        }
    }
}
