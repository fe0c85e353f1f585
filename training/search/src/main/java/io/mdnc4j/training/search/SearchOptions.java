package io.mdnc4j.training.search;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.fit.Budget;
import org.jspecify.annotations.Nullable;

/**
 * How to search.
 *
 * @param method how candidates are chosen
 * @param candidates how many; of successive halving, in its first rung
 * @param gridPoints values of each interval in a grid
 * @param budget what a candidate is trained for; {@code null} for an equal share of the time, but for a little that
 *     making networks takes; {@code budget()} never returns {@code null}
 * @param seconds when to end, in seconds of searching; may be infinite
 * @param workers candidates trained at a time
 * @param memoryMebibytes candidates whose training is estimated to take more are refused; may be infinite
 * @param seed of candidates and training data
 */
public record SearchOptions(
        SearchMethod method,
        int candidates,
        int gridPoints,
        @Nullable Budget budget,
        double seconds,
        int workers,
        double memoryMebibytes,
        long seed) {
    private static final double SHARED = 0.95;
    private static final double SECONDS = 60;

    /**
     * Checks that all are in range.
     *
     * @param method how candidates are chosen
     * @param candidates at least 1
     * @param gridPoints values of each interval, at least 2 for a grid; checked with the space, by {@link #requireFit}
     * @param budget more than 0 seconds and at least 1 step; {@code null} for 0.95 of the time of all workers, divided by the
     *     {@link SearchMethod#cost}
     * @param seconds more than 0; finite where no budget is given
     * @param workers at least 1, with {@link SearchMethod#CMAES} no more
     * @param memoryMebibytes more than 0, in MiB
     * @param seed any
     * @throws ArgumentException if one is out of range, naming it
     */
    public SearchOptions {
        require(candidates >= 1, "candidates", candidates, "at least 1");
        require(workers >= 1, "workers", workers, "at least 1");
        require(
                workers == 1 || method != SearchMethod.CMAES,
                "workers",
                workers,
                "1 with cmaes, which waits for each score");
        require(seconds > 0, "minutes", seconds / SECONDS, "more than 0");
        require(memoryMebibytes > 0, "memoryLimit", memoryMebibytes, "more than 0 MiB");
        require(
                budget == null || budget.seconds() > 0 && budget.steps() >= 1,
                "candidateSeconds",
                budget == null ? "" : budget.seconds(),
                "more than 0");
        if (budget == null) {
            budget = Budget.minutes(SHARED * seconds / SECONDS * workers / method.cost(candidates));
        }
    }

    /**
     * Refuses a search that cannot be made in that space.
     *
     * @param space what is to be searched
     * @throws ArgumentException if a grid would have too many combinations
     */
    public void requireFit(ZooSpace space) {
        generator(space);
    }

    SearchGenerator generator(ZooSpace space) {
        return new SearchGenerator(space, method, candidates, gridPoints, seed);
    }

    private static void require(boolean condition, String argument, Object value, String remedy) {
        ArgumentException.require(condition, argument, value, "use " + remedy);
    }
}
