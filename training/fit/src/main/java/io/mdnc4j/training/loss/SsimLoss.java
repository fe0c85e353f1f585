package io.mdnc4j.training.loss;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.conf.SampleLoss;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.metrics.StructuralSimilarity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * 1 less the structural similarity, the mean over samples and channels; Wang et al., IEEE Trans. Image Process. 13:600, 2004, see
 * {@link StructuralSimilarity}. For values {@code [N, C, size...]} with one, two or three axes, in a
 * {@link io.mdnc4j.blocks.conf.SpatialLossLayer}.
 */
public final class SsimLoss extends SampleLoss {
    /** Range of the labels' values, 0 for that of each sample. */
    private double range;

    /** With the range of each sample's labels. */
    public SsimLoss() {}

    /**
     * With a fixed range.
     *
     * @param range of the labels' values, such as 1 or 255, which begin at 0
     * @throws ArgumentException if it is not positive and finite
     */
    public SsimLoss(double range) {
        ArgumentException.require(
                range > 0 && Double.isFinite(range), "range", range, "give that of the values, positive and finite");
        this.range = range;
    }

    /** {@return the range of the labels' values, 0 for that of each sample} */
    public double getRange() {
        return range;
    }

    /** Losses of the samples, and the derivatives of their sum by the outputs where wanted. */
    @Override
    protected double[] losses(INDArray labels, INDArray output, double @Nullable [] gradient) {
        int samples = (int) output.size(0);
        int channels = (int) output.size(1);
        int[] size =
                Arrays.stream(output.shape()).skip(2).mapToInt(Math::toIntExact).toArray();
        double[] targets = OnHeap.doubles(labels);
        double[] outputs = OnHeap.doubles(output);
        int length = outputs.length / (samples * channels);
        double[] losses = new double[samples];
        for (int n = 0; n < samples; n++) {
            int first = n * channels * length;
            StructuralSimilarity similarity = range > 0
                    ? new StructuralSimilarity(0, range, size)
                    : StructuralSimilarity.suiting(Arrays.copyOfRange(targets, first, first + channels * length), size);
            for (int c = 0; c < channels; c++) {
                int start = first + c * length;
                double[] target = Arrays.copyOfRange(targets, start, start + length);
                double[] found = Arrays.copyOfRange(outputs, start, start + length);
                losses[n] += (1 - similarity.mean(found, target)) / channels;
                if (gradient != null) {
                    double[] slopes = similarity.gradient(found, target);
                    for (int i = 0; i < length; i++) {
                        gradient[start + i] = -slopes[i] / channels;
                    }
                }
            }
        }
        return losses;
    }

    @Override
    protected INDArray output(INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        if (activation instanceof ActivationSoftmax || preOutput.rank() < 3) {
            throw new ArgumentException(
                    "loss",
                    "structural similarity is of values [N, C, size...], not of " + activation + " of shape "
                            + Arrays.toString(preOutput.shape()),
                    "use another loss");
        }
        ArgumentException.require(mask == null, "mask", "not supported by structural similarity", "use another loss");
        return activation.getActivation(preOutput.dup('c'), true);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SsimLoss that && range == that.range;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(range);
    }
}
