package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.fit.TrainingState;
import io.mdnc4j.training.task.SampleSizes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassesWarningTest {
    private static final List<Long> WINDOW = List.of(64L, 64L);

    /** What is said when each step takes that part of the budget, over a hundred windows' worth of data, ten a step. */
    private static List<String> notes(double part, int steps) {
        List<String> notes = new ArrayList<>();
        SampleSizes sizes = new SampleSizes(100 * 64 * 64, List.of(WINDOW), window -> null);
        PassesWarning warning = new PassesWarning(new TrainingObserver() {}, sizes, WINDOW, 10, notes::add);
        TrainingState state = TrainingState.START;
        for (int i = 1; i <= steps; i++) {
            state = state.afterStep(1, 1);
            warning.step(state, 1, i * part);
        }
        warning.epoch(new EpochResult(1, steps, steps, 1, 1, 1));
        return notes;
    }

    @Test
    void fewPassesAreSaidOnce() {
        List<String> few = notes(1 / 20.0, 20);
        assertEquals(1, few.size());
        assertTrue(few.get(0).startsWith("about 2.0 passes over the training part"), few.get(0));
        assertEquals(List.of(), notes(1 / 31.0, 31));
        assertEquals(1, notes(0.04, 1).size(), "ended by the validation that would follow");
    }
}
