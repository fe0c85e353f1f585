package io.mdnc4j.training.fit;

import io.mdnc4j.blocks.ArgumentException;

/**
 * How much training is done: a number of steps, or a time. The unused limit is infinite.
 *
 * @param steps largest number of steps
 * @param seconds largest time of fitting and validating, in seconds
 */
public record Budget(double steps, double seconds) {
    private static final double SECONDS_A_MINUTE = 60;

    /**
     * That many steps, a batch each.
     *
     * @throws ArgumentException if it is less than 1
     */
    public static Budget steps(long steps) {
        return new Budget(positive("steps", steps), Double.POSITIVE_INFINITY);
    }

    /**
     * That many epochs.
     *
     * @throws ArgumentException if it is less than 1
     */
    public static Budget epochs(long epochs, int stepsPerEpoch) {
        return new Budget(positive("epochs", epochs) * stepsPerEpoch, Double.POSITIVE_INFINITY);
    }

    /**
     * That many minutes of fitting and validating; starting, loading and saving do not count.
     *
     * @throws ArgumentException if it is not positive and finite
     */
    public static Budget minutes(double minutes) {
        return new Budget(Double.POSITIVE_INFINITY, positive("minutes", minutes) * SECONDS_A_MINUTE);
    }

    private static double positive(String name, double value) {
        ArgumentException.require(
                value > 0 && Double.isFinite(value),
                name,
                value % 1 == 0 ? String.valueOf((long) value) : String.valueOf(value),
                "give more than 0, and finite");
        return value;
    }

    /** The part used up, from 0 to 1. */
    public double fraction(long stepsDone, double secondsUsed) {
        return Math.min(1, Math.max(stepsDone / steps, secondsUsed / seconds));
    }

    /**
     * Whether another step fits.
     *
     * @param needed seconds the step and the validation after it are expected to take
     */
    public boolean allows(long stepsDone, double secondsUsed, double needed) {
        return stepsDone < steps && secondsUsed + needed <= seconds;
    }
}
