package io.mdnc4j.training.loss;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.conf.SampleLoss;
import io.mdnc4j.training.arrays.OnHeap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean squared or absolute error of those values that are known: labels that are NaN have neither loss nor gradient, and the
 * mean is over the others of the batch; of a batch without any the loss is 0. For values {@code [N, C, size...]} in a
 * {@link io.mdnc4j.blocks.conf.SpatialLossLayer}, where a network learns at some positions only, such as the blind spots of
 * Krull et al., Noise2Void, arXiv:1811.10980.
 */
public final class KnownValuesLoss extends SampleLoss {
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
    @Override
    protected double[] losses(INDArray labels, INDArray output, double @Nullable [] slopes) {
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

    @Override
    protected INDArray output(INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        ArgumentException.require(
                !(activation instanceof ActivationSoftmax),
                "activation",
                activation + " makes probabilities of classes",
                "use another activation, or a loss of classes");
        ArgumentException.require(mask == null, "mask", "not supported", "set the labels of masked positions to NaN");
        return activation.getActivation(preOutput.dup('c'), true);
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
