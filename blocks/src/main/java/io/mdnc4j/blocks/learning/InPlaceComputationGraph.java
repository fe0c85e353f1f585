package io.mdnc4j.blocks.learning;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.backends.NativeConvolutions;
import io.mdnc4j.blocks.internal.layers.BatchAveraged;
import io.mdnc4j.blocks.internal.layers.Passes;
import io.mdnc4j.blocks.internal.layers.SpatialLayerBase;
import io.mdnc4j.blocks.internal.layers.SpatialLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.ObjLongConsumer;
import org.deeplearning4j.nn.api.FwdPassType;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@link ComputationGraph} whose step of training updates gradients and parameters where they lie. DL4J's own (1.0.0-M2.1)
 * takes a view of its gradients for those of another network, since it compares arrays by identity: it then cuts them and the
 * parameters anew, each cut nested in the one before, which takes time that grows with the cube of the number of layers
 * (50 ms a step for 80 convolutions), and at the end copies all parameters onto themselves. The numbers are the same.
 * The size of a step does not depend on the number of samples, whatever {@code miniBatch} says in the configurations of the
 * network and of its layers.
 *
 * <p>Its name ends in {@code ComputationGraph}, by which DL4J's training UI tells what it has to show.
 */
public class InPlaceComputationGraph extends ComputationGraph {
    private static final long serialVersionUID = 1;

    private transient @Nullable INDArray parameterRow;
    private transient @Nullable INDArray gradientRow;
    private transient @Nullable Passes passes;
    private transient INDArray @Nullable [] targets;
    private transient @Nullable OwnGradient ownGradient;
    private transient InferencePrecision inferencePrecision = InferencePrecision.FLOAT;

    /**
     * A network that is to be initialised, as DL4J's own.
     *
     * @param configuration its configuration
     */
    public InPlaceComputationGraph(ComputationGraphConfiguration configuration) {
        super(configuration);
    }

    @Override
    public void init(INDArray parameters, boolean cloneParametersArray) {
        super.init(parameters, cloneParametersArray);
        boolean lossesDivide = lossesCanDivide();
        for (Layer layer : getLayers()) {
            if (layer instanceof BatchAveraged averaged) {
                averaged.setUpdaterDivides(() -> !lossesDivide && conf().isMiniBatch());
            }
        }
    }

    /** Where nothing but layers that can be told takes part, the losses divide, which saves a pass over all gradients. */
    private boolean lossesCanDivide() {
        return configuration.getNetworkOutputs().stream().allMatch(name -> getLayer(name) instanceof SpatialLoss)
                && Arrays.stream(vertices)
                        .allMatch(vertex -> vertex.numParams() == 0 || vertex.getLayer() instanceof BatchAveraged);
    }

    /** {@return all parameters, {@code [numParams]}; always the same view} */
    @Override
    public INDArray params() {
        if (!usable(flattenedParams)) {
            return super.params();
        }
        parameterRow = row(parameterRow, flattenedParams);
        return parameterRow;
    }

    @Override
    public void setParams(INDArray params) {
        if (params != params()) {
            super.setParams(params);
        }
    }

    /** {@return all gradients, {@code [numParams]}, or {@code null} before the first step; always the same view} */
    @Override
    public @Nullable INDArray getFlattenedGradients() {
        if (!usable(flattenedGradients)) {
            return flattenedGradients;
        }
        gradientRow = row(gradientRow, flattenedGradients);
        return gradientRow;
    }

    private static boolean usable(@Nullable INDArray array) {
        return array != null && !array.isEmpty() && !array.wasClosed();
    }

    /** The known view of the array if it still is one, or a new one. */
    private static INDArray row(@Nullable INDArray known, INDArray array) {
        boolean same = usable(known) && known.data().address() == array.data().address();
        return same ? known : array.reshape(array.length());
    }

