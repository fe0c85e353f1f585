package io.mdnc4j.blocks.conf;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.layers.RectifierLayer;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Rectifier, {@code max(x, 0)}, on {@code [N, C, ...]}; its gradient at 0 is 0. Unlike DL4J's activation layer it never
 * works in place, so that a tensor that also feeds a shortcut stays intact.
 */
public class ReLU extends SpatialLayer {
    /** For Jackson. */
    protected ReLU() {}

    protected ReLU(Builder builder) {
        super(builder);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    protected InputType outputType(SpatialDims dims, InputType input) {
        return input;
    }

    @Override
    protected List<Object> settings() {
        return List.of();
    }

    @Override
    protected BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType) {
        return new RectifierLayer(conf, dataType);
    }

    /** Settings of a {@link ReLU}: none of its own. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends SpatialLayer.Builder<Builder> {
        @Override
        public ReLU build() {
            return new ReLU(this);
        }
    }
}
