package io.mdnc4j.training.loss;

import java.util.List;

/**
 * The loss of segmentation: mean cross entropy of the positions, plus {@link DiceLoss}, as in Isensee et al.,
 * arXiv:1904.08128. Labels are one-hot {@code [M, K]}, outputs softmax; positions whose labels are all 0 are unlabelled and count
 * in neither.
 */
public final class DiceCrossEntropy extends ClassLoss {
    @Override
    List<ClassLossTerm> terms() {
        return List.of(FocalTerm.CROSS_ENTROPY, new DiceTerm());
    }
}
