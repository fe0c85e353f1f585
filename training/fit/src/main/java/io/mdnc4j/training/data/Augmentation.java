package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.predict.Example;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Random changes of training samples, of any number of axes. Input and target move together; of targets that are classes the
 * nearest is taken, all else is interpolated linearly.
 *
 * @param changes what is done
 */
public record Augmentation(Set<Change> changes) {
    /** None. */
    public static final Augmentation NONE = new Augmentation(Set.of());

    private static final double ROTATION = 0.26;
    private static final double STRETCH = 0.15;
    private static final double SHIFT = 0.1;
    private static final double ELASTIC = 2.5;
    private static final double GAIN = 0.15;
    private static final double NOISE = 0.1;

    /** A kind of change. */
    public enum Change implements Coded {
        /** Mirrored along each axis, half of the times. */
        FLIP,
        /** Mirrored along the last axis only, half of the times: left and right of pictures, and of most scans of bodies. */
        SIDES,
        /** Moved by up to a tenth of the window on each axis. */
        SHIFT,
        /** Turned by up to 15 degrees in each plane; nothing for signals. */
        ROTATE,
        /** Longer or shorter by up to 15% on each axis. */
        SCALE,
        /** Bent: places move by up to 2.5 elements, smoothly; for images and volumes, and the time of signals. */
        ELASTIC,
        /**
         * Values of the input times 0.85 to 1.15, and as much of its deviation added; of targets that are values at positions, the
         * same.
         */
        GAIN,
        /** White noise of up to a tenth of the input's deviation added to the input. */
        NOISE;

        @Override
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Copies the set.
     *
     * @param changes what is done; empty for nothing
     */
    public Augmentation {
        changes = Set.copyOf(changes);
    }

    /**
     * The changes of those codes; {@code none} stands for none.
     *
     * @param codes names of changes, in any case, such as {@code flip}
     * @return the augmentation
     * @throws ArgumentException if there is another one
     */
    public static Augmentation parse(List<String> codes) {
        return new Augmentation(codes.stream()
                .filter(code -> !code.equalsIgnoreCase("none"))
                .map(code -> Coded.parse(Change.class, "augment", code))
                .collect(Collectors.toSet()));
    }

    private boolean moves() {
        return changes.stream().anyMatch(change -> change != Change.GAIN && change != Change.NOISE);
    }

    private double most(Change change, double amount) {
        return changes.contains(change) ? amount : 0;
    }

    /**
     * How much larger a window should be cut than the sample is to be, on each side, so that moves bring in real data.
     *
     * @param window size of the sample, one number an axis
     * @return elements on each of both sides, one number an axis; 0 where nothing moves or samples are mirrored only
     */
    public long[] margin(long... window) {
        double turned = most(Change.ROTATE, window.length > 1 ? ROTATION : 0);
        double part = turned + most(Change.SCALE, STRETCH) + 2 * most(Change.SHIFT, SHIFT);
        return Arrays.stream(window)
                .map(size -> (long) Math.ceil(part * size / 2 + most(Change.ELASTIC, ELASTIC)))
                .toArray();
    }

    /**
     * A changed sample.
     *
     * @param cut input and target, larger than the window by the margin on each side
     * @param classes whether the target is of classes
     * @param random what chance decides with
     * @param window size of the sample, one number an axis
     * @return the sample, with the input, and a target at each position, of that size; without changes, {@code cut} itself
     */
    public Example apply(Example cut, boolean classes, RandomGenerator random, long... window) {
        if (changes.isEmpty()) {
            return cut;
        }
        INDArray input = cut.input();
        INDArray target = cut.target();
        if (moves()) {
            Warp warp = warp(random, Axes.size(input), window);
            input = moved(warp, input, false, window);
            if (target != null && target.rank() == input.rank()) {
                target = moved(warp, target, classes, window);
            }
        }
        if (changes.contains(Change.GAIN)) {
            double gain = 1 + AffineWarp.symmetric(random, GAIN);
            double level =
                    AffineWarp.symmetric(random, GAIN) * input.stdNumber(false).doubleValue();
            input = input.mul(gain).addi(level);
            boolean values = !classes && target != null && target.rank() == input.rank();
            target = values ? target.mul(gain).addi(level) : target;
        }
        if (changes.contains(Change.NOISE)) {
            input = noisy(input, random);
        }
        return new Example(cut.name(), input, target);
    }

    private Warp warp(RandomGenerator random, long[] size, long... window) {
        double[] centre = new double[window.length];
        for (int axis = 0; axis < window.length; axis++) {
            centre[axis] =
                    (size[axis] - 1) / 2.0 + AffineWarp.symmetric(random, most(Change.SHIFT, SHIFT) * window[axis]);
        }
        AffineWarp affine = AffineWarp.random(
                new AffineWarp.Range(most(Change.ROTATE, ROTATION), most(Change.SCALE, STRETCH), 0), random, centre);
        for (int axis = 0; axis < window.length; axis++) {
            boolean mirrored =
                    changes.contains(Change.FLIP) || changes.contains(Change.SIDES) && axis == window.length - 1;
            if (mirrored && random.nextBoolean()) {
                for (double[] row : affine.matrix()) {
                    row[axis] = -row[axis];
                }
            }
        }
        return changes.contains(Change.ELASTIC) ? ElasticWarp.random(affine, ELASTIC, random, window) : affine;
    }

    /** Beyond the cut part, where a turned corner reaches out of the margin, the nearest element of its border counts. */
    private static INDArray moved(Warp warp, INDArray array, boolean nearest, long... window) {
        long[] size = Axes.size(array);
        Warp inside = (index, outputSize, place) -> {
            warp.place(index, outputSize, place);
            for (int axis = 0; axis < place.length; axis++) {
                place[axis] = Math.min(Math.max(place[axis], 0), size[axis] - 1.0);
            }
        };
        int channels = (int) array.size(0);
        INDArray[] planes = new INDArray[channels];
        for (int c = 0; c < channels; c++) {
            float[] values = OnHeap.floats(array.slice(c));
            planes[c] = Nd4j.createFromArray(
                    nearest ? inside.nearest(values, size, window, 0) : inside.linear(values, size, window, 0));
        }
        return Nd4j.concat(0, planes).reshape('c', Axes.prepended(channels, window));
    }

    private static INDArray noisy(INDArray input, RandomGenerator random) {
        double deviation = random.nextDouble() * NOISE * input.stdNumber(false).doubleValue();
        float[] values = OnHeap.floats(input);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (deviation * random.nextGaussian());
        }
        return Nd4j.createFromArray(values).reshape('c', input.shape());
    }
}
