package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {
    private static final List<List<Long>> WINDOWS =
            List.of(List.of(256L, 200L), List.of(128L, 128L), List.of(64L, 64L));
    private static final double UNLIMITED = Double.POSITIVE_INFINITY;

    /** A second and a MiB for a hundred thousand elements. */
    private static final TrainingPlan.Costs COSTS = new TrainingPlan.Costs() {
        @Override
        public double mebibytes(List<Long> window, int batch) {
            return seconds(window, batch);
        }

        @Override
        public double seconds(List<Long> window, int batch) {
            return window.get(0) * window.get(1) * batch / 1e5;
        }
    };

    private static TrainingPlan plan(double mebibytes, double seconds) {
        return TrainingPlan.choose(WINDOWS, 8, false, COSTS, mebibytes, seconds);
    }

    @Test
    void theLargestWindowThatLeavesEnoughSteps() {
        assertEquals(new TrainingPlan(WINDOWS.get(0), 8, UNLIMITED), plan(UNLIMITED, UNLIMITED));
        assertEquals(WINDOWS.get(0), plan(UNLIMITED, 300 * 4.1).window());
        assertEquals(WINDOWS.get(1), plan(UNLIMITED, 300 * 4).window());
        assertEquals(WINDOWS.get(2), plan(UNLIMITED, 300 * 1.2).window());
        TrainingPlan few = plan(UNLIMITED, 300 * 0.1);
        assertEquals(WINDOWS.get(2), few.window());
        assertEquals(2, few.batch());
        assertEquals(4, plan(UNLIMITED, 300 * 0.2).batch());
    }

    @Test
    void noMoreThanMemoryHolds() {
        assertEquals(WINDOWS.get(1), plan(2, UNLIMITED).window());
        TrainingPlan small = plan(0.1, UNLIMITED);
        assertEquals(2, small.batch());
        assertEquals(1, plan(0.001, UNLIMITED).batch());
        TrainingPlan fixed = TrainingPlan.choose(WINDOWS, 8, true, COSTS, 0.001, 1);
        assertEquals(8, fixed.batch());
        assertEquals(WINDOWS.get(2), fixed.window());
    }

    @Property
    void moreTimeAndMemoryNeverMakeItSmaller(
            @ForAll @DoubleRange(min = 0.01, max = 10) double mebibytes,
            @ForAll @DoubleRange(min = 1, max = 5000) double seconds,
            @ForAll @IntRange(min = 1, max = 40) int batch) {
        TrainingPlan less = TrainingPlan.choose(WINDOWS, batch, false, COSTS, mebibytes, seconds);
        TrainingPlan more = TrainingPlan.choose(WINDOWS, batch, false, COSTS, 2 * mebibytes, 2 * seconds);
        assertTrue(COSTS.seconds(more.window(), more.batch()) >= COSTS.seconds(less.window(), less.batch()));
        assertTrue(less.batch() == 1 || COSTS.mebibytes(less.window(), less.batch()) <= mebibytes);
        assertEquals(seconds / COSTS.seconds(less.window(), less.batch()), less.steps(), 1e-9 * less.steps());
    }
}
