package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.predict.Example;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Random changes of training samples, of any number of axes. Input and target move together; of targets that are classes the
 * nearest is taken, all else is interpolated linearly.
 *
 * @param strengths what is done, and how much: 1 is the amount that stands beside the change, 2 twice as much
 */
public record Augmentation(Map<Change, Double> strengths) {
    /** None. */
    public static final Augmentation NONE = new Augmentation(Set.of());

    /** Largest move where places are bent with strength 1, in elements. */
    public static final double ELASTIC = 2.5;

    private static final double ROTATION = 0.26;
    private static final double STRETCH = 0.15;
    private static final double SLANT = 0.2;
    private static final double SHIFT = 0.1;
    private static final double GAIN = 0.15;
    private static final double NOISE = 0.1;

    /** Somewhat beyond it, stretches and gains would reach 0. */
    private static final double STRONGEST = 5;

    /** Half of the times or never. */
    private static final Set<Change> WITHOUT_AMOUNT = Set.of(Change.FLIP, Change.SIDES);

    private static final char TIMES = ':';

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
        /** Slanted in each plane, by up to a fifth of an element for each; nothing for signals. */
        SHEAR,
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
     * Copies the map.
     *
     * @param strengths what is done, and how much; empty for nothing
     * @throws ArgumentException if a strength is not above 0, or above 5, or another than 1 of mirroring
     */
    public Augmentation {
        strengths.forEach((change, strength) -> {
            String given = change.code() + TIMES + strength;
            ArgumentException.require(
                    strength > 0 && strength <= STRONGEST,
                    "augment",
                    given,
                    "give a strength above 0, up to " + (int) STRONGEST + "; 1 is the usual");
            ArgumentException.require(
                    strength == 1 || !WITHOUT_AMOUNT.contains(change), "augment", given, "mirroring has no strength");
        });
        strengths = strengths.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(strengths));
    }

    /**
     * Changes of the usual amount.
     *
     * @param changes what is done; empty for nothing
     */
    public Augmentation(Set<Change> changes) {
        this(changes.stream().collect(Collectors.toMap(change -> change, change -> 1.0)));
    }

    /** {@return what is done} */
    public Set<Change> changes() {
        return strengths.keySet();
    }

    /**
     * The changes of those codes; {@code none} stands for none.
     *
     * @param codes names of changes, in any case, such as {@code flip}, or with a strength, {@code noise:2}
     * @return the augmentation
     * @throws ArgumentException if there is another one, or the strength is none
     */
    public static Augmentation parse(List<String> codes) {
        Map<Change, Double> strengths = new EnumMap<>(Change.class);
        for (String code : codes) {
            if (!code.equalsIgnoreCase("none")) {
                int end = code.indexOf(TIMES);
                Change change = Coded.parse(Change.class, "augment", end < 0 ? code : code.substring(0, end));
                double strength = end < 0 ? 1 : strength(code, code.substring(end + 1));
                Double other = strengths.put(change, strength);
                ArgumentException.require(
                        other == null || other == strength, "augment", codes, "give " + change.code() + " once");
            }
        }
        return new Augmentation(strengths);
    }

    private static double strength(String code, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new ArgumentException("augment", code, "give a number after the colon, such as noise:2");
        }
    }

    /** {@return the codes that {@link #parse} takes, in the order of the changes} */
    public List<String> codes() {
        return strengths.entrySet().stream()
                .map(one -> one.getKey().code() + (one.getValue() == 1 ? "" : TIMES + text(one.getValue())))
                .toList();
    }

    private static String text(double strength) {
        return strength == Math.rint(strength) ? String.valueOf((int) strength) : String.valueOf(strength);
    }

    private boolean moves() {
        return changes().stream().anyMatch(change -> change != Change.GAIN && change != Change.NOISE);
    }

    private double most(Change change, double amount) {
        return strengths.getOrDefault(change, 0.0) * amount;
    }

    /**
     * How much larger a window should be cut than the sample is to be, on each side, so that moves bring in real data.
     *
     * @param window size of the sample, one number an axis
     * @return elements on each of both sides, one number an axis; 0 where nothing moves or samples are mirrored only
     */
    public long[] margin(long... window) {
        double turned = window.length > 1 ? most(Change.ROTATE, ROTATION) + most(Change.SHEAR, SLANT) : 0;
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
        if (strengths.isEmpty()) {
            return cut;
        }
        // on the heap throughout: small samples take longer outside of it than the training does
        int channels = (int) cut.input().size(0);
        float[] input = OnHeap.floats(cut.input());
        boolean positions =
                cut.target() != null && cut.target().rank() == cut.input().rank();
        boolean moved = moves();
        double gain = most(Change.GAIN, GAIN);
        float[] target = positions && (moved || gain > 0 && !classes) ? OnHeap.floats(cut.target()) : null;
        if (moved) {
            long[] size = Axes.size(cut.input());
            Warp warp = warp(random, size, window);
            input = moved(warp, input, channels, size, false, window);
            target = target == null
                    ? null
                    : moved(warp, target, (int) cut.target().size(0), size, classes, window);
        }
        if (gain > 0) {
            double times = 1 + AffineWarp.symmetric(random, gain);
            double level = AffineWarp.symmetric(random, gain) * deviation(input);
            scale(input, times, level);
            if (target != null && !classes) {
                scale(target, times, level);
            }
        }
        if (changes().contains(Change.NOISE)) {
            addNoise(input, most(Change.NOISE, NOISE), random);
        }
        long[] size = moved ? window : Axes.size(cut.input());
        return new Example(
                cut.name(),
                array(input, channels, size),
                target == null ? cut.target() : array(target, (int) cut.target().size(0), size));
    }

    private static INDArray array(float[] values, int channels, long... size) {
        return Nd4j.createFromArray(values).reshape('c', Axes.prepended(channels, size));
    }

    private static void scale(float[] values, double times, double level) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (times * values[i] + level);
        }
    }

    private static double deviation(float... values) {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            // about the first, which loses fewer digits
            double difference = value - values[0];
            sum += difference;
            squares += difference * difference;
        }
        double mean = sum / values.length;
        return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
    }

    private Warp warp(RandomGenerator random, long[] size, long... window) {
        double[] centre = new double[window.length];
        for (int axis = 0; axis < window.length; axis++) {
            centre[axis] =
                    (size[axis] - 1) / 2.0 + AffineWarp.symmetric(random, most(Change.SHIFT, SHIFT) * window[axis]);
        }
        AffineWarp affine = AffineWarp.random(
                new AffineWarp.Range(
                        most(Change.ROTATE, ROTATION), most(Change.SCALE, STRETCH), most(Change.SHEAR, SLANT)),
                random,
                centre);
        for (int axis = 0; axis < window.length; axis++) {
            boolean mirrored =
                    changes().contains(Change.FLIP) || changes().contains(Change.SIDES) && axis == window.length - 1;
            if (mirrored && random.nextBoolean()) {
                for (double[] row : affine.matrix()) {
                    row[axis] = -row[axis];
                }
            }
        }
        return changes().contains(Change.ELASTIC)
                ? ElasticWarp.random(affine, most(Change.ELASTIC, ELASTIC), random, window)
                : affine;
    }

    /** Beyond the cut part, where a turned corner reaches out of the margin, the nearest element of its border counts. */
    private static float[] moved(
            Warp warp, float[] values, int channels, long[] size, boolean nearest, long... window) {
        Warp inside = (index, outputSize, place) -> {
            warp.place(index, outputSize, place);
            for (int axis = 0; axis < place.length; axis++) {
                place[axis] = Math.min(Math.max(place[axis], 0), size[axis] - 1.0);
            }
        };
        int from = values.length / channels;
        int to = new Axes(window).length();
        float[] moved = new float[channels * to];
        for (int c = 0; c < channels; c++) {
            float[] plane = channels == 1 ? values : Arrays.copyOfRange(values, c * from, (c + 1) * from);
            float[] changed = nearest ? inside.nearest(plane, size, window, 0) : inside.linear(plane, size, window, 0);
            System.arraycopy(changed, 0, moved, c * to, to);
        }
        return moved;
    }

    private static void addNoise(float[] values, double most, RandomGenerator random) {
        double deviation = random.nextDouble() * most * deviation(values);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (deviation * random.nextGaussian());
        }
    }
}
