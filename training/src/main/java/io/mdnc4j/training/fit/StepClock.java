package io.mdnc4j.training.fit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What steps and validations take. The next step is expected to take as long as the fastest of the last few: the first steps
 * of a process are several times slower and say little.
 */
final class StepClock {
    private static final int RECENT = 5;

    private final Deque<Double> recent = new ArrayDeque<>();
    private final double stepsAValidation;
    private double validation;

    /** @param stepsAValidation samples of the validation part as batches; scales the first guess */
    StepClock(double stepsAValidation) {
        this.stepsAValidation = stepsAValidation;
    }

    void addStep(double seconds) {
        recent.addLast(seconds);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    void addValidation(double seconds) {
        validation = validation == 0 ? seconds : Math.min(validation, seconds);
    }

    /** Expected seconds of a step and a validation; 0 before the first step. */
    double needed() {
        double step = recent.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        // before the first validation: a forward pass is at most half of a step
        double expected = validation > 0 ? validation : step * stepsAValidation / 2;
        return step + expected;
    }
}
