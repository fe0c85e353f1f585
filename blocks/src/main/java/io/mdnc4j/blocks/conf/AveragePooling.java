package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.layers.AveragePoolingLayer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Average over windows side by side: PyTorch's {@code AvgPool1d} to {@code 3d} with their default stride, the kernel's size,
 * and without padding.
 *
 * <p>Input {@code [N, C, size...]}, output {@code [N, C, floor(size / kernel)...]}; what does not fill a window at the end of
 * an axis is left out, and its gradient is 0.
 */
public class AveragePooling extends SpatialLayer {
    @JsonProperty
    private int[] kernelSize;

    /** For Jackson, which then sets the fields. */
    protected AveragePooling() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected AveragePooling(Builder builder) {
        super(builder);
        kernelSize = builder.kernelSize;
        SpatialDims.of(kernelSize.length);
        require(Arrays.stream(kernelSize).allMatch(k -> k >= 1), "kernelSize", kernelSize, "use at least 1");
    }

    /** {@return a copy of the size of a window, which is the stride too, one number an axis} */
    public int[] getKernelSize() {
        return kernelSize.clone();
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
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
        long[] result = size.clone();
        for (int i = 0; i < size.length; i++) {
            if (size[i] >= 0) {
                result[i] = size[i] / kernelSize[i];
                require(
                        result[i] > 0,
                        "kernelSize",
                        Arrays.toString(kernelSize) + " at layer \"" + getLayerName() + "\", whose input has only size "
                                + Arrays.toString(size),
                        "use a smaller kernel or larger inputs");
            }
        }
        return dims.inputType(SpatialDims.channels(input), result);
    }

    @Override
    protected List<@Nullable Object> settings() {
        return List.of(kernelSize);
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new AveragePoolingLayer(conf, dataType, kernelSize);
    }

    /** Settings of an {@link AveragePooling}. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        private final int[] kernelSize;

        /**
         * Over windows of that size.
         *
         * @param kernelSize size of a window and stride, one number an axis, at least 1
         */
        public Builder(int... kernelSize) {
            this.kernelSize = kernelSize.clone();
        }

        @Override
        public AveragePooling build() {
            return new AveragePooling(this);
        }
    }
}
