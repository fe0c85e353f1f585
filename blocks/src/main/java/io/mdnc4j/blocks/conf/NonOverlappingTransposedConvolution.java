package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.layers.TransposedConvolutionLayer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Transposed convolution whose stride is its kernel size, so that nothing overlaps: each element of the input becomes a cell
 * of the output. PyTorch's {@code ConvTranspose1d}, {@code ConvTranspose2d} and {@code ConvTranspose3d} with
 * {@code stride=kernel_size} and without padding; no others.
 *
 * <p>Input {@code [N, nIn, size...]}, output {@code [N, nOut, size * kernel...]}, parameters {@code weight [nIn, nOut, k...]}
 * and, with {@code hasBias}, {@code bias [nOut]}. {@code y[n, o, i k + j] = sum_c x[n, c, i] weight[c, o, j] + bias[o]}.
 */
public class NonOverlappingTransposedConvolution extends SpatialLayer {
    @JsonProperty
    private int[] kernelSize;

    @JsonProperty
    private boolean hasBias;

    /** For Jackson, which then sets the fields. */
    protected NonOverlappingTransposedConvolution() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected NonOverlappingTransposedConvolution(Builder builder) {
        super(builder);
        kernelSize = builder.kernelSize;
        hasBias = builder.hasBias;
        SpatialDims.of(kernelSize.length);
        require(Arrays.stream(kernelSize).allMatch(k -> k >= 1), "kernelSize", kernelSize, "use at least 1");
        require(nOut >= 1, "nOut", nOut, "use at least 1");
    }

    /** {@return a copy of the kernel size, which is the stride too, one number an axis} */
    public int[] getKernelSize() {
        return kernelSize.clone();
    }

    /** {@return whether a bias is added} */
    public boolean hasBias() {
        return hasBias;
    }

    private long places() {
        return Arrays.stream(kernelSize).asLongStream().reduce(1, Math::multiplyExact);
    }

    /** {@inheritDoc} Initial values go by {@code fan_in = nOut * kernel}, as PyTorch computes it for these. */
    @Override
    public List<Parameter> parameters() {
        long[] shape = new long[kernelSize.length + 2];
        shape[0] = nIn;
        shape[1] = nOut;
        for (int i = 0; i < kernelSize.length; i++) {
            shape[i + 2] = kernelSize[i];
        }
        return Linear.weightAndBias(shape, hasBias ? nOut : 0, weightInitFn, nOut * places(), nIn * places());
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
        for (int i = 0; i < size.length; i++) {
            size[i] = size[i] < 0 ? size[i] : Math.multiplyExact(size[i], kernelSize[i]);
        }
        return dims.inputType(nOut, size);
    }

    @Override
    public long multiplyAccumulates(InputType output) {
        return Math.multiplyExact(
                nIn * nOut, Arrays.stream(SpatialDims.size(output)).reduce(1, Math::multiplyExact));
    }

    @Override
    protected boolean keepsChannels() {
        return false;
    }

    @Override
    protected List<@Nullable Object> settings() {
        return List.of(kernelSize, hasBias);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new TransposedConvolutionLayer(conf, dataType, kernelSize);
    }

    /** Settings of a {@link NonOverlappingTransposedConvolution}; {@code nOut} and {@code kernelSize} must be given. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private final int[] kernelSize;
        private boolean hasBias = true;

        /**
         * With that kernel and stride; default: with a bias.
         *
         * @param kernelSize kernel size and stride, one number an axis, at least 1
         */
        public Builder(int... kernelSize) {
            this.kernelSize = kernelSize.clone();
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
        public NonOverlappingTransposedConvolution build() {
            return new NonOverlappingTransposedConvolution(this);
        }
    }
}
