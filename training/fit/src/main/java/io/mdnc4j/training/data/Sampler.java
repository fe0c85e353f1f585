package io.mdnc4j.training.data;

import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Draws the samples of an epoch: windows at random places, patches, images with small changes. What it draws depends on its
 * arguments alone, so that samples can be drawn in any order.
 */
public interface Sampler {
    /** {@return the number of samples of an epoch} */
    int size();

    /**
     * Draws a sample, in the units of the data.
     *
     * @param index from 0 to below {@link #size}
     * @param random what chance decides with
     * @return the sample
     */
    Example draw(int index, RandomGenerator random);

    /**
     * The order in which samples are drawn in an epoch: any one has the same chance at any place. Where drawing needs a large
     * example to be read, only samples of few examples should be mixed at a time.
     *
     * @param random what chance decides with
     * @return the indices from 0 to below {@link #size}, each once
     */
    default int[] order(RandomGenerator random) {
        int[] order = IntStream.range(0, size()).toArray();
        shuffle(order, 0, order.length, random);
        return order;
    }

    /**
     * Shuffles a part of an order, in place.
     *
     * @param order what is changed
     * @param from first place of the part
     * @param to the place after its last
     * @param random what chance decides with
     */
    static void shuffle(int[] order, int from, int to, RandomGenerator random) {
        for (int i = to - 1; i > from; i--) {
            int other = from + random.nextInt(i + 1 - from);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
    }

    /**
     * The examples as they are, each once an epoch.
     *
     * @param examples what is drawn
     * @return the sampler
     */
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
