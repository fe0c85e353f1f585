package io.mdnc4j.training.task;

import io.mdnc4j.training.loss.DiceCrossEntropy;
import io.mdnc4j.training.metrics.ClassMeasures;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.metrics.ValueMeasures;
import io.mdnc4j.zoo.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What kind of answer is wanted, and so what a network's output means, what is lost and what is measured. */
public enum TaskKind {
    /** The values of a noisy input without the noise. */
    DENOISING(Task.REGRESSION, LossMSE::new, classes -> new ValueMeasures()),
    /** Values at each position. */
    REGRESSION(Task.REGRESSION, LossMSE::new, classes -> new ValueMeasures()),
    /** A class of the whole input. */
    CLASSIFICATION(Task.CLASSIFICATION, LossMCXENT::new, classes -> new ClassMeasures(classes, false)),
    /** A class at each position; -1 where none is known. */
    SEGMENTATION(Task.CLASSIFICATION, DiceCrossEntropy::new, classes -> new ClassMeasures(classes, true));

    private final Task output;
    private final Supplier<ILossFunction> loss;
    private final Function<List<String>, Measures> measures;

    TaskKind(Task output, Supplier<ILossFunction> loss, Function<List<String>, Measures> measures) {
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

    /** The loss unless another is set. */
    public ILossFunction loss() {
        return loss.get();
    }

    /**
     * What is measured.
     *
     * @param classes names of the classes, empty where there are none
     */
    public Measures measures(List<String> classes) {
        return measures.apply(classes);
    }
}
