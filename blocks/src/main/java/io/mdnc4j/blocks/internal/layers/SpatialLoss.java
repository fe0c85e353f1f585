package io.mdnc4j.blocks.internal.layers;

import static io.mdnc4j.blocks.ArgumentException.require;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.LossLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.longer.CountNonZero;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Computes a {@code SpatialLossLayer}: DL4J's loss functions see one row {@code [C]} for each position, a
 * {@code SpatialLossFunction} whole arrays.
 */
public final class SpatialLoss extends LossLayer implements BatchAveraged {
    private transient BooleanSupplier updaterDivides;
    private final Predicate<ILossFunction> spatial;
    private final Predicate<ILossFunction> ofClasses;
    private double[] weights = {1};
    private transient INDArray[] lower = {};

    /**
     * @param spatial whether that loss function sees whole arrays
     * @param ofClasses whether its labels are classes
     */
    public SpatialLoss(
            NeuralNetConfiguration conf,
            DataType dataType,
            Predicate<ILossFunction> spatial,
            Predicate<ILossFunction> ofClasses) {
        super(conf, dataType);
        this.spatial = spatial;
        this.ofClasses = ofClasses;
    }

    /**
     * This layer's own copy of the setting is from when the layer was described: transfer learning keeps it, under a new
     * global configuration.
     */
    @Override
    public void setUpdaterDivides(BooleanSupplier updaterDivides) {
        this.updaterDivides = updaterDivides;
    }

