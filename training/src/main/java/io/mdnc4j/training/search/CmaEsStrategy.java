package io.mdnc4j.training.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.MaxIter;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.hipparchus.random.MersenneTwister;

/**
 * Covariance matrix adaptation: points are drawn from a normal distribution that moves and stretches towards those that
 * scored best. It begins in the middle of the cube; when it has converged, it begins again elsewhere. Choices and whole
 * numbers are parts of an axis. Hansen and Ostermeier, Evolutionary Computation 9(2), 2001.
 *
 * <p>Hipparchus' optimiser calls the function that it minimises, whereas here it must wait for a score. It is run from its
 * start for each point, through all known scores, up to the first one that is missing: the optimiser itself takes next to no
 * time, and a search that was interrupted needs no state but its scores. One point at a time.
 */
final class CmaEsStrategy implements Strategy {
    private static final double DEVIATION = 0.3;
    private static final int NO_LIMIT = Integer.MAX_VALUE;
    private static final int FEASIBLE_ATTEMPTS = 10;

    private final int dimensions;
    private final long seed;
    private final List<Double> scores = new ArrayList<>();
    private boolean waiting;

    CmaEsStrategy(int dimensions, long seed) {
        this.dimensions = dimensions;
        this.seed = seed;
    }

    /** Leaves the optimiser with the point that it asks for. */
    private static final class Asked extends RuntimeException {
        private final transient double[] point;

        Asked(double[] point) {
            super(null, null, false, false);
            this.point = point.clone();
        }
    }

    @Override
    public Proposal next() {
        if (waiting) {
            return null;
        }
        waiting = true;
        return new Proposal(dimensions == 0 ? new double[0] : ask(), 1);
    }

    private double[] ask() {
        int[] known = {0};
        for (long start = 0; ; start++) {
            try {
                run(start, known);
            } catch (Asked asked) {
                return asked.point;
            }
        }
    }

    private void run(long start, int... known) {
        MersenneTwister random = new MersenneTwister(seed + start);
        CMAESOptimizer optimizer =
                new CMAESOptimizer(NO_LIMIT, Double.NEGATIVE_INFINITY, true, 0, FEASIBLE_ATTEMPTS, random, false, null);
        double[] guess = filled(0.5);
        if (start > 0) {
            guess = new SplittableRandom(seed + start).doubles(dimensions).toArray();
        }
        optimizer.optimize(
                new MaxEval(NO_LIMIT),
                new MaxIter(NO_LIMIT),
                GoalType.MINIMIZE,
                new InitialGuess(guess),
                new SimpleBounds(filled(0), filled(1)),
                new CMAESOptimizer.Sigma(filled(DEVIATION)),
                new CMAESOptimizer.PopulationSize(4 + (int) (3 * Math.log(dimensions))),
                new ObjectiveFunction(point -> {
                    if (known[0] == scores.size()) {
                        throw new Asked(point);
                    }
                    return scores.get(known[0]++);
                }));
    }

    private double[] filled(double value) {
        double[] all = new double[dimensions];
        Arrays.fill(all, value);
        return all;
    }

    /** A failure counts as the worst score so far: the optimiser works with differences, which must be finite. */
    @Override
    public void report(Proposal proposal, double score) {
        waiting = false;
        double worst = scores.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        scores.add(score == FAILED ? worst : score);
    }
}
