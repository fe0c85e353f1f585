package io.mdnc4j.training.loss;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.conf.MultiLabelLoss;
import io.mdnc4j.zoo.Task;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The losses by name. */
public enum Losses implements Coded {
    /** Mean squared error, {@code (y - t)^2}. */
    MSE(LossMSE::new, () -> new KnownValuesLoss(false), null, false),
    /** Mean absolute error, {@code |y - t|}. */
    MAE(LossMAE::new, () -> new KnownValuesLoss(true), null, false),
    /** 1 less the structural similarity, with the range of each sample's labels: {@link SsimLoss}. */
    SSIM(SsimLoss::new, null, null, false),
    /**
     * Mean cross entropy, {@code -log p} with the probability {@code p} of the true class; of several labels at once binary
     * cross entropy, {@link MultiLabelLoss}.
     */
    CROSS_ENTROPY(LossMCXENT::new, null, () -> new MultiLabelLoss(true, false), true),
    /** Cross entropy that looks at what is still wrong, {@code -(1 - p)^2 log p}: {@link FocalLoss}. */
    FOCAL(FocalLoss::new, null, null, true),
    /** 1 less the mean Dice coefficient of the classes after the first: {@link DiceLoss}; of several labels at once, of all. */
    DICE(DiceLoss::new, null, () -> new MultiLabelLoss(false, true), true),
    /** The sum of {@link #DICE} and {@link #CROSS_ENTROPY}: {@link DiceCrossEntropy}. */
    DICE_CE(DiceCrossEntropy::new, null, () -> new MultiLabelLoss(true, true), true);

    private static final Map<Task, Losses> USUAL = new EnumMap<>(Map.of(
            Task.DENOISING, MSE,
            Task.REGRESSION, MSE,
            Task.ESTIMATION, MSE,
            Task.CLASSIFICATION, CROSS_ENTROPY,
            Task.SEGMENTATION, DICE_CE,
            Task.MULTI_LABEL_CLASSIFICATION, CROSS_ENTROPY,
            Task.MULTI_LABEL_SEGMENTATION, DICE_CE));

    private final Supplier<ILossFunction> function;
    private final @Nullable Supplier<ILossFunction> ofKnown;
    private final @Nullable Supplier<ILossFunction> ofLabels;
    private final boolean ofClasses;

    Losses(
            Supplier<ILossFunction> function,
            @Nullable Supplier<ILossFunction> ofKnown,
            @Nullable Supplier<ILossFunction> ofLabels,
            boolean ofClasses) {
        this.function = function;
        this.ofKnown = ofKnown;
        this.ofLabels = ofLabels;
        this.ofClasses = ofClasses;
    }

    /**
     * The loss for a task.
     *
     * @param task what a network is to answer
     * @param code its name; {@code null} for the usual one: mean squared error for values, cross entropy for classes or labels of
     *     examples, with the Dice coefficient for those of positions
     * @return the loss
     * @throws ArgumentException if there is none of that name, or it does not suit the task
     */
    public static Losses of(Task task, @Nullable String code) {
        Losses loss = code == null
                ? USUAL.get(task)
                : task.isMultiLabel() ? Coded.parse(Losses.class, "loss", code) : parse(code, task.hasClasses());
        ArgumentException.require(
                loss != SSIM || !task.perExample(),
                "loss",
                code + " is of images, not of numbers",
                "use " + MSE.code() + " or " + MAE.code());
        ArgumentException.require(
                loss.ofLabels != null || !task.isMultiLabel(),
                "loss",
                code + " is not of several labels at once, as which the targets are taken",
                "use " + CROSS_ENTROPY.code() + ", " + DICE.code() + " or " + DICE_CE.code() + ", or another task");
        return loss;
    }

    /** The name as an option: {@code dice-ce} ... */
    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return a new loss function with its default settings} */
    public ILossFunction create() {
        return function.get();
    }

    /**
     * The same of those labels that are not NaN.
     *
     * @return a new loss function, {@link KnownValuesLoss}
     * @throws ArgumentException if the loss is not one of single values
     */
    public ILossFunction createOfKnown() {
        ArgumentException.require(
                ofKnown != null,
                "loss",
                code() + " looks at more than single values, of which only some are known",
                "use " + MSE.code() + " or " + MAE.code());
        return ofKnown.get();
    }

    /**
     * The same of labels of which several may apply at once.
     *
     * @return a new loss function, {@link MultiLabelLoss}
     * @throws ArgumentException if there is none
     */
    public ILossFunction createOfLabels() {
        ArgumentException.require(
                ofLabels != null,
                "loss",
                code() + " is not one of several labels at once",
                "use " + CROSS_ENTROPY.code() + ", " + DICE.code() + " or " + DICE_CE.code());
        return ofLabels.get();
    }

    /**
     * The loss of that name.
     *
     * @param code its name, in any case
     * @param ofClasses whether the targets are classes, not values
     * @return the loss
     * @throws ArgumentException if there is none, or it is for other targets
     */
    public static Losses parse(String code, boolean ofClasses) {
        Losses loss = Coded.parse(Losses.class, "loss", code);
        ArgumentException.require(
                loss.ofClasses == ofClasses,
                "loss",
                code + " is not one of " + (ofClasses ? "classes" : "values"),
                "use "
                        + Arrays.stream(values())
                                .filter(other -> other.ofClasses == ofClasses)
                                .map(Losses::code)
                                .collect(Collectors.joining(", ")));
        return loss;
    }
}
