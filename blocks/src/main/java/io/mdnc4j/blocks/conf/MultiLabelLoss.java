package io.mdnc4j.blocks.conf;

import io.mdnc4j.blocks.ArgumentException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss of labels of which several may apply at once, for a {@link SpatialLossLayer}. Labels are {@code [N, K]} or
 * {@code [N, K, size...]} of 1 (there), 0 (not) and -1 (not known, which counts nowhere), outputs sigmoid. It is the sum of one
 * or both of
 *
 * <ul>
 *   <li>binary cross entropy, {@code -y log p - (1 - y) log(1 - p)}, computed from what comes before the sigmoid so that it
 *       stays finite; the mean over samples, labels and positions, as PyTorch's {@code BCEWithLogitsLoss};
 *   <li>1 less the mean over the labels of Dice's coefficient {@code (2 sum p y + 1) / (sum p + sum y + 1)}, whose sums are over
 *       the whole batch.
 * </ul>
 */
public final class MultiLabelLoss extends SampleLoss {
    /** Makes the coefficient of a label that neither occurs nor is found 1. */
    private static final double SMOOTH = 1;

    private boolean crossEntropy;
    private boolean dice;

    /** Binary cross entropy alone. */
    public MultiLabelLoss() {
        this(true, false);
    }

    /**
     * The sum of what is wanted.
     *
     * @param crossEntropy whether binary cross entropy is
     * @param dice whether 1 less Dice's coefficient is
     */
    public MultiLabelLoss(boolean crossEntropy, boolean dice) {
        this.crossEntropy = crossEntropy;
        this.dice = dice;
    }

    /** {@return whether binary cross entropy counts} */
    public boolean isCrossEntropy() {
        return crossEntropy;
    }

    /** {@return whether Dice's coefficient counts} */
    public boolean isDice() {
        return dice;
    }

    /** A batch, sample by sample and label by label. */
    private static final class Batch {
        final int samples;
        final int labels;

        /** Positions of a sample. */
        final int positions;

        final double[] wanted;
        final double[] before;
        final long known;

        Batch(INDArray wanted, INDArray preOutput) {
            samples = (int) preOutput.size(0);
            labels = (int) preOutput.size(1);
            before = preOutput.dup('c').data().asDouble();
            positions = before.length / (samples * labels);
            this.wanted = wanted.dup('c').data().asDouble();
            long count = 0;
            for (double value : this.wanted) {
                count += value >= 0 ? 1 : 0;
            }
            known = count;
        }

        int label(int element) {
            return element / positions % labels;
        }
    }

    /** Losses of the samples, whose sum is N times the loss, and slopes of that sum where wanted. */
    @Override
    protected double[] losses(INDArray labels, INDArray preOutput, double @Nullable [] slopes) {
        Batch batch = new Batch(labels, preOutput);
        double[] losses = new double[batch.samples];
        if (crossEntropy) {
            addCrossEntropy(batch, losses, slopes);
        }
        if (dice) {
            addDice(batch, losses, slopes);
        }
        return losses;
    }

    private static void addCrossEntropy(Batch batch, double[] losses, double @Nullable [] slopes) {
        double weight = (double) batch.samples / Math.max(1, batch.known);
        int length = batch.labels * batch.positions;
        for (int i = 0; i < batch.wanted.length; i++) {
            double y = batch.wanted[i];
            if (y >= 0) {
                double z = batch.before[i];
                losses[i / length] += weight * (Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))));
                if (slopes != null) {
                    slopes[i] += weight * (probability(z) - y);
                }
            }
        }
    }

    private static void addDice(Batch batch, double[] losses, double @Nullable [] slopes) {
        double[] overlap = new double[batch.labels];
        double[] whole = new double[batch.labels];
        for (int i = 0; i < batch.wanted.length; i++) {
            double y = batch.wanted[i];
            if (y >= 0) {
                double p = probability(batch.before[i]);
                overlap[batch.label(i)] += p * y;
                whole[batch.label(i)] += p + y;
            }
        }
        double loss = 1;
        for (int k = 0; k < batch.labels; k++) {
            loss -= (2 * overlap[k] + SMOOTH) / (whole[k] + SMOOTH) / batch.labels;
        }
        for (int n = 0; n < losses.length; n++) {
            losses[n] += loss;
        }
        double weight = (double) batch.samples / batch.labels;
        for (int i = 0; slopes != null && i < slopes.length; i++) {
            double y = batch.wanted[i];
            if (y >= 0) {
                int k = batch.label(i);
                double p = probability(batch.before[i]);
                double all = whole[k] + SMOOTH;
                slopes[i] -= weight * p * (1 - p) * (2 * y * all - 2 * overlap[k] - SMOOTH) / (all * all);
            }
        }
    }

    private static double probability(double before) {
        return 1 / (1 + Math.exp(-before));
    }

    @Override
    protected INDArray output(INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        ArgumentException.require(
                activation instanceof ActivationSigmoid,
                "activation",
                activation + " does not go with labels that may apply at once",
                "use sigmoid");
        ArgumentException.require(mask == null, "mask", "not supported", "set the labels of masked positions to -1");
        return preOutput; // the sigmoid is in the losses, and in their slopes
    }

    @Override
    protected INDArray gradient(INDArray preOutput, IActivation activation, INDArray slopes) {
        return slopes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MultiLabelLoss that && crossEntropy == that.crossEntropy && dice == that.dice;
    }

    @Override
    public int hashCode() {
        return 2 * Boolean.hashCode(crossEntropy) + Boolean.hashCode(dice);
    }
}
