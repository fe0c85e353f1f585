package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.kernels.Convolutions;
import io.mdnc4j.blocks.internal.layers.ConvolutionLayer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Convolution (cross-correlation) in one, two or three spatial dimensions, one for each number of the kernel size.
 *
 * <p>Input {@code [N, nIn, size...]}, where a vector {@code [N, nIn]} counts as a map of size 1, output
 * {@code [N, nOut, floor((size + 2 padding - kernel) / stride) + 1 ...]}, parameters {@code weight [nOut, nIn, k...]} and, with {@code hasBias}, {@code bias [nOut]}: PyTorch's {@code Conv1d},
 * {@code Conv2d} and {@code Conv3d} with zero padding.
 */
public class Convolution extends SpatialLayer {
    @JsonProperty
    private int[] kernelSize;

    @JsonProperty
    private int[] stride;

    @JsonProperty
    private int[] padding;

    @JsonProperty
    private boolean hasBias;

    /** For Jackson, which then sets the fields. */
    protected Convolution() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected Convolution(Builder builder) {
        super(builder);
        kernelSize = builder.kernelSize;
        hasBias = builder.hasBias;
        SpatialDims dims = SpatialDims.of(kernelSize.length);
        stride = dims.perAxis("stride", builder.stride);
        padding = dims.perAxis("padding", builder.padding);
        require(Arrays.stream(kernelSize).allMatch(k -> k >= 1), "kernelSize", kernelSize, "use at least 1");
        require(Arrays.stream(stride).allMatch(s -> s >= 1), "stride", stride, "use at least 1");
        require(Arrays.stream(padding).allMatch(p -> p >= 0), "padding", padding, "use at least 0");
        require(nOut >= 1, "nOut", nOut, "use at least 1");
    }

    /** {@return a copy of the kernel size, one number an axis} */
    public int[] getKernelSize() {
        return kernelSize.clone();
    }

    /** {@return a copy of the stride, one number an axis} */
    public int[] getStride() {
        return stride.clone();
    }

    /** {@return a copy of the zeros added on both sides, one number an axis} */
    public int[] getPadding() {
        return padding.clone();
    }

    /** {@return whether a bias is added} */
    public boolean hasBias() {
        return hasBias;
    }

    private Convolutions arithmetic() {
        return new Convolutions(kernelSize, stride, padding);
    }

    @Override
    public List<Parameter> parameters() {
        long window = Arrays.stream(kernelSize).asLongStream().reduce(1, Math::multiplyExact);
        long[] shape = new long[kernelSize.length + 2];
        shape[0] = nOut;
        shape[1] = nIn;
        for (int i = 0; i < kernelSize.length; i++) {
            shape[i + 2] = kernelSize[i];
        }
        return Linear.weightAndBias(shape, hasBias ? nOut : 0, weightInitFn, nIn * window, nOut * window);
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
        SpatialDims dims = SpatialDims.of(kernelSize.length);
        InputType map = input instanceof InputType.InputTypeFeedForward features
                ? dims.inputType(features.getSize(), dims.perAxis("size", 1L))
                : input;
        return super.getOutputType(index, map);
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    protected InputType outputType(SpatialDims dims, InputType input) {
        require(
                dims.count() == kernelSize.length,
                "kernelSize",
                kernelSize.length + " numbers at layer \"" + getLayerName() + "\", whose input has " + dims.count()
                        + " spatial dimensions",
                "give one number an axis");
        long[] size = SpatialDims.size(input);
        long[] result = arithmetic().outputSize(size);
        for (int i = 0; i < size.length; i++) {
            if (size[i] >= 0 && size[i] + 2L * padding[i] < kernelSize[i]) {
                throw new ArgumentException(
                        "kernelSize",
                        Arrays.toString(kernelSize) + " with padding " + Arrays.toString(padding) + " at layer \""
                                + getLayerName() + "\", whose input has only size " + Arrays.toString(size),
                        "use a smaller kernel, more padding or larger inputs");
            }
        }
        return dims.inputType(nOut, result);
    }

    @Override
    public long multiplyAccumulates(InputType output) {
        long[] weights = parameters().get(0).shape();
        return Arrays.stream(weights).reduce(1, Math::multiplyExact)
                * Arrays.stream(SpatialDims.size(output)).reduce(1, Math::multiplyExact);
    }

    @Override
    protected boolean keepsChannels() {
        return false;
    }

    @Override
    protected List<@Nullable Object> settings() {
        return List.of(kernelSize, stride, padding, hasBias);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new ConvolutionLayer(conf, dataType, arithmetic());
    }

    /** Settings of a {@link Convolution}; {@code nOut} and {@code kernelSize} must be given. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private final int[] kernelSize;
        private int[] stride = {1};
        private int[] padding = {0};
        private boolean hasBias = true;

        /**
         * A convolution with that kernel. Defaults: stride 1, no padding, with a bias.
         *
         * @param kernelSize kernel size, one number an axis, at least 1
         */
        public Builder(int... kernelSize) {
            this.kernelSize = kernelSize.clone();
        }

        /**
         * Stride. Default: 1.
         *
         * @param stride one number or one an axis, at least 1
         * @return this
         */
        public Builder stride(int... stride) {
            this.stride = stride.clone();
            return this;
        }

        /**
         * Zeros added on both sides. Default: 0.
         *
         * @param padding one number or one an axis, at least 0
         * @return this
         */
        public Builder padding(int... padding) {
            this.padding = padding.clone();
            return this;
        }

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
        public Convolution build() {
            return new Convolution(this);
        }
    }
}
