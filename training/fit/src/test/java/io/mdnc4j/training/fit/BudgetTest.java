package io.mdnc4j.training.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BudgetTest {
    @Test
    void stepsAndEpochsCountSteps() {
        assertEquals(Budget.steps(60), Budget.epochs(3, 20));
        assertEquals(0.25, Budget.steps(60).fraction(15, 1e9));
        assertTrue(Budget.steps(60).allows(59, 1e9, 1e9));
        assertFalse(Budget.steps(60).allows(60, 0, 0));
    }

    @Test
    void minutesCountWhatTheNextStepNeeds() {
        Budget minute = Budget.minutes(1);
        assertEquals(0.5, minute.fraction(1_000_000, 30));
        assertTrue(minute.allows(1_000_000, 57, 3));
        assertFalse(minute.allows(0, 57, 3.1));
        assertEquals(1, minute.fraction(0, 61));
    }

    @Test
    void nothingIsNoBudget() {
        assertThrows(IllegalArgumentException.class, () -> Budget.steps(0));
        assertThrows(IllegalArgumentException.class, () -> Budget.epochs(-1, 20));
        assertThrows(IllegalArgumentException.class, () -> Budget.minutes(Double.NaN));
    }

    @Test
    void rateWarmsUpAndFallsToNearlyZero() {
        LearningRate rate = new LearningRate(0.1);
        assertEquals(1e-4, rate.at(0), 1e-12);
        assertEquals(0.05, rate.at(LearningRate.WARM_UP / 2), 1e-12);
        assertEquals(0.1, rate.at(LearningRate.WARM_UP), 1e-12);
        assertEquals(0.05, rate.at((1 + LearningRate.WARM_UP) / 2), 1e-12);
        assertEquals(1e-4, rate.at(1), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> new LearningRate(0));
    }

    @Test
    void slowFirstStepsAreForgotten() {
        StepClock clock = new StepClock(2);
        assertEquals(0, clock.needed());
        clock.addStep(10);
        assertEquals(20, clock.needed());
        clock.addStep(5);
        clock.addStep(1);
        clock.addStep(2);
        assertEquals(4, clock.needed());
        clock.addValidation(0.5);
        assertEquals(2.5, clock.needed());
    }
}
