package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import java.util.function.Predicate;
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
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Computes a {@code SpatialLossLayer}: DL4J's loss functions see one row {@code [C]} for each position, a
 * {@code SpatialLossFunction} whole arrays.
 */
public final class SpatialLoss extends LossLayer {
    private final Predicate<ILossFunction> spatial;

    /** @param spatial whether that loss function sees whole arrays */
    public SpatialLoss(NeuralNetConfiguration conf, DataType dataType, Predicate<ILossFunction> spatial) {
        super(conf, dataType);
        this.spatial = spatial;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray rows = rows(input);
        INDArray result = layerConf().getActivationFn().getActivation(rows == input ? rows.dup('c') : rows, training);
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, unrow(result));
    }

    @Override
    public double computeScore(double regularization, boolean training, LayerWorkspaceMgr workspaces) {
        double sum = layerConf()
                .getLossFn()
                .computeScore(seen(checkedLabels()), seen(input), layerConf().getActivationFn(), null, false);
        score = sum / (input.size(0) * rowsPerSample()) + regularization;
        return score;
    }

    /** The loss of each sample, the mean over its positions: {@code [N, 1]}. */
    @Override
    public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
        INDArray scores = layerConf()
                .getLossFn()
                .computeScoreArray(
                        seen(checkedLabels()), seen(input), layerConf().getActivationFn(), null);
        INDArray samples = scores.reshape('c', input.size(0), rowsPerSample())
                .mean(true, 1)
                .addi(regularization);
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, samples);
    }

    @Override
    public void computeGradientAndScore(LayerWorkspaceMgr workspaces) {
        gradient = backpropGradient(null, workspaces).getFirst();
        computeScore(0, true, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray delta = layerConf()
                .getLossFn()
                .computeGradient(seen(checkedLabels()), seen(input), layerConf().getActivationFn(), null);
        // unless told otherwise, DL4J divides all gradients of parameters by the number of samples later
        delta = (seesWhole() ? delta : unrow(delta))
                .divi(conf.isMiniBatch() ? rowsPerSample() : rowsPerSample() * input.size(0));
        return new Pair<>(new DefaultGradient(), workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, delta));
    }

    private long positions() {
        return input.length() / (input.size(0) * input.size(1));
    }

    private boolean seesWhole() {
        return spatial.test(layerConf().getLossFn());
    }

    private long rowsPerSample() {
        return seesWhole() ? 1 : positions();
    }

    /** What the loss function sees of an array. */
    private INDArray seen(INDArray array) {
        return seesWhole() ? array.castTo(dataType) : rows(array);
    }

    private INDArray checkedLabels() {
        assertInputSet(true);
        if (labels == null || !Arrays.equals(labels.shape(), input.shape())) {
            throw new ArgumentException(
                    "labels",
                    labels == null ? "not set" : "shape " + Arrays.toString(labels.shape()),
                    "give labels of the output's shape " + Arrays.toString(input.shape()));
        }
        return labels;
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
                .reshape('c', typed.size(0), channels, positions())
                .permute(0, 2, 1)
                .dup('c')
                .reshape('c', typed.size(0) * positions(), channels);
    }

    private INDArray unrow(INDArray rows) {
        if (input.rank() == 2) {
            return rows;
        }
        return rows.dup('c')
                .reshape('c', input.size(0), positions(), input.size(1))
                .permute(0, 2, 1)
                .dup('c')
                .reshape('c', input.shape());
    }

    /** Forgets the labels; unlike DL4J's it does not free the memory of an array that belongs to the caller. */
    @Override
    public void clear() {
        labels = null;
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
