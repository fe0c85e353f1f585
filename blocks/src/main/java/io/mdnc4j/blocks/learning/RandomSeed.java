package io.mdnc4j.blocks.learning;

/** Seeds for ND4J's random numbers, which it takes from the clock where the seed is 0. */
public final class RandomSeed {
    private static final long OF_ZERO = 0x5eed;

    private RandomSeed() {}

    /**
     * A seed that gives the same numbers each time.
     *
     * @param seed any number
     * @return the same, or a certain other one for 0
     */
    public static long of(long seed) {
        return seed == 0 ? OF_ZERO : seed;
    }
}
