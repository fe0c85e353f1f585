package io.mdnc4j.zoo;

import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.conf.MultiLabelLoss;
import java.util.Locale;
import java.util.function.Supplier;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What a network is for: what its output means, and its loss and output activation unless others are set. */
public enum Task implements Coded {
    /** The values of a noisy input without the noise: mean squared error, output as it is. */
    DENOISING(LossMSE::new, ActivationIdentity::new, Answer.VALUES, false),
    /** Values at each position: mean squared error over all elements, output as it is. */
    REGRESSION(LossMSE::new, ActivationIdentity::new, Answer.VALUES, false),
    /** Numbers of each example: mean squared error over {@code [N, K]}, output as it is. */
    ESTIMATION(LossMSE::new, ActivationIdentity::new, Answer.VALUES, true),
    /** A class of each example: cross entropy, softmax over {@code [N, K]}. */
    CLASSIFICATION(LossMCXENT::new, ActivationSoftmax::new, Answer.CLASS, true),
    /** A class at each position, -1 where none is known: cross entropy, softmax over channels {@code [N, K, size...]}. */
    SEGMENTATION(LossMCXENT::new, ActivationSoftmax::new, Answer.CLASS, false),
    /**
     * Any number of labels of each example, each there (1) or not (0), -1 where that is not known: binary cross entropy,
     * sigmoid over {@code [N, K]}.
     */
    MULTI_LABEL_CLASSIFICATION(MultiLabelLoss::new, ActivationSigmoid::new, Answer.LABELS, true),
    /** Any number of labels at each position, so that structures may overlap: the same over {@code [N, K, size...]}. */
    MULTI_LABEL_SEGMENTATION(MultiLabelLoss::new, ActivationSigmoid::new, Answer.LABELS, false);

    /** What an output says. */
    private enum Answer {
        VALUES,
        CLASS,
        LABELS
    }

    private final Supplier<ILossFunction> loss;
    private final Supplier<IActivation> activation;
    private final Answer answer;
    private final boolean perExample;

    Task(Supplier<ILossFunction> loss, Supplier<IActivation> activation, Answer answer, boolean perExample) {
        this.loss = loss;
        this.activation = activation;
        this.answer = answer;
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

    /** The task's name in model descriptions and options: {@code denoising}, {@code multi-label-segmentation} ... */
    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * {@return whether the output is probabilities of classes or labels, not values}
     */
    public boolean hasClasses() {
        return answer != Answer.VALUES;
    }

    /**
     * {@return whether several classes may apply at once, or none: the probability of each is one of its own, and a target says of
     *     each whether it is there} They are called labels then.
     */
    public boolean isMultiLabel() {
        return answer == Answer.LABELS;
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
