package io.mdnc4j.training.search;

import io.mdnc4j.blocks.Coded;
import java.util.Locale;

/** How a search chooses its candidates. */
public enum SearchMethod implements Coded {
    /** At random, independently. */
    RANDOM {
        @Override
        Strategy strategy(ZooSpace space, Plan plan) {
            return new RandomStrategy(space.numParameters(), plan.seed());
        }
    },
    /** All combinations of evenly spaced values, in random order. */
    GRID {
        @Override
        Strategy strategy(ZooSpace space, Plan plan) {
            return new GridStrategy(space.leaves(), plan.gridPoints(), plan.seed());
        }
    },
    /** Arbiter's genetic search. */
    GENETIC {
        @Override
        Strategy strategy(ZooSpace space, Plan plan) {
            return new GeneticStrategy(space.numParameters(), plan.candidates(), plan.seed());
        }
    },
    /** Covariance matrix adaptation, one candidate at a time. */
    CMAES {
        @Override
        Strategy strategy(ZooSpace space, Plan plan) {
            return new CmaEsStrategy(space.numParameters(), plan.seed(), space::settings);
        }
    },
    /** Successive halving: many candidates trained briefly, the better ones again for longer. */
    HALVING {
        @Override
        Strategy strategy(ZooSpace space, Plan plan) {
            return new HalvingStrategy(space.numParameters(), plan.candidates(), plan.seed());
        }

        @Override
        public int trainings(int candidates) {
            return HalvingStrategy.trainings(candidates);
        }

        @Override
        public double cost(int candidates) {
            return HalvingStrategy.cost(candidates);
        }
    };

    /**
     * What a strategy needs to know.
     *
     * @param candidates how many candidates are wanted
     * @param gridPoints values of each interval in a grid
     * @param seed of what is left to chance
     */
    record Plan(int candidates, int gridPoints, long seed) {}

    abstract Strategy strategy(ZooSpace space, Plan plan);

    /**
     * Trainings at most for so many candidates.
     *
     * @param candidates how many, at least 1; of successive halving, in its first rung
     * @return as many, but for successive halving, which trains again
     */
    public int trainings(int candidates) {
        return candidates;
    }

    /**
     * What all trainings take together.
     *
     * @param candidates how many, at least 1; of successive halving, in its first rung
     * @return in whole budgets of a candidate
     */
    public double cost(int candidates) {
        return candidates;
    }

    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
