package io.mdnc4j.training.loss;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
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
    MSE(LossMSE::new, () -> new KnownValuesLoss(false), false),
    /** Mean absolute error, {@code |y - t|}. */
    MAE(LossMAE::new, () -> new KnownValuesLoss(true), false),
    /** 1 less the structural similarity, with the range of each sample's labels: {@link SsimLoss}. */
    SSIM(SsimLoss::new, false),
    /** Mean cross entropy, {@code -log p} with the probability {@code p} of the true class. */
    CROSS_ENTROPY(LossMCXENT::new, true),
    /** Cross entropy that looks at what is still wrong, {@code -(1 - p)^2 log p}: {@link FocalLoss}. */
    FOCAL(FocalLoss::new, true),
    /** 1 less the mean Dice coefficient of the classes after the first: {@link DiceLoss}. */
    DICE(DiceLoss::new, true),
    /** The sum of {@link #DICE} and {@link #CROSS_ENTROPY}: {@link DiceCrossEntropy}. */
    DICE_CE(DiceCrossEntropy::new, true);

    private static final Map<Task, Losses> USUAL = new EnumMap<>(Map.of(
            Task.DENOISING, MSE,
            Task.REGRESSION, MSE,
            Task.ESTIMATION, MSE,
            Task.CLASSIFICATION, CROSS_ENTROPY,
            Task.SEGMENTATION, DICE_CE));

    private final Supplier<ILossFunction> function;
    private final @Nullable Supplier<ILossFunction> ofKnown;
    private final boolean ofClasses;

    Losses(Supplier<ILossFunction> function, boolean ofClasses) {
        this(function, null, ofClasses);
    }

    Losses(Supplier<ILossFunction> function, @Nullable Supplier<ILossFunction> ofKnown, boolean ofClasses) {
        this.function = function;
        this.ofKnown = ofKnown;
        this.ofClasses = ofClasses;
    }

    /**
     * The loss for a task.
     *
     * @param task what a network is to answer
     * @param code its name; {@code null} for the usual one: mean squared error for values, cross entropy for classes of examples,
     *     with the Dice coefficient for classes of positions
     * @return the loss
     * @throws ArgumentException if there is none of that name, or it does not suit the task
     */
    public static Losses of(Task task, @Nullable String code) {
        Losses loss = code == null ? USUAL.get(task) : parse(code, task.hasClasses());
        ArgumentException.require(
                loss != SSIM || !task.perExample(),
                "loss",
                code + " is of images, not of numbers",
                "use " + MSE.code() + " or " + MAE.code());
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
