package io.mdnc4j.training.search;

import java.util.Collection;
import org.apache.commons.math3.util.MathArrays;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;

/**
 * All combinations of evenly spaced values, in random order, so that a search that is ended early has seen the whole range.
 * Arbiter's own generator shuffles before it gets its seed, and never the same way.
 */
final class GridStrategy implements Strategy {
    /** More are never tried, and their order would fill the memory. */
    private static final long MOST = 1_000_000;

    private final int[] counts;
    private final int[] order;
    private int next;

    /**
     * @param points values of each interval, at least 2
     * @throws IllegalArgumentException if there are more than a million combinations
     */
    GridStrategy(Collection<? extends ParameterSpace<?>> leaves, int points, long seed) {
        if (points < 2) {
            throw new IllegalArgumentException("grid points: " + points + "; use at least 2 values of an interval");
        }
        counts = leaves.stream()
                .filter(leaf -> leaf.numParameters() > 0)
                .mapToInt(leaf -> count(leaf, points))
                .toArray();
        double total = 1;
        for (int count : counts) {
            total *= count;
        }
        if (total > MOST) {
            throw new IllegalArgumentException(String.format(
                    java.util.Locale.ROOT,
                    "grid: %.3g combinations; fix settings or give shorter lists until there are at most %d",
                    total,
                    MOST));
        }
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
    public Proposal next() {
        return next == order.length
                ? null
                : new Proposal(GridSearchCandidateGenerator.indexToValues(counts, order[next++], order.length), 1);
    }

    @Override
    public boolean ends() {
        return true;
    }
}
