package io.mdnc4j.zoo;

import io.mdnc4j.blocks.Coded;
import java.util.Locale;
import java.util.function.Supplier;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What a network is for: what its output means, and its loss and output activation unless others are set. */
public enum Task implements Coded {
    /** The values of a noisy input without the noise: mean squared error, output as it is. */
    DENOISING(LossMSE::new, ActivationIdentity::new, false, false),
    /** Values at each position: mean squared error over all elements, output as it is. */
    REGRESSION(LossMSE::new, ActivationIdentity::new, false, false),
    /** Numbers of each example: mean squared error over {@code [N, K]}, output as it is. */
    ESTIMATION(LossMSE::new, ActivationIdentity::new, false, true),
    /** A class of each example: cross entropy, softmax over {@code [N, K]}. */
    CLASSIFICATION(LossMCXENT::new, ActivationSoftmax::new, true, true),
    /** A class at each position, -1 where none is known: cross entropy, softmax over channels {@code [N, K, size...]}. */
    SEGMENTATION(LossMCXENT::new, ActivationSoftmax::new, true, false);

    private final Supplier<ILossFunction> loss;
    private final Supplier<IActivation> activation;
    private final boolean hasClasses;
    private final boolean perExample;

    Task(Supplier<ILossFunction> loss, Supplier<IActivation> activation, boolean hasClasses, boolean perExample) {
        this.loss = loss;
        this.activation = activation;
        this.hasClasses = hasClasses;
        this.perExample = perExample;
    }

    /**
     * {@return the task of that name, in any case}
     *
     * @param code the name
     * @throws io.mdnc4j.blocks.ArgumentException if there is none
     */
    public static Task parse(String code) {
        return Coded.parse(Task.class, "task", code);
    }

    /** The task's name in model descriptions and options: {@code denoising}, {@code classification} ... */
    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return whether the output is probabilities of classes, not values}
     */
    public boolean hasClasses() {
        return hasClasses;
    }

    /**
     * {@return whether there is one answer for an example, not one for each of its positions}
     */
    public boolean perExample() {
        return perExample;
    }

    ILossFunction loss() {
        return loss.get();
    }

    IActivation activation() {
        return activation.get();
    }
}