    /** Whether this network's own passes are to be left alone, as far as DL4J's state says. */
    private boolean isOrdinary() {
        return getInputMaskArrays() == null
                && getLabelMaskArrays() == null
                && configuration.getBackpropType() == BackpropType.Standard;
    }

    @Override
    public void setLabels(INDArray... labels) {
        super.setLabels(labels);
        targets = labels;
    }

    @Override
    public void setLabel(int number, INDArray label) {
        super.setLabel(number, label);
        INDArray[] known = targets == null ? new INDArray[getNumOutputArrays()] : targets.clone();
        known[number] = label;
        targets = known;
    }

    @Override
    public void clear() {
        super.clear();
        targets = null;
    }

    private Passes passes() {
        if (passes == null) {
            passes = new Passes(this);
        }
        return passes;
    }

    /**
     * Has the time of each layer's forward and backward pass told, as {@code forward NAME} or {@code backward NAME} with
     * nanoseconds; two layers that are computed at once have both names, with a blank between. It concerns the network's own
     * passes, not those of DL4J.
     *
     * @param clock who is told; {@code null} for nobody
     */
    public void setLayerClock(@Nullable ObjLongConsumer<String> clock) {
        passes().setClock(clock);
    }

    /**
     * {@return the native kernels that computed each layer in the network's own pass that came last: that of the output and, in
     * training, those of the gradients of input and weights; empty where DL4J's loop computed it}
     */
    public Map<String, List<String>> layerKernels() {
        return passes().kernels();
    }

    /**
     * Tries the ways to compute each convolution, for predictions and training with inputs of that shape, and chooses the fastest.
     * It takes some twenty times as long as a step of training, and changes nothing by itself; see {@link #setKernelChoices}.
     *
     * @param inputShape {@code N, C, size...}
     * @return the choices, by processor, threads and shapes; empty where DL4J's loop would compute it
     */
    public SortedMap<String, String> tuneKernels(long... inputShape) {
        return passes().tune(inputShape);
    }

    /**
     * Has convolutions computed in these ways, and all others by fixed rules, whatever {@link io.mdnc4j.blocks.Tuning} says: so
     * that the same network with the same choices computes the same numbers again.
     *
     * @param choices as {@link #tuneKernels} gave them; those of other processors or numbers of threads have no effect
     * @throws io.mdnc4j.blocks.ArgumentException if they name a way that there is not
     */
    public void setKernelChoices(Map<String, String> choices) {
        passes().fix(choices);
    }

    /**
     * {@return what {@link #setKernelChoices} was given, which for the rules is empty; a network that has been trained keeps to
     * these, and one that has neither has none}
     */
    public Optional<SortedMap<String, String>> kernelChoices() {
        return passes == null ? Optional.empty() : passes.fixed();
    }

    /**
     * What the products of this network's predictions are computed with from now on; float unless given. It concerns the
     * network's own passes: what it cannot compute so, such as outputs with masks, it refuses then. Training and {@code
     * feedForward} stay in float, as do clones and model files.
     *
     * @param precision of products
     * @throws ArgumentException if it is slower than float on this machine
     */
    public void setInferencePrecision(InferencePrecision precision) {
        NativeConvolutions.requireAtSpeed(precision);
        inferencePrecision = precision;
        passes().setPrecision(precision);
    }

    @Override
    protected INDArray[] outputOfLayersDetached(
            boolean train,
            FwdPassType kind,
            int[] layers,
            INDArray[] features,
            INDArray[] featureMasks,
            INDArray[] labelMasks,
            boolean clearInputs,
            boolean detachedInputs,
            MemoryWorkspace workspace) {
        boolean ordinary = !train
                && kind == FwdPassType.STANDARD
                && Arrays.equals(layers, getOutputLayerIndices())
                && features.length == getNumInputArrays()
                && featureMasks == null
                && labelMasks == null
                && clearInputs
                && !detachedInputs
                && workspace == null
                && isOrdinary();
        Optional<INDArray[]> own = ordinary ? passes().outputs(features) : Optional.empty();
        ArgumentException.require(
                train || own.isPresent() || inferencePrecision == InferencePrecision.FLOAT,
                "precision",
                inferencePrecision.code(),
                "leave it out: this network, or what is asked of it, is computed by Deeplearning4j, in its own precision");
        return own.orElseGet(() -> super.outputOfLayersDetached(
                train, kind, layers, features, featureMasks, labelMasks, clearInputs, detachedInputs, workspace));
    }

