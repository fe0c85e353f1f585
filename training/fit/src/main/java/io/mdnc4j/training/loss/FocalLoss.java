package io.mdnc4j.training.loss;

import io.mdnc4j.blocks.ArgumentException;
import java.util.List;

/**
 * Cross entropy that looks at what is still wrong: mean over the positions of {@code -(1 - p)^gamma log p}, with the probability
 * {@code p} of the true class; Lin et al., arXiv:1708.02002, without their weights of classes. Labels are one-hot
 * {@code [M, K]}, outputs softmax; positions whose labels are all 0 are unlabelled and do not count.
 */
public final class FocalLoss extends ClassLoss {
    /** What Lin et al. found best. */
    public static final double GAMMA = 2;

    /** Exponent of {@code 1 - p}, 0 or more. */
    private double gamma;

    /** With {@code gamma} = {@value #GAMMA}. */
    public FocalLoss() {
        this(GAMMA);
    }

    /**
     * With another exponent.
     *
     * @param gamma 0 for plain cross entropy; the larger, the less well classified positions count
     * @throws ArgumentException if it is negative or infinite
     */
    public FocalLoss(double gamma) {
        ArgumentException.require(
                gamma >= 0 && Double.isFinite(gamma), "gamma", gamma, "give 0 or more, and finite, such as 2");
        this.gamma = gamma;
    }

    /** {@return the exponent of {@code 1 - p}: the larger, the less well classified positions count} */
    public double getGamma() {
        return gamma;
    }

    @Override
    List<ClassLossTerm> terms() {
        return List.of(new FocalTerm(gamma));
    }
}
