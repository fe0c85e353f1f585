package io.mdnc4j.training.data;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.predict.Example;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Windows at random places of examples of any sizes, changed at random.
 *
 * @param examples where they are cut from
 * @param window size of a window on each axis; what lies beyond an example is its mirror image; where moves bring in what
 *     lies beyond one with one answer, its background, since a digit with parts of its mirror image is another
 * @param perExample windows of each example in an epoch
 * @param balanced whether every class that an example has, or every label, is as often in a window's middle; for classes at each
 *     position
 * @param augmentation what is changed
 * @param mixed examples whose windows are mixed at a time, those that the cache holds
 */
public record Patches(
        CachedExamples examples, long[] window, int perExample, boolean balanced, Augmentation augmentation, int mixed)
        implements Sampler {
    /** Random places at which a class is looked for. */
    private static final int TRIES = 5000;

    @Override
    public int size() {
        return Math.multiplyExact(examples.size(), perExample);
    }

    /** Examples in random order, the windows of {@code mixed} of them shuffled at a time. */
    @Override
    public int[] order(RandomGenerator random) {
        int[] sources = IntStream.range(0, examples.size()).toArray();
        Sampler.shuffle(sources, 0, sources.length, random);
        int[] order = new int[size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = sources[i / perExample] * perExample + i % perExample;
        }
        int run = Math.max(1, mixed) * perExample;
        for (int from = 0; from < order.length; from += run) {
            Sampler.shuffle(order, from, Math.min(from + run, order.length), random);
        }
        return order;
    }

    @Override
    public Example draw(int index, RandomGenerator random) {
        boolean classes = !examples.classes().isEmpty();
        Example cut = examples.with(index / perExample, example -> cut(example, classes, random));
        return augmentation.apply(cut, classes, random, window);
    }

    private Example cut(Example example, boolean classes, RandomGenerator random) {
        boolean perExample = example.target() == null
                || example.target().rank() != example.input().rank();
        long[] size = Axes.size(example.input());
        long[] start = new long[window.length];
        long[] centre = balanced && classes && !perExample ? ofClass(example.target(), size, random) : null;
        long[] margin = augmentation.margin(window);
        long[] whole = new long[window.length];
        boolean fits = true;
        for (int axis = 0; axis < window.length; axis++) {
            long rest = size[axis] - window[axis];
            if (rest <= 0) {
                start[axis] = Math.floorDiv(rest, 2);
            } else if (centre == null) {
                start[axis] = random.nextLong(rest + 1);
            } else {
                start[axis] = Math.min(Math.max(centre[axis] - window[axis] / 2, 0), rest);
            }
            fits &= rest >= 0;
            start[axis] -= margin[axis];
            whole[axis] = window[axis] + 2 * margin[axis];
        }
        INDArray target = perExample
                ? example.target() == null ? null : example.target().dup()
                : Windows.cut(example.target(), start, whole);
        INDArray input = perExample && target != null && fits
                ? Windows.framed(example.input(), start, whole)
                : Windows.cut(example.input(), start, whole);
        return new Example(example.name(), input, target);
    }

    /**
     * A random place of a random one of the classes that there are; any place where that one is very rare. Of labels that may
     * apply at once, one that a random one of them has, or has not.
     */
    private static long[] ofClass(INDArray target, long[] size, RandomGenerator random) {
        INDArray channel = target.size(0) == 1 ? target : target.slice(random.nextInt((int) target.size(0)));
        int wanted = random.nextInt(Math.max(0, channel.maxNumber().intValue()) + 1);
        long length = channel.length();
        INDArray vector = channel.reshape('c', new long[] {length});
        long place = random.nextLong(length);
        for (int i = 0; i < TRIES && vector.getDouble(place) != wanted; i++) {
            place = random.nextLong(length);
        }
        return new Axes(size).place(place);
    }
}
