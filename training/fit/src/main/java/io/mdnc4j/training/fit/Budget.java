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
     * That many steps.
     *
     * @param steps how many, at least 1
     * @return a budget without a limit of time
     * @throws ArgumentException if it is less than 1
     */
    public static Budget steps(long steps) {
        return new Budget(positive("steps", steps), Double.POSITIVE_INFINITY);
    }

    /**
     * That many epochs.
     *
     * @param epochs how many, at least 1
     * @param stepsPerEpoch steps of each, as {@link FitConfiguration#stepsOf} counts them
     * @return a budget of their steps, without a limit of time
     * @throws ArgumentException if it is less than 1
     */
    public static Budget epochs(long epochs, int stepsPerEpoch) {
        return new Budget(positive("epochs", epochs) * stepsPerEpoch, Double.POSITIVE_INFINITY);
    }

    /**
     * That many minutes of fitting and validating; starting, loading and saving do not count.
     *
     * @param minutes how many, more than 0 and finite
     * @return a budget without a limit of steps
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

    /**
     * The part used up: of the steps or of the time, whichever is larger.
     *
     * @param stepsDone steps done
     * @param secondsUsed seconds of fitting and validating
     * @return 0 to 1
     */
    public double fraction(long stepsDone, double secondsUsed) {
        return Math.min(1, Math.max(stepsDone / steps, secondsUsed / seconds));
    }

    /**
     * Whether another step fits.
     *
     * @param stepsDone steps done
     * @param secondsUsed seconds of fitting and validating
     * @param needed seconds the step and the validation after it are expected to take
     * @return whether both limits allow it
     */
    public boolean allows(long stepsDone, double secondsUsed, double needed) {
        return stepsDone < steps && secondsUsed + needed <= seconds;
    }
}
