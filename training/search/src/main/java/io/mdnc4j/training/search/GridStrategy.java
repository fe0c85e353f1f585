package io.mdnc4j.training.search;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Collection;
import java.util.Locale;
import org.apache.commons.math3.util.MathArrays;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;
import org.jspecify.annotations.Nullable;

/**
 * All combinations of evenly spaced values, in random order, so that a search that is ended early has seen the whole range.
 * Arbiter's own generator shuffles before it gets its seed, and never the same way.
 */
final class GridStrategy implements Strategy {
    /** More are never tried, and their order would fill the memory. */
    private static final long MAX_COMBINATIONS = 1_000_000;

    private final int[] counts;
    private final int[] order;
    private int next;

    /**
     * @param points values of each interval, at least 2
     * @throws ArgumentException if there are more than a million combinations
     */
    GridStrategy(Collection<? extends ParameterSpace<?>> leaves, int points, long seed) {
        ArgumentException.require(points >= 2, "gridPoints", points, "use at least 2 values of an interval");
        counts = leaves.stream()
                .filter(leaf -> leaf.numParameters() > 0)
                .mapToInt(leaf -> count(leaf, points))
                .toArray();
        double total = 1;
        for (int count : counts) {
            total *= count;
        }
        ArgumentException.require(
                total <= MAX_COMBINATIONS,
                "gridPoints",
                String.format(Locale.ROOT, "%d, which makes %.3g combinations", points, total),
                "fix hyperparameters or give shorter lists until there are at most " + MAX_COMBINATIONS);
        order = MathArrays.natural((int) total);
        MathArrays.shuffle(order, new org.apache.commons.math3.random.JDKRandomGenerator(Long.hashCode(seed)));
    }

    private static int count(ParameterSpace<?> leaf, int points) {
        if (leaf instanceof DiscreteParameterSpace<?> list) {
            return list.numValues();
        }
        return leaf instanceof IntegerParameterSpace range
                ? Math.min(points, range.getMax() - range.getMin() + 1)
                : points;
    }

    @Override
    public @Nullable Proposal next() {
        return next == order.length
                ? null
                : new Proposal(GridSearchCandidateGenerator.indexToValues(counts, order[next++], order.length), 1);
    }

    @Override
    public boolean ends() {
        return true;
    }
}
