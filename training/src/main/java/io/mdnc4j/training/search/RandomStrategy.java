package io.mdnc4j.training.search;

import java.util.Random;

/** Independent points, equally likely everywhere. */
final class RandomStrategy implements Strategy {
    private final int dimensions;
    private final Random random;

    RandomStrategy(int dimensions, long seed) {
        this.dimensions = dimensions;
        this.random = new Random(seed);
    }

    @Override
    public Proposal next() {
        return new Proposal(random.doubles(dimensions).toArray(), 1);
    }
}
