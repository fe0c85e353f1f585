package io.mdnc4j.training.search;

import org.jspecify.annotations.Nullable;

/**
 * Chooses points of the unit cube by what earlier ones scored. Not for several threads. The same seed and scores give the
 * same points.
 */
interface Strategy {
    /** The score of a candidate that failed. */
    double FAILED = Double.POSITIVE_INFINITY;

    /**
     * A point to try.
     *
     * @param values a number in [0, 1] for each dimension
     * @param budget part of the whole budget to train it for, above 0, at most 1
     */
    record Proposal(double[] values, double budget) {}

    /** {@return the next point to try; {@code null} if there is none, or none before further scores are reported} */
    @Nullable
    Proposal next();

    /** Whether it ends of its own accord, however many of its points have been met before. */
    default boolean ends() {
        return false;
    }

    /** The score of a point that was proposed: the lower the better, or {@link #FAILED}. */
    default void report(Proposal proposal, double score) {}
}
