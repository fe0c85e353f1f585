package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.internal.layers.SpatialLoss;
import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * Output layer with a loss and no parameters, on features {@code [N, C]} and on activations {@code [N, C, size...]} of any
 * number of dimensions. Labels have the shape of the input; for losses of
 * classes, {@code LossMCXENT} and each {@link ClassLossFunction}, they may also be class numbers {@code [N, size...]} or
 * {@code [N, 1, size...]}, that is {@code [N]} or {@code [N, 1]} for features: from 0, or -1 where the class is unknown, which in
 * one-hot labels are zeros in all channels. Positions of unknown class have no loss and no gradient, and means are taken over
 * the others of the batch, as PyTorch's {@code cross_entropy} does with {@code ignore_index=-1}; a batch without any has loss 0.
 *
 * <p>The loss is the mean over samples <em>and positions</em> (DL4J's own pixel losses sum over positions), so that
 * {@code LossMSE} is the mean over all elements and {@code LossMCXENT} with softmax the mean cross entropy of the
 * positions, as PyTorch's {@code mse_loss} and {@code cross_entropy}. Softmax runs over channels.
 *
 * <p>Training needs {@code miniBatch(true)}, DL4J's default, and refuses other configurations: the layer cannot see whether
 * the network that it has come into, perhaps by transfer learning, divides its gradients by the number of samples. An
 * {@link io.mdnc4j.blocks.learning.InPlaceComputationGraph}, as the zoo's networks are, tells it, and takes any setting.
 */
public class SpatialLossLayer extends LossLayer {
    /** For Jackson, which then sets the fields. */
    protected SpatialLossLayer() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     */
    protected SpatialLossLayer(Builder builder) {
        super(builder);
        require(
                !(lossFn instanceof LossSparseMCXENT),
                "lossFunction",
                "LossSparseMCXENT",
                "use LossMCXENT, which takes class numbers here too");
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameterView,
            boolean initialize,
            DataType dataType) {
        SpatialLayer.requireComputable(dataType);
        SpatialLoss layer =
                new SpatialLoss(conf, dataType, SpatialLossFunction.class::isInstance, SpatialLossLayer::ofClasses);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamTable(Map.of());
        layer.setConf(conf);
        return layer;
    }

    private static boolean ofClasses(ILossFunction loss) {
        return loss instanceof LossMCXENT || loss instanceof ClassLossFunction;
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
        return input;
    }

    @Override
    public void setNIn(InputType input, boolean override) {
        // takes any number of channels
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    public boolean isPretrainParam(String name) {
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpatialLossLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + 1;
    }

    /** Settings of a {@link SpatialLossLayer}; the output activation is identity by default. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends LossLayer.Builder {
        /**
         * A layer with that loss.
         *
         * @param lossFunction the loss, such as {@code new LossMSE()}
         */
        public Builder(ILossFunction lossFunction) {
            super(lossFunction);
        }

        @Override
        public SpatialLossLayer build() {
            return new SpatialLossLayer(this);
        }
    }
}
