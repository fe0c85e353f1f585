package io.mdnc4j.training.search;

import java.util.SplittableRandom;

/** Independent points, equally likely everywhere. */
final class RandomStrategy implements Strategy {
    private final int dimensions;
    private final SplittableRandom random;

    RandomStrategy(int dimensions, long seed) {
        this.dimensions = dimensions;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public Proposal next() {
        return new Proposal(random.doubles(dimensions).toArray(), 1);
    }
}
