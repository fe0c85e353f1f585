package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelDescription.Output;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AnswerScaleTest {
    private static final int CHANNELS = 3;
    private static final int LENGTH = 40;

    private static ModelDescription description(Normalization normalization, Output output) {
        return new ModelDescription(null, null, null, normalization, null, null, null, null, Map.of())
                .withOutput(output);
    }

    /** Channels of levels far apart, as of a colour image. */
    private static float[] window(long seed) {
        Random random = new Random(seed);
        float[] values = new float[CHANNELS * LENGTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (100 * (i / LENGTH) + (1 + 5 * (i / LENGTH)) * random.nextGaussian());
        }
        return values;
    }

    static Stream<Arguments> kinds() {
        return Stream.of(Normalization.By.values())
                .flatMap(by -> Stream.of(true, false)
                        .flatMap(restored -> Stream.of(Output.PLAIN, Output.RESIDUAL)
                                .map(output -> Arguments.of(by, restored, output))));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void decodingUndoesEncoding(Normalization.By by, boolean restored, Output output) {
        boolean set = by == Normalization.By.SET;
        Normalization how = new Normalization(
                by, set ? List.of(1.0, 90.0, 210.0) : List.of(), set ? List.of(2.0, 7.0, 12.0) : List.of(), restored);
        float[] input = window(1);
        float[] target = window(2);
        Standardization levels = Standardization.of(how, input, CHANNELS);
        levels.apply(input);
        AnswerScale scale = AnswerScale.of(description(how, output), levels, input);
        float[] values = target.clone();
        scale.encode(values);
        scale.decode(values, CHANNELS);
        assertArrayEquals(target, values, 1e-3f);
    }

    /** A network that takes no noise away changes no colour, and one that errs by little changes each by little. */
    @Test
    void residualAnswersKeepTheLevelsOfChannels() {
        Normalization how = new Normalization(Normalization.By.CHANNEL, List.of(), List.of(), true);
        float[] input = window(3);
        float[] seen = input.clone();
        Standardization levels = Standardization.of(how, seen, CHANNELS);
        levels.apply(seen);
        for (int c = 0; c < CHANNELS; c++) {
            double mean = 0;
            double square = 0;
            for (int i = c * LENGTH; i < (c + 1) * LENGTH; i++) {
                mean += seen[i] / LENGTH;
                square += seen[i] * seen[i] / LENGTH;
            }
            assertEquals(0, mean, 1e-5);
            assertEquals(1, square, 1e-5);
        }
        float[] nothing = new float[input.length];
        AnswerScale.of(description(how, Output.RESIDUAL), levels, seen).decode(nothing, CHANNELS);
        assertArrayEquals(input, nothing, 1e-4f);
    }

    @Test
    void numbersHaveTheirOwnScale() {
        Output output = new Output(false, List.of("age", "height"), List.of(40.0, 170.0), List.of(10.0, 8.0));
        Normalization how = new Normalization(Normalization.By.SAMPLE, List.of(), List.of(), true);
        Standardization levels = Standardization.of(how, window(4), 1);
        AnswerScale scale = AnswerScale.of(description(how, output), levels);
        float[] numbers = {50, 166};
        scale.encode(numbers);
        assertArrayEquals(new double[] {1, -0.5}, doubles(numbers), 1e-6);
        scale.decode(numbers, 2);
        assertArrayEquals(new double[] {50, 166}, doubles(numbers), 1e-4);
        assertThrows(ArgumentException.class, () -> scale.decode(new float[3], 3));
    }

    @Test
    void answersThatCannotBeAddedAreRefused() {
        AnswerScale scale = AnswerScale.of(
                description(Normalization.NONE, Output.RESIDUAL),
                Standardization.of(Normalization.NONE, new float[4], 1),
                new float[4]);
        assertThrows(ArgumentException.class, () -> scale.decode(new float[8], 2));
    }

    private static double[] doubles(float... values) {
        double[] copy = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }
}
