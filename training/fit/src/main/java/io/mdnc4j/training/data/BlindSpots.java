package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Samples from which a network learns to take out noise without having seen anything clean: at a few positions, the blind
 * spots, the input has the value of a neighbour, and the target is the noisy value that was there; elsewhere the target is not
 * known (NaN). A network cannot tell the noise of a position from those around it if the noise of each is independent of the
 * others', so the best that it can answer is the mean of what could be there; Krull et al., Noise2Void, arXiv:1811.10980. At
 * a spot all channels are replaced, since they may share their noise.
 *
 * @param share of the positions that are blind spots, above 0 and at most {@value #MOST}; there is always one
 */
public record BlindSpots(double share) {
    /** As many as validated well; also about those of the paper, 64 in 64 x 64. */
    public static final BlindSpots USUAL = new BlindSpots(0.02);

    private static final double MOST = 0.25;

    /** How far a neighbour is away on each axis, at most. */
    private static final int REACH = 2;

    /** Spots of all samples together, about, that are enough to measure with. */
    private static final int ENOUGH = 4000;

    /** Times that a sample is measured with, each with other spots, at most. */
    private static final int MOST_TIMES = 8;

    /**
     * Checks the range.
     *
     * @param share above 0 and at most {@value #MOST}
     * @throws ArgumentException if it is out of range
     */
    public BlindSpots {
        ArgumentException.require(share > 0 && share <= MOST, "share", share, "give more than 0, at most " + MOST);
    }

    /**
     * How many there are.
     *
     * @param size of a sample on each axis
     * @return their number, at least 1
     */
    public int count(long... size) {
        return (int) Math.max(1, Math.round(share * new Axes(size).length()));
    }

    /**
     * A sample with blind spots at random positions, whose targets are its own values.
     *
     * @param sample whose target does not count
     * @param random what chance decides with
     * @return input and target {@code [C, size...]}; the sample's own arrays are not changed
     * @throws ArgumentException if a position has no neighbour
     */
    public Example apply(Example sample, RandomGenerator random) {
        long[] size = Axes.size(sample.input());
        Axes axes = new Axes(size);
        int length = axes.length();
        requireNeighbours(size);
        float[] noisy = OnHeap.floats(sample.input());
        float[] input = noisy.clone();
        float[] target = new float[noisy.length];
        Arrays.fill(target, Float.NaN);
        boolean[] taken = new boolean[length];
        long[] place = new long[size.length];
        for (int left = count(size); left > 0; left--) {
            int spot = free(taken, random);
            int neighbour = neighbour(axes, axes.place(spot, place), spot, random);
            for (int c = 0; c < noisy.length; c += length) {
                input[c + spot] = noisy[c + neighbour];
                target[c + spot] = noisy[c + spot];
            }
        }
        return new Example(sample.name(), like(sample, input), like(sample, target), sample.grid());
    }

    private static INDArray like(Example sample, float... values) {
        return Nd4j.createFromArray(values).reshape('c', sample.input().shape());
    }

    private static int free(boolean[] taken, RandomGenerator random) {
        int spot = random.nextInt(taken.length);
        while (taken[spot]) {
            spot = random.nextInt(taken.length);
        }
        taken[spot] = true;
        return spot;
    }

    /** Another position that is near on each axis. */
    private static int neighbour(Axes axes, long[] place, int spot, RandomGenerator random) {
        long[] other = new long[place.length];
        int neighbour = spot;
        while (neighbour == spot) {
            for (int axis = 0; axis < place.length; axis++) {
                long from = Math.max(0, place[axis] - REACH);
                long to = Math.min(axes.size(axis), place[axis] + REACH + 1);
                other[axis] = from + random.nextLong(to - from);
            }
            neighbour = axes.index(other);
        }
        return neighbour;
    }

    private static void requireNeighbours(long... size) {
        ArgumentException.require(
                Arrays.stream(size).anyMatch(axis -> axis > 1),
                "patch",
                Arrays.toString(size) + ", but a blind spot gets the value of a neighbour",
                "give 2 or more on one axis");
    }

    /**
     * Samples with blind spots, others each time one is drawn.
     *
     * @param samples what they are put into
     * @return the samples, in the same order
     */
    public Sampler in(Sampler samples) {
        return new Sampler() {
            @Override
            public int size() {
                return samples.size();
            }

            @Override
            public Example draw(int index, RandomGenerator random) {
                return apply(samples.draw(index, random), random);
            }

            @Override
            public int[] order(RandomGenerator random) {
                return samples.order(random);
            }
        };
    }

    /**
     * Examples with blind spots, the same each time; few or small ones several times, with other spots, so that there are
     * some thousand to measure with.
     *
     * @param examples what they are put into, at least one
     * @param positions of all examples together, about
     * @return the examples, as often as it takes, 1 to {@value #MOST_TIMES} times
     */
    public Examples in(Examples examples, double positions) {
        int times = (int) Math.min(MOST_TIMES, Math.max(1, Math.ceil(ENOUGH / (share * positions))));
        return new Examples() {
            @Override
            public int size() {
                return times * examples.size();
            }

            @Override
            public Example get(int index) {
                // other spots in each, the same each time
                return apply(examples.get(index % examples.size()), new SplittableRandom(index));
            }
        };
    }
}
