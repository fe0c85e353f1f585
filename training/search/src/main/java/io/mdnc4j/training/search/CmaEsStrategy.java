package io.mdnc4j.training.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.MaxIter;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.hipparchus.random.MersenneTwister;
import org.jspecify.annotations.Nullable;

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

    /** So many points for each that is new, on the average, mean that nothing new is to be found. */
    private static final int PATIENCE = 300;

    private final int dimensions;
    private final long seed;
    private final Function<double[], ?> meaning;
    private final Map<Object, Double> scores = new HashMap<>();
    private boolean waiting;

    /** @param meaning what a point stands for; points of equal meaning have the same score */
    CmaEsStrategy(int dimensions, long seed, Function<double[], ?> meaning) {
        this.dimensions = dimensions;
        this.seed = seed;
        this.meaning = meaning;
    }

    /** Leaves the optimiser with the point that it asks for, {@code null} to give up. */
    private static final class Asked extends RuntimeException {
        private final transient double @Nullable [] point;

        Asked(double @Nullable [] point) {
            super(null, null, false, false);
            this.point = point;
        }
    }

    @Override
    public @Nullable Proposal next() {
        if (waiting) {
            return null;
        }
        double[] point = dimensions == 0 ? nothingToChoose() : ask();
        waiting = point != null;
        return point == null ? null : new Proposal(point, 1);
    }

    private double @Nullable [] nothingToChoose() {
        return scores.isEmpty() ? new double[0] : null;
    }

    private double @Nullable [] ask() {
        int[] evaluations = {0};
        for (long start = 0; ; start++) {
            try {
                run(start, evaluations);
            } catch (Asked asked) {
                return asked.point;
            }
        }
    }

    private double score(double[] point, int... evaluations) {
        Double score = scores.get(meaning.apply(point));
        if (score == null) {
            throw new Asked(point.clone());
        }
        if (++evaluations[0] > PATIENCE * scores.size()) {
            throw new Asked(null);
        }
        return score;
    }

    private void run(long start, int... evaluations) {
        MersenneTwister random = new MersenneTwister(seed + start);
        CMAESOptimizer optimizer =
                new CMAESOptimizer(NO_LIMIT, Double.NEGATIVE_INFINITY, true, 0, FEASIBLE_ATTEMPTS, random, false, null);
        double[] guess = start == 0
                ? filled(0.5)
                : new SplittableRandom(seed + start).doubles(dimensions).toArray();
        optimizer.optimize(
                new MaxEval(NO_LIMIT),
                new MaxIter(NO_LIMIT),
                GoalType.MINIMIZE,
                new InitialGuess(guess),
                new SimpleBounds(filled(0), filled(1)),
                new CMAESOptimizer.Sigma(filled(DEVIATION)),
                new CMAESOptimizer.PopulationSize(4 + (int) (3 * Math.log(dimensions))),
                new ObjectiveFunction(point -> score(point, evaluations)));
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
        double worst =
                scores.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
        scores.put(meaning.apply(proposal.values()), score == FAILED ? worst : score);
    }
}
