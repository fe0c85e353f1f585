package io.mdnc4j.training.loss;

import java.util.List;

/**
 * 1 less the mean Dice coefficient of the classes after the first, the background. Coefficients are of the whole batch,
 * {@code (2 sum p y + 1) / (sum p + sum y + 1)}; Milletari et al., arXiv:1606.04797, without their squares. Labels are one-hot
 * {@code [M, K]}, outputs softmax; positions whose labels are all 0 are unlabelled and do not count.
 */
public final class DiceLoss extends ClassLoss {
    @Override
    List<ClassLossTerm> terms() {
        return List.of(new DiceTerm());
    }
}
