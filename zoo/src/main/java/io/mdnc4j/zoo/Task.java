package io.mdnc4j.zoo;

import java.util.function.Supplier;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What a network is trained for: its loss and output activation unless others are set. */
public enum Task {
    /** Values: mean squared error over all elements, output as it is. */
    REGRESSION(LossMSE::new, ActivationIdentity::new),
    /** Classes, of each position or of the whole: cross entropy, softmax over channels; labels are one-hot. */
    CLASSIFICATION(LossMCXENT::new, ActivationSoftmax::new);

    private final Supplier<ILossFunction> loss;
    private final Supplier<IActivation> activation;

    Task(Supplier<ILossFunction> loss, Supplier<IActivation> activation) {
        this.loss = loss;
        this.activation = activation;
    }

    ILossFunction loss() {
        return loss.get();
    }

    IActivation activation() {
        return activation.get();
    }
}
