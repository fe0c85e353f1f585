package io.mdnc4j.training.loss;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.conf.SpatialLossFunction;
import io.mdnc4j.training.arrays.OnHeap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mean squared or absolute error of those values that are known: labels that are NaN have neither loss nor gradient, and the
 * mean is over the others of the batch; of a batch without any the loss is 0. For values {@code [N, C, size...]} in a
 * {@link io.mdnc4j.blocks.conf.SpatialLossLayer}, where a network learns at some positions only, such as the blind spots of
 * Krull et al., Noise2Void, arXiv:1811.10980.
 */
public final class KnownValuesLoss implements SpatialLossFunction {
    /** Whether errors are absolute, not squared. */
    private boolean absolute;

    /** Of squared errors. */
    public KnownValuesLoss() {}

    /**
     * Of errors of one kind.
     *
     * @param absolute whether they are absolute, not squared
     */
    public KnownValuesLoss(boolean absolute) {
        this.absolute = absolute;
    }

    /** {@return whether errors are absolute, not squared} */
    public boolean isAbsolute() {
        return absolute;
    }

    /** Losses of the samples, whose sum is N times the mean over the known values, and slopes of that sum where wanted. */
    private double[] losses(INDArray labels, INDArray output, double @Nullable [] slopes) {
        double[] wanted = OnHeap.doubles(labels);
        double[] found = OnHeap.doubles(output);
        int samples = (int) output.size(0);
        int length = found.length / samples;
        long known = Arrays.stream(wanted).filter(value -> !Double.isNaN(value)).count();
        double weight = (double) samples / Math.max(1, known);
        double[] losses = new double[samples];
        for (int i = 0; i < found.length; i++) {
            if (!Double.isNaN(wanted[i])) {
                double error = found[i] - wanted[i];
                losses[i / length] += weight * (absolute ? Math.abs(error) : error * error);
                if (slopes != null) {
                    slopes[i] = weight * (absolute ? Math.signum(error) : 2 * error);
                }
            }
        }
        return losses;
    }

    private static INDArray output(INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        ArgumentException.require(
                !(activation instanceof ActivationSoftmax),
                "activation",
                activation + " makes probabilities of classes",
                "use another activation, or a loss of classes");
        ArgumentException.require(mask == null, "mask", "not supported", "set the labels of masked positions to NaN");
        return activation.getActivation(preOutput.dup('c'), true);
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        double sum = Arrays.stream(losses(labels, output(preOutput, activation, mask), null))
                .sum();
        return average ? sum / preOutput.size(0) : sum;
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
        double sum = Arrays.stream(losses(labels, output(preOutput, activation, mask), slopes))
                .sum();
        INDArray byOutput =
                Nd4j.createFromArray(slopes).castTo(preOutput.dataType()).reshape('c', preOutput.shape());
        INDArray gradient = activation.backprop(preOutput.dup('c'), byOutput).getFirst();
        return new Pair<>(average ? sum / preOutput.size(0) : sum, gradient);
    }

    @Override
    public String name() {
        return "KnownValuesLoss";
    }

    @Override
    public String toString() {
        return name();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KnownValuesLoss that && absolute == that.absolute;
    }

    @Override
    public int hashCode() {
        return Boolean.hashCode(absolute);
    }
}
