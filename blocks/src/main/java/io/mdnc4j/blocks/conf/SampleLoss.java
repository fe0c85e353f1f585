package io.mdnc4j.blocks.conf;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A loss that is told by the losses of the samples of a batch and the slopes of their sum, in double precision. */
public abstract class SampleLoss implements SpatialLossFunction {
    /** For subclasses. */
    protected SampleLoss() {}

    /**
     * What the losses are of: what the activation makes of {@code preOutput}, or that itself.
     *
     * @param preOutput {@code [N, C, size...]}
     * @param activation of the output
     * @param mask of positions; {@code null} for none
     * @return the same shape
     * @throws io.mdnc4j.blocks.ArgumentException if the loss has no such activation, shape or mask
     */
    protected abstract INDArray output(INDArray preOutput, IActivation activation, @Nullable INDArray mask);

    /**
     * Losses of the samples.
     *
     * @param labels of the shape of the output
     * @param output as {@link #output} gives it
     * @param slopes where the slopes of the losses' sum by the output go, all 0 before; {@code null} where they are not wanted
     * @return one number a sample
     */
    protected abstract double[] losses(INDArray labels, INDArray output, double @Nullable [] slopes);

    /**
     * From slopes by the {@link #output} to the gradient by what comes before the activation.
     *
     * @param preOutput {@code [N, C, size...]}
     * @param activation of the output
     * @param slopes by the output
     * @return of the same shape
     */
    protected INDArray gradient(INDArray preOutput, IActivation activation, INDArray slopes) {
        return activation.backprop(preOutput.dup('c'), slopes).getFirst();
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        return score(losses(labels, output(preOutput, activation, mask), null), average);
    }

    private static double score(double[] losses, boolean average) {
        double sum = Arrays.stream(losses).sum();
        return average ? sum / losses.length : sum;
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return Nd4j.createFromArray(losses(labels, output(preOutput, activation, mask), null))
                .castTo(preOutput.dataType())
                .reshape('c', preOutput.size(0), 1);
    }

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return computeGradientAndScore(labels, preOutput, activation, mask, false)
                .getSecond();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        double[] slopes = new double[(int) preOutput.length()];
        double score = score(losses(labels, output(preOutput, activation, mask), slopes), average);
        INDArray byOutput =
                Nd4j.createFromArray(slopes).castTo(preOutput.dataType()).reshape('c', preOutput.shape());
        return new Pair<>(score, gradient(preOutput, activation, byOutput));
    }

    @Override
    public String name() {
        return getClass().getSimpleName();
    }

    @Override
    public String toString() {
        return name();
    }
}
