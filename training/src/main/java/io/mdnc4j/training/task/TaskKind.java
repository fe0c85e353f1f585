package io.mdnc4j.training.task;

import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.metrics.ClassMeasures;
import io.mdnc4j.training.metrics.ImageMeasures;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.metrics.SurfaceMeasures;
import io.mdnc4j.training.metrics.ValueMeasures;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What kind of answer is wanted, and so what a network's output means, what is lost and what is measured. */
public enum TaskKind {
    /** The values of a noisy input without the noise. */
    DENOISING(Task.REGRESSION, Losses.MSE, description -> new ValueMeasures().and(new ImageMeasures())),
    /** Values at each position. */
    REGRESSION(Task.REGRESSION, Losses.MSE, description -> new ValueMeasures().and(new ImageMeasures())),
    /** A class of the whole input. */
    CLASSIFICATION(
            Task.CLASSIFICATION, Losses.CROSS_ENTROPY, description -> new ClassMeasures(description.classes(), false)),
    /** A class at each position; -1 where none is known. */
    SEGMENTATION(
            Task.CLASSIFICATION,
            Losses.DICE_CE,
            description -> new ClassMeasures(description.classes(), true)
                    .and(new SurfaceMeasures(description.classes().size(), description.spacing())));

    private final Task output;
    private final Losses loss;
    private final Function<ModelDescription, Measures> measures;

    TaskKind(Task output, Losses loss, Function<ModelDescription, Measures> measures) {
        this.output = output;
        this.loss = loss;
        this.measures = measures;
    }

    /** The kind's name in model descriptions: {@code denoising}, {@code classification} ... */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The kind of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static TaskKind parse(String code) {
        return Arrays.stream(values())
                .filter(kind -> kind.code().equalsIgnoreCase(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("task: \"" + code + "\" is not known; use one of "
                        + Arrays.stream(values()).map(TaskKind::code).collect(Collectors.joining(", "))));
    }

    /** Whether targets are classes. */
    public boolean hasClasses() {
        return output == Task.CLASSIFICATION;
    }

    /** Whether there is one answer for the whole input. */
    public boolean ofWhole() {
        return this == CLASSIFICATION;
    }

    /** What decides a network's output activation. */
    public Task output() {
        return output;
    }

    /**
     * The loss of that name.
     *
     * @param code {@code null} for the usual one
     * @throws IllegalArgumentException if there is none, or it does not suit this kind
     */
    public Losses loss(String code) {
        return code == null ? loss : Losses.parse(code, hasClasses());
    }

    /**
     * What is measured.
     *
     * @param description names the classes and the spacing, where there are such
     */
    public Measures measures(ModelDescription description) {
        return measures.apply(description);
    }
}
