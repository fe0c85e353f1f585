package io.mdnc4j.training.fit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What steps and validations take. The next step is expected to take as long as the slowest of the last few; the first steps
 * of a process do not count among them, for they are several times slower, unless there are no others.
 */
final class StepClock {
    private static final int RECENT = 5;
    private static final int WARM_UP = 2;

    private final Deque<Double> recent = new ArrayDeque<>();
    private final double stepsAValidation;
    private double validation;
    private double warmUp;
    private int steps;

    /** @param stepsAValidation batches of the validation part; scales the first guess */
    StepClock(double stepsAValidation) {
        this.stepsAValidation = stepsAValidation;
    }

    void addStep(double seconds) {
        steps++;
        if (steps <= WARM_UP) {
            // of the slow ones the last says most
            warmUp = seconds;
            return;
        }
        recent.addLast(seconds);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    void addValidation(double seconds) {
        validation = seconds;
    }

    /** Expected seconds of a step and a validation; 0 before the first step. */
    double needed() {
        double step = recent.stream().mapToDouble(Double::doubleValue).max().orElse(warmUp);
        // before the first validation: a forward pass is at most half of a step
        double expected = validation > 0 ? validation : step * stepsAValidation / 2;
        return step + expected;
    }
}
