package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import io.mdnc4j.blocks.internal.channelslast.Trained;
import io.mdnc4j.blocks.internal.kernels.Kernels;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What DL4J asks of every layer, so that a layer states its arithmetic only: {@link #forward} and {@link #backward}. Of its
 * configuration it knows the name and the channels; what else it needs, its constructor is given.
 */
public abstract class SpatialLayerBase extends BaseLayer<FeedForwardLayer> implements BatchAveraged {
    private transient BooleanSupplier updaterDivides;

    SpatialLayerBase(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /** The output for {@code x}, allocated as {@link ArrayType#ACTIVATIONS}; {@code x} stays as it is unless configured. */
    abstract INDArray forward(INDArray x, boolean training, LayerWorkspaceMgr workspaces);

    /**
     * The gradient of {@code x}, allocated as {@link ArrayType#ACTIVATION_GRAD}; those of parameters go into
     * {@link #gradientOf}. {@code dy} stays as it is.
     */
    abstract INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces);

    /**
     * Adds what this layer does to a program, which says the same as {@link #forward} and {@link #backward}.
     *
     * @return the output; {@code null} where a program cannot do it, the default, or the input is one that {@link #forward} refuses
     */
    Maps describe(Program program, Maps x) {
        return null;
    }

    /** Whether nothing but the layer's own arithmetic takes part. */
    final boolean isPlain(Maps x) {
        return layerConf().getIDropout() == null
                && layerConf().getWeightNoise() == null
                && dataType == DataType.FLOAT
                && x.shape()[1] == layerConf().getNIn();
    }

    /** The parameter as the program sees it; {@code null} where the layer has no such parameter. */
    final Trained trained(Program program, String name) {
        return paramTable().containsKey(name) ? program.trained(() -> getParam(name), () -> gradientOf(name)) : null;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaces);
        requireChannels(input);
        return forward(inOrder(input), training, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray dx = backward(inOrder(input), inOrder(epsilon), workspaces);
        Gradient gradient = new DefaultGradient();
        for (String name : paramTable().keySet()) {
            gradient.setGradientFor(name, gradientViews.get(name), 'c');
        }
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(dx));
    }

    /** Where the gradients of all parameters go, by name. */
    public final Map<String, INDArray> gradients() {
        return gradientViews == null ? Map.of() : gradientViews;
    }

    /** Where the gradient of that parameter goes; {@code null} where the layer has no such parameter. */
    final INDArray gradientOf(String name) {
        return gradientViews == null ? null : gradientViews.get(name);
    }

    /** The parameter, with weight noise where configured; {@code null} where the layer has no such parameter. */
    final INDArray parameter(String name, boolean training, LayerWorkspaceMgr workspaces) {
        return paramTable().containsKey(name) ? getParamWithNoise(name, training, workspaces) : null;
    }

    /** Cast to the network's type and copied in row-major order where that is needed; usually the array itself. */
    private INDArray inOrder(INDArray array) {
        INDArray cast = array.castTo(dataType);
        return Kernels.dense(cast) ? cast : cast.dup('c');
    }

    /** DL4J copies parameters from layer to layer as if all were in column-major order; these are row-major. */
    @Override
    protected void setParams(INDArray flat, char order) {
        super.setParams(flat, 'c');
    }

    /** The exception for an input that this layer cannot take. */
    final ArgumentException wrongInput(String found, String remedy) {
        return new ArgumentException(
                "input", found + " at layer \"" + layerConf().getLayerName() + "\"", remedy);
    }

    /** Requires that many spatial axes. */
    final void requireAxes(INDArray x, int axes) {
        if (x.rank() - 2 != axes) {
            throw wrongInput((x.rank() - 2) + " spatial dimensions", "give it " + axes + " spatial dimensions");
        }
    }

    private void requireChannels(INDArray x) {
        if (x.isEmpty() || x.rank() < 2 || x.size(1) != layerConf().getNIn()) {
            throw wrongInput(
                    "shape " + Arrays.toString(x.shape()),
                    "give it " + layerConf().getNIn() + " channels in [N, C, size...], at least one sample");
        }
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int minibatchSize) {
        requireNoMask(layerConf().getLayerName(), mask);
        return new Pair<>(null, state);
    }

    @Override
    public void setMaskArray(INDArray mask) {
        requireNoMask(layerConf().getLayerName(), mask);
        super.setMaskArray(mask);
    }

    static void requireNoMask(String name, INDArray mask) {
        if (mask != null) {
            throw new UnsupportedOperationException("mask: layer \"" + name
                    + "\" does not support masks; cut or pad the data, or weigh its loss instead");
        }
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public Type type() {
        return Type.CONVOLUTIONAL;
    }

    @Override
    public void setUpdaterDivides(BooleanSupplier updaterDivides) {
        this.updaterDivides = updaterDivides;
    }

    @Override
    public boolean updaterDivideByMinibatch(String parameter) {
        return updaterDivides == null || updaterDivides.getAsBoolean();
    }
}
