package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelDescription.Output;
import org.jspecify.annotations.Nullable;

/**
 * Brings what a network answers to one window to the units of the data, and a target to what the network is to answer; each
 * undoes the other. Answers at positions may be differences from the network's input, and may be in its normalised values
 * ({@link Normalization#restored()}); numbers of whole examples may be standardised by those of the training set.
 */
public final class AnswerScale {
    private final @Nullable Standardization numbers;
    private final float[] added;

    private AnswerScale(@Nullable Standardization numbers, float... added) {
        this.numbers = numbers;
        this.added = added;
    }

    /**
     * The scale of the answer to one window.
     *
     * @param description of the network, which answers with values, not classes
     * @param levels what was taken out of the window
     * @param window the window as the network sees it, {@code [C, size...]}; not copied
     * @return the scale
     */
    public static AnswerScale of(ModelDescription description, Standardization levels, float... window) {
        Output output = description.output();
        if (!output.mean().isEmpty()) {
            Normalization ofSet = new Normalization(Normalization.By.SET, output.mean(), output.deviation(), true);
            return new AnswerScale(
                    Standardization.of(ofSet, window, output.mean().size()));
        }
        return new AnswerScale(
                description.normalization().restored() ? levels : null, output.residual() ? window : new float[0]);
    }

    /**
     * Makes of a target what the network is to answer, in place.
     *
     * @param target values {@code [C', size...]} or {@code [K]}
     */
    public void encode(float... target) {
        if (numbers != null) {
            numbers.apply(target);
        }
        add(-1, target);
    }

    /**
     * Undoes {@link #encode} in place.
     *
     * @param answer of the network, {@code [C', size...]} or {@code [K]}
     * @param channels {@code C'} or {@code K}
     * @throws ArgumentException if it has not the channels that the description speaks of
     */
    public void decode(float[] answer, long channels) {
        add(1, answer);
        if (numbers != null) {
            numbers.requireRestorable(channels);
            numbers.restore(answer);
        }
    }

    private void add(float sign, float... values) {
        ArgumentException.require(
                added.length == 0 || added.length == values.length,
                "description",
                "residual, but an output has " + values.length + " values and its input " + added.length,
                "use a network whose outputs have the shape of its inputs");
        for (int i = 0; i < added.length; i++) {
            values[i] += sign * added[i];
        }
    }
}
