package io.mdnc4j.training.data;

import java.util.random.RandomGenerator;

/**
 * Draws the samples of an epoch: windows at random places, patches, images with small changes. What it draws depends on its
 * arguments alone, so that samples can be drawn in any order.
 */
public interface Sampler {
    /** Samples of an epoch. */
    int size();

    /**
     * Draws a sample, in the units of the data.
     *
     * @param index from 0
     * @param random what chance decides with
     */
    Example draw(int index, RandomGenerator random);

    /** The examples as they are. */
    static Sampler of(Examples examples) {
        return new Sampler() {
            @Override
            public int size() {
                return examples.size();
            }

            @Override
            public Example draw(int index, RandomGenerator random) {
                return examples.get(index);
            }
        };
    }
}
