package io.mdnc4j.blocks.conf;

import static io.mdnc4j.blocks.ArgumentException.require;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.backends.WaitingThreads;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.weights.WeightInitUniform;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Configuration of a layer on channels-first activations of one, two or three spatial dimensions. The number of
 * dimensions follows from the input; {@code nIn} and {@code nOut} count channels.
 *
 * <p>Weights and biases start uniform in {@code +-1/sqrt(fanIn)}, PyTorch's default, unless {@code weightInit} is set on the
 * layer itself; DL4J's network-wide default is not taken over. Masks are not supported.
 *
 * <p>The layers have no activation: another than identity is refused, set on the layer itself or by a
 * {@code FineTuneConfiguration}, which means all layers, the output layer too. The network-wide default of a
 * {@code NeuralNetConfiguration.Builder} is for layers without an activation of their own, stock layers beside these, and not
 * taken over. Networks are of type FLOAT or DOUBLE.
 */
public abstract class SpatialLayer extends FeedForwardLayer {
    /** For Jackson, which then sets the fields. */
    protected SpatialLayer() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected SpatialLayer(Builder<?> builder) {
        super(builder);
        if (weightInitFn == null) {
            weightInitFn = new WeightInitUniform();
        }
        setActivationFn(activationFn);
        initializeConstraints(builder);
    }

    /**
     * Takes identity, or {@code null} for it.
     *
     * @throws ArgumentException for all others
     */
    @Override
    public final void setActivationFn(IActivation activation) {
        require(
                activation == null || activation instanceof ActivationIdentity,
                "activation",
                activation + " on " + getClass().getSimpleName() + (layerName == null ? "" : " \"" + layerName + "\""),
                "leave it out, these layers have none; add a ReLU, PReLU or DL4J's ActivationLayer after it");
        activationFn = new ActivationIdentity();
    }

    /**
     * Refuses what the layers do not compute with.
     *
     * @throws ArgumentException if it is neither FLOAT nor DOUBLE
     */
    static void requireComputable(DataType dataType) {
        require(
                dataType == DataType.FLOAT || dataType == DataType.DOUBLE,
                "dataType",
                dataType,
                "use FLOAT or DOUBLE; narrower numbers overflow in sums over positions");
    }

    /** {@return the parameters in the order of the flat parameter array} */
    public abstract List<Parameter> parameters();

    /**
     * The type of the output for inputs of that type.
     *
     * @param dims the dimensions of the input
     * @param input type of the input, whose sizes may be {@link SpatialDims#UNKNOWN}
     * @return type of the output
     * @throws ArgumentException if the layer cannot take such inputs
     */
    protected abstract InputType outputType(SpatialDims dims, InputType input);

    /** {@return what {@code equals} compares beyond DL4J's own fields; {@code null} for what is not set} */
    protected abstract List<@Nullable Object> settings();

    /**
     * The layer that computes inside a network.
     *
     * @param conf the network's configuration of this layer
     * @param dataType the network's data type
     * @return the layer, without parameters as yet
     */
    protected abstract BaseLayer<?> layer(NeuralNetConfiguration conf, DataType dataType);

    /**
     * Multiply-accumulates of one forward pass over one sample; 0 for layers whose work is linear in the activations.
     *
     * @param output type of the output
     * @return their number
     */
    public long multiplyAccumulates(InputType output) {
        return 0;
    }

    /** {@return the number of trained values} */
    public long trainableParameters() {
        return initializer().numParams(this) - states();
    }

    /** {@return the number of values that the layer updates itself: running statistics} */
    public long states() {
        return parameters().stream()
                .filter(parameter -> parameter.role() == Parameter.Role.STATE)
                .mapToLong(Parameter::length)
                .sum();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameterView,
            boolean initialize,
            DataType dataType) {
        requireComputable(dataType);
        WaitingThreads.warnWhereTheySpin();
        BaseLayer<?> layer = layer(conf, dataType);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameterView);
        Map<String, INDArray> table = initializer().init(conf, parameterView, initialize);
        layer.setParamTable(table);
        layer.setConf(conf);
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return ParameterViews.INSTANCE;
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
        setNIn(input, false);
        return outputType(SpatialDims.of(input), input);
    }

    @Override
    public void setNIn(InputType input, boolean override) {
        long channels = SpatialDims.channels(input);
        if (nIn > 0 && nIn != channels) {
            throw new ArgumentException(
                    "nIn",
                    nIn + " at layer \"" + getLayerName() + "\", whose input has " + channels + " channels",
                    "use " + channels + " or leave it out");
        }
        nIn = channels;
        if (keepsChannels()) {
            nOut = channels;
        }
    }

    /** {@return whether the output has the input's channels, whatever they are} Default: true. */
    protected boolean keepsChannels() {
        return true;
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
        SpatialDims.of(input);
        return null;
    }

    @Override
    public IUpdater getUpdaterByParam(String name) {
        boolean state = parameters().stream()
                .anyMatch(parameter -> parameter.name().equals(name) && parameter.role() == Parameter.Role.STATE);
        return state ? new NoOp() : super.getUpdaterByParam(name);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType input) {
        long parameters = initializer().numParams(this);
        long updaterState = parameters == 0 ? 0 : getIUpdater().stateSize(parameters);
        return new LayerMemoryReport.Builder(layerName, getClass(), input, getOutputType(-1, input))
                .standardMemory(parameters, updaterState)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof SpatialLayer that
                        && getClass() == that.getClass()
                        && super.equals(other)
                        && Arrays.deepEquals(
                                settings().toArray(), that.settings().toArray());
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Arrays.deepHashCode(settings().toArray());
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof SpatialLayer;
    }

    /**
     * Settings common to all of these layers; see DL4J's builders.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends FeedForwardLayer.Builder<T> {
        /** DL4J's defaults; {@code nIn} is taken from the input where it is not given. */
        protected Builder() {}
    }
}