    @Override
    public void computeGradientAndScore() {
        INDArray[] known = targets;
        if (!isOrdinary() || known == null || getInputs() == null) {
            super.computeGradientAndScore();
            return;
        }
        if (flattenedGradients == null) {
            initGradientsView();
        }
        synchronizeIterEpochCounts();
        boolean watched = getListeners().stream().anyMatch(InPlaceComputationGraph::seesActivations);
        Optional<Double> loss = passes().train(
                        getInputs(),
                        known,
                        watched
                                ? activations ->
                                        getListeners().forEach(listener -> listener.onForwardPass(this, activations))
                                : null);
        if (loss.isEmpty()) {
            super.computeGradientAndScore();
            return;
        }
        gradient = ownGradient();
        score = loss.get() + calcRegularizationScore(true);
        getListeners().forEach(listener -> listener.onBackwardPass(this));
    }

    /** Whether a listener does something with activations. */
    private static boolean seesActivations(TrainingListener listener) {
        try {
            Class<?> where = listener.getClass()
                    .getMethod("onForwardPass", Model.class, Map.class)
                    .getDeclaringClass();
            return where != BaseTrainingListener.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private Gradient ownGradient() {
        INDArray all = getFlattenedGradients();
        if (ownGradient == null || ownGradient.all != all) {
            ownGradient = new OwnGradient(all);
            for (int index : topologicalOrder) {
                GraphVertex vertex = vertices[index];
                if (vertex.getLayer() instanceof SpatialLayerBase layer) {
                    layer.gradients()
                            .forEach((name, array) ->
                                    ownGradient.setGradientFor(vertex.getVertexName() + "_" + name, array, 'c'));
                }
            }
        }
        return ownGradient;
    }

    @Override
    protected void calcBackpropGradients(boolean clearLayers, boolean truncatedBackprop, INDArray... externalEpsilons) {
        super.calcBackpropGradients(clearLayers, truncatedBackprop, externalEpsilons);
        gradient = new OwnGradient(gradient, getFlattenedGradients());
    }

    @Override
    public ComputationGraph clone() {
        InPlaceComputationGraph clone = new InPlaceComputationGraph(configuration.clone());
        clone.init(params().dup(), false);
        if (solver != null && getUpdater().getStateViewArray() != null) {
            clone.getUpdater()
                    .setStateViewArray(getUpdater().getStateViewArray().dup());
        }
        kernelChoices().ifPresent(clone::setKernelChoices);
        clone.setListeners(new ArrayList<>(getListeners()));
        for (GraphVertex vertex : vertices) {
            if (vertex.hasLayer() && vertex.getLayer() instanceof FrozenLayer) {
                clone.getVertex(vertex.getVertexName()).setLayerAsFrozen();
            }
        }
        return clone;
    }

    /** Gradients that are known to be the network's own. */
    private static final class OwnGradient extends DefaultGradient {
        private static final long serialVersionUID = 1;

        private final transient @Nullable INDArray all;

        OwnGradient(@Nullable INDArray all) {
            super(all);
            this.all = all;
        }

        OwnGradient(Gradient gradient, @Nullable INDArray all) {
            this(all);
            for (Map.Entry<String, INDArray> entry :
                    gradient.gradientForVariable().entrySet()) {
                setGradientFor(entry.getKey(), entry.getValue(), gradient.flatteningOrderForVariable(entry.getKey()));
            }
        }

        @Override
        public INDArray gradient() {
            return all == null ? super.gradient() : all;
        }
    }
}
