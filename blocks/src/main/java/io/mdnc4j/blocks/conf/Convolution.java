package io.mdnc4j.blocks.conf;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.kernels.Convolutions;
import io.mdnc4j.blocks.layers.ConvolutionLayer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Convolution (cross-correlation) in one, two or three spatial dimensions, one for each number of the kernel size.
 *
 * <p>Input {@code [N, nIn, size...]}, where a vector {@code [N, nIn]} counts as a map of size 1, output {@code [N, nOut, floor((size + 2 padding - kernel) / stride) + 1 ...]},
 * parameters {@code weight [nOut, nIn, k...]} and, with {@code hasBias}, {@code bias [nOut]}: PyTorch's {@code Conv1d},
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

    /** For Jackson. */
    protected Convolution() {}

    protected Convolution(Builder builder) {
        super(builder);
        kernelSize = builder.kernelSize;
        hasBias = builder.hasBias;
        SpatialDims dims = SpatialDims.of(kernelSize.length);
        stride = dims.perAxis("stride", builder.stride);
        padding = dims.perAxis("padding", builder.padding);
        Arrays.stream(kernelSize).forEach(k -> atLeast("kernelSize", 1, k));
        Arrays.stream(stride).forEach(s -> atLeast("stride", 1, s));
        Arrays.stream(padding).forEach(p -> atLeast("padding", 0, p));
        atLeast("nOut", 1, nOut);
    }

    public int[] getKernelSize() {
        return kernelSize.clone();
    }

    public int[] getStride() {
        return stride.clone();
    }

    public int[] getPadding() {
        return padding.clone();
    }

    public boolean hasBias() {
        return hasBias;
    }

    /** The arithmetic of this convolution. */
    public Convolutions arithmetic() {
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
        return Linear.weightAndBias(shape, hasBias, weightInitFn, nIn * window, nOut * window);
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
    public InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    protected InputType outputType(SpatialDims dims, InputType input) {
        if (dims.count() != kernelSize.length) {
            throw new IllegalArgumentException("kernelSize: layer \"" + getLayerName() + "\" has a kernel of "
                    + kernelSize.length + " numbers, its input " + dims.count() + " spatial dimensions");
        }
        long[] size = SpatialDims.size(input);
        long[] result = arithmetic().outputSize(size);
        for (int i = 0; i < size.length; i++) {
            if (size[i] >= 0 && size[i] + 2L * padding[i] < kernelSize[i]) {
                throw new IllegalArgumentException("kernelSize: layer \"" + getLayerName() + "\" has kernel "
                        + Arrays.toString(kernelSize) + " and padding " + Arrays.toString(padding)
                        + ", its input only size " + Arrays.toString(size)
                        + "; use a smaller kernel, more padding or larger inputs");
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
    protected List<Object> settings() {
        return List.of(kernelSize, stride, padding, hasBias);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new ConvolutionLayer(conf, dataType);
    }

    /** Settings of a {@link Convolution}; {@code nOut} and {@code kernelSize} must be given. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private int[] kernelSize;
        private int[] stride = {1};
        private int[] padding = {0};
        private boolean hasBias = true;

        /** @param kernelSize kernel size, one number an axis */
        public Builder(int... kernelSize) {
            this.kernelSize = kernelSize;
        }

        /** Stride, one number or one an axis. Default: 1. */
        public Builder stride(int... stride) {
            this.stride = stride;
            return this;
        }

        /** Zeros added on both sides, one number or one an axis. Default: 0. */
        public Builder padding(int... padding) {
            this.padding = padding;
            return this;
        }

        /** Whether a bias is added. Default: true. */
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
