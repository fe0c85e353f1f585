package io.mdnc4j.training.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    @ParameterizedTest
    @CsvSource({
        "constant, 1, 1, 1",
        "cosine, 1, 0.5, 0",
        "step, 1, 0.1, 0.01",
        "poly, 1, 0.5359, 0",
        "one-cycle, 0.04, 0.8117, 0"
    })
    void ratesAtStartMiddleAndEnd(String name, double start, double middle, double end) {
        Schedule schedule = Schedule.parse(name);
        assertEquals(start, schedule.at(0), 1e-4);
        assertEquals(middle, schedule.at(0.5), 1e-4);
        assertEquals(end, schedule.at(1), 1e-4);
    }

    @ParameterizedTest
    @EnumSource
    void warmUpRisesToTheSchedule(Schedule schedule) {
        LearningRate rate = new LearningRate(2, schedule, 0.2);
        assertEquals(1, rate.at(0.1), 1e-9);
        assertEquals(2 * schedule.at(0), rate.at(0.2), 1e-9);
        assertTrue(rate.at(1) > 0, "a rate of zero wastes a step");
    }

    @Test
    void unknownNamesListTheKnown() {
        String message = assertThrows(IllegalArgumentException.class, () -> Schedule.parse("cosin"))
                .getMessage();
        assertTrue(message.contains("one-cycle"), message);
        message = assertThrows(IllegalArgumentException.class, () -> Updaters.parse("adan"))
                .getMessage();
        assertTrue(message.contains("adamw"), message);
    }
}
