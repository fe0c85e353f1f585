package io.mdnc4j.blocks.conf;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.layers.LinearUpsamplingLayer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
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
    private double[] scale;

    @JsonProperty
    private long[] size;

    /** For Jackson. */
    protected LinearUpsampling() {}

    protected LinearUpsampling(Builder builder) {
        super(builder);
        scale = builder.scale;
        size = builder.size;
        if ((scale == null) == (size == null)) {
            throw new IllegalArgumentException("scale, size: give one of the two");
        }
        SpatialDims.of(scale == null ? size.length : scale.length);
        if (scale != null) {
            Arrays.stream(scale).forEach(s -> atLeast("scale", Double.MIN_NORMAL, s));
        } else {
            Arrays.stream(size).forEach(s -> atLeast("size", 1, s));
        }
    }

    /** The factors, one an axis; {@code null} where it resamples to a size. */
    public double[] getScale() {
        return scale == null ? null : scale.clone();
    }

    /** The output's size, one number an axis; {@code null} where it resamples by factors. */
    public long[] getSize() {
        return size == null ? null : size.clone();
    }

    /** The spatial size of the output for inputs of that spatial size. */
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
        int axes = size == null ? scale.length : size.length;
        if (dims.count() != axes) {
            throw new IllegalArgumentException((size == null ? "scale" : "size") + ": layer \"" + getLayerName()
                    + "\" has " + axes + " numbers, its input " + dims.count() + " spatial dimensions");
        }
        return dims.inputType(SpatialDims.channels(input), outputSize(SpatialDims.size(input)));
    }

    @Override
    protected List<Object> settings() {
        return Arrays.asList(scale, size);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new LinearUpsamplingLayer(conf, dataType);
    }

    /** Settings of a {@link LinearUpsampling}: a scale or a size. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private double[] scale;
        private long[] size;

        /** Factors, one an axis. */
        public Builder scale(double... scale) {
            this.scale = scale;
            return this;
        }

        /** The spatial size of the output, one number an axis. */
        public Builder size(long... size) {
            this.size = size;
            return this;
        }

        @Override
        public LinearUpsampling build() {
            return new LinearUpsampling(this);
        }
    }
}