    private boolean updaterDivides() {
        if (updaterDivides != null) {
            return updaterDivides.getAsBoolean();
        }
        require(
                conf.isMiniBatch(),
                "miniBatch",
                false,
                "set it to true, DL4J's default, in the NeuralNetConfiguration.Builder or, for transfer learning, in the"
                        + " FineTuneConfiguration; or train the configuration as an InPlaceComputationGraph");
        return true;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray rows = rows(input);
        INDArray result = layerConf().getActivationFn().getActivation(rows == input ? rows.dup('c') : rows, training);
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, unrow(result, input));
    }

    @Override
    public double computeScore(double regularization, boolean training, LayerWorkspaceMgr workspaces) {
        score = training ? weights[0] * score(input, labels()) : score(input, labels());
        for (int i = 0; training && i < lower.length; i++) {
            if (weights[i + 1] > 0) {
                score += weights[i + 1] * score(lower[i], labelsAt(lower[i]));
            }
        }
        score += regularization;
        return score;
    }

    private double score(INDArray output, INDArray wanted) {
        INDArray seenLabels = seenLabels(output, wanted);
        double sum = layerConf()
                .getLossFn()
                .computeScore(seenLabels, seen(output), layerConf().getActivationFn(), null, false);
        INDArray unknown = unknown(seenLabels);
        long counted = unknown == null ? output.size(0) * rowsPerSample(output) : known(unknown);
        return sum / Math.max(1, counted);
    }

    /**
     * The loss of each sample, the mean over its positions of known class: {@code [N, 1]}; of outputs at lower resolution
     * nothing.
     */
    @Override
    public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
        INDArray seenLabels = seenLabels(input, labels());
        INDArray scores = layerConf()
                .getLossFn()
                .computeScoreArray(seenLabels, seen(input), layerConf().getActivationFn(), null)
                .reshape('c', input.size(0), rowsPerSample(input));
        INDArray unknown = unknown(seenLabels);
        INDArray samples = unknown == null
                ? scores.mean(true, 1)
                : scores.sum(true, 1)
                        .divi(Transforms.max(
                                unknown.reshape('c', scores.shape()).rsub(1).sum(true, 1), 1));
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, samples.addi(regularization));
    }

    @Override
    public void computeGradientAndScore(LayerWorkspaceMgr workspaces) {
        gradient = backpropGradient(null, workspaces).getFirst();
        computeScore(0, true, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray delta = gradient(input, labels(), weights[0]);
        return new Pair<>(new DefaultGradient(), workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, delta));
    }

    private INDArray gradient(INDArray output, INDArray wanted, double weight) {
        INDArray seenLabels = seenLabels(output, wanted);
        INDArray delta = layerConf()
                .getLossFn()
                .computeGradient(seenLabels, seen(output), layerConf().getActivationFn(), null);
        double samples = output.size(0);
        double counted = samples * rowsPerSample(output);
        INDArray unknown = unknown(seenLabels);
        if (unknown != null) {
            delta.muliColumnVector(unknown.rsub(1));
            counted = Math.max(1, known(unknown));
        }
        return (seesWhole() ? delta : unrow(delta, output)).muli(weight * (updaterDivides() ? samples : 1) / counted);
    }

    /**
     * Takes further outputs, whose losses count in training: for the pass that is under way.
     *
     * @param weights of the losses of this layer's input and of the others
     * @param lower outputs of the same channels and lower resolution
     */
    void supervise(double[] weights, INDArray... lower) {
        this.weights = weights;
        this.lower = lower;
    }

    /** The gradient of the loss by one of the outputs that were taken. */
    INDArray gradientOfLower(int number) {
        return gradient(lower[number], labelsAt(lower[number]), weights[number + 1]);
    }

    private INDArray labels() {
        assertInputSet(true);
        require(labels != null, "labels", "not set", "call setLabels before the loss is computed");
        return labels;
    }

    /** Those of {@code from} places that are nearest to {@code to} places spread evenly; steps, where there can be. */
    private static INDArrayIndex nearest(long from, long to) {
        if (from % to != 0) {
            return NDArrayIndex.indices(LongStream.range(0, to)
                    .map(i -> (2 * i + 1) * from / (2 * to))
                    .toArray());
        }
        long step = from / to;
        return step == 1 ? NDArrayIndex.all() : NDArrayIndex.interval(step / 2, step, from);
    }

    /** The labels at the positions nearest to those of an output. */
    private INDArray labelsAt(INDArray output) {
        INDArray found = labels();
        int axes = output.rank() - 2;
        INDArrayIndex[] places = new INDArrayIndex[found.rank()];
        Arrays.fill(places, NDArrayIndex.all());
        for (int axis = 0; axis < axes; axis++) {
            int place = found.rank() - axes + axis;
            places[place] = nearest(found.size(place), output.size(axis + 2));
        }
        return found.get(places).dup('c');
    }

    private static long positions(INDArray output) {
        return output.length() / (output.size(0) * output.size(1));
    }

    private boolean seesWhole() {
        return spatial.test(layerConf().getLossFn());
    }

    private long rowsPerSample(INDArray output) {
        return seesWhole() ? 1 : positions(output);
    }

    /** What the loss function sees of an array. */
    private INDArray seen(INDArray array) {
        return seesWhole() ? array.castTo(dataType) : rows(array);
    }

    /** The labels as the loss function sees them. */
    private INDArray seenLabels(INDArray output, INDArray wanted) {
        if (Arrays.equals(wanted.shape(), output.shape())) {
            return seen(wanted);
        }
        boolean numbers = ClassNumbers.fit(wanted, output.shape());
        boolean classes = ofClasses.test(layerConf().getLossFn());
        require(
                numbers && classes,
                "labels",
                "shape " + Arrays.toString(wanted.shape()),
                "give the output's shape, " + Arrays.toString(output.shape())
                        + (classes
                                ? ", or class numbers [N, size...] or [N, 1, size...]"
                                : numbers ? ", or for class numbers a loss of classes, such as LossMCXENT" : ""));
        INDArray rows = ClassNumbers.oneHot(wanted, output.size(1), dataType);
        return seesWhole() ? unrow(rows, output) : rows;
    }

    /**
     * 1 for each row of unknown class, whose labels are all 0, else 0; {@code null} where none is, or where that concerns the
     * loss function alone. DL4J's cross entropy adds nothing for such rows, but derives as if their labels added to 1.
     */
    private INDArray unknown(INDArray rows) {
        if (!(layerConf().getLossFn() instanceof LossMCXENT)) {
            return null;
        }
        INDArray unknown = rows.norm1(1).eq(0).castTo(dataType);
        return known(unknown) == rows.size(0) ? null : unknown.reshape('c', unknown.length(), 1);
    }

    private static long known(INDArray unknown) {
        return unknown.length()
                - Nd4j.getExecutioner().exec(new CountNonZero(unknown)).getLong(0);
    }

    /** {@code [N, C, size...]} as {@code [N * positions, C]}. */
    private INDArray rows(INDArray array) {
        INDArray typed = array.castTo(dataType);
        if (typed.rank() == 2) {
            return typed;
        }
        long channels = typed.size(1);
        if (channels == 1) {
            return typed.dup('c').reshape('c', typed.length(), 1);
        }
        return typed.dup('c')
                .reshape('c', typed.size(0), channels, positions(typed))
                .permute(0, 2, 1)
                .dup('c')
                .reshape('c', typed.size(0) * positions(typed), channels);
    }

    private static INDArray unrow(INDArray rows, INDArray like) {
        if (like.rank() == 2) {
            return rows;
        }
        return rows.dup('c')
                .reshape('c', like.size(0), positions(like), like.size(1))
                .permute(0, 2, 1)
                .dup('c')
                .reshape('c', like.shape());
    }

    /** Forgets the labels; unlike DL4J's it does not free the memory of an array that belongs to the caller. */
    @Override
    public void clear() {
        labels = null;
        lower = new INDArray[0];
        super.clear();
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int minibatchSize) {
        SpatialLayerBase.requireNoMask(layerConf().getLayerName(), mask);
        return new Pair<>(null, state);
    }

    @Override
    public void setMaskArray(INDArray mask) {
        SpatialLayerBase.requireNoMask(layerConf().getLayerName(), mask);
        super.setMaskArray(mask);
    }
}
