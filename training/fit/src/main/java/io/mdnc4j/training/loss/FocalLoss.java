package io.mdnc4j.training.loss;

import java.util.List;

/**
 * Cross entropy that looks at what is still wrong: mean over the positions of {@code -(1 - p)^gamma log p}, with the probability
 * {@code p} of the true class; Lin et al., arXiv:1708.02002, without their weights of classes. Labels are one-hot
 * {@code [M, K]}, outputs softmax; positions whose labels are all 0 are unlabelled and do not count.
 */
public final class FocalLoss extends ClassLoss {
    /** What Lin et al. found best. */
    public static final double GAMMA = 2;

    private double gamma;

    /** With {@code gamma} = {@value #GAMMA}. */
    public FocalLoss() {
        this(GAMMA);
    }

    /**
     * @param gamma 0 for plain cross entropy; the larger, the less well classified positions count
     * @throws IllegalArgumentException if it is negative or infinite
     */
    public FocalLoss(double gamma) {
        if (!(gamma >= 0) || Double.isInfinite(gamma)) {
            throw new IllegalArgumentException("gamma: " + gamma + " cannot be; give 0 or more, such as 2");
        }
        this.gamma = gamma;
    }

    /** How little well classified positions count. */
    public double getGamma() {
        return gamma;
    }

    @Override
    List<ClassLossTerm> terms() {
        return List.of(new FocalTerm(gamma));
    }
}
