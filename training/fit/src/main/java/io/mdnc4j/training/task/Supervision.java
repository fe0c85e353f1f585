package io.mdnc4j.training.task;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.training.data.Augmentation;
import io.mdnc4j.training.data.Augmentation.Change;
import io.mdnc4j.training.data.BlindSpots;
import io.mdnc4j.training.data.Sampler;
import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.metrics.NoisyMeasures;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** What a network that takes out noise learns from. */
public enum Supervision implements Coded {
    /** Targets are what outputs should be. */
    CLEAN("", null, Set.of(), Losses::create, Measures::of),
    /**
     * Targets are as noisy as inputs, with noise of their own: the mean of what could be there is learned all the same;
     * Lehtinen et al., Noise2Noise, arXiv:1803.04189.
     */
    NOISY_TARGETS(
            "noisy: errors have the targets' own noise in them",
            null,
            Set.of(),
            Losses::create,
            (task, description) -> new NoisyMeasures()),
    /** There are inputs alone: {@link BlindSpots}. */
    BLIND_SPOTS(
            "none: errors are those at blind spots, whose values the network does not see, and have their noise in them",
            BlindSpots.USUAL,
            EnumSet.of(Change.SHIFT, Change.ROTATE, Change.SCALE, Change.SHEAR, Change.ELASTIC, Change.NOISE),
            Losses::createOfKnown,
            (task, description) -> new NoisyMeasures());

    private final String remark;
    private final @Nullable BlindSpots spots;
    private final Set<Change> spoiling;
    private final Function<Losses, ILossFunction> loss;
    private final BiFunction<Task, ModelDescription, Measures> measures;

    Supervision(
            String remark,
            @Nullable BlindSpots spots,
            Set<Change> spoiling,
            Function<Losses, ILossFunction> loss,
            BiFunction<Task, ModelDescription, Measures> measures) {
        this.remark = remark;
        this.spots = spots;
        this.spoiling = spoiling;
        this.loss = loss;
        this.measures = measures;
    }

    /** The name as an option: {@code clean}, {@code noisy-targets}, {@code blind-spots}. */
    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What should be known of errors that are measured so; empty where there is nothing. */
    String remark() {
        return remark;
    }

    /** Whether inputs are enough. */
    boolean ofInputsAlone() {
        return spots != null;
    }

    ILossFunction loss(Losses kind) {
        return loss.apply(kind);
    }

    Measures measures(Task task, ModelDescription description) {
        return measures.apply(task, description);
    }

    /** Samples to learn from. */
    Sampler learned(Sampler samples) {
        return spots == null ? samples : spots.in(samples);
    }

    /**
     * Examples to choose the best network with.
     *
     * @param positions of all examples together, about
     */
    Examples validated(Examples examples, double positions) {
        return spots == null ? examples : spots.in(examples, positions);
    }

    /** Examples to measure networks with, each once: intervals are over them. */
    Examples tested(Examples examples) {
        return validated(examples, Double.POSITIVE_INFINITY);
    }

    /** Refuses changes after which a position's noise is no longer its own, or is in the target as well. */
    void requireKeptApart(Augmentation augment) {
        String spoils = augment.changes().stream()
                .filter(spoiling::contains)
                .map(Coded::code)
                .sorted()
                .collect(Collectors.joining(","));
        ArgumentException.require(
                spoils.isEmpty(),
                "augment",
                spoils + ", but with " + code() + " noise must stay independent from position to position",
                "use flip or gain");
    }
}
