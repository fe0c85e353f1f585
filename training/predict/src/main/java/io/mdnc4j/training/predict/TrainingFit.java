package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Levels;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.TrainedOn;
import io.mdnc4j.zoo.TrainedOn.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Says of inputs in what they are unlike those that a network was trained on: it computes something of them all the same. The
 * first few are named, the others counted. For any number of threads.
 */
final class TrainingFit {
    /** Inputs that are named. */
    private static final int NAMED = 5;

    /** Beyond the range of the training by that part of it are values of another kind. */
    private static final double BEYOND = 0.25;

    /** Half of the values beyond it by that part of it are of another kind, too. */
    private static final double HALF_BEYOND = 0.05;

    /** Spread over less than that part of what is usual, values are of another scale. */
    private static final double NARROW = 0.05;

    private final ModelDescription description;
    private final boolean whole;
    private final Consumer<String> notes;
    private final AtomicLong unlike = new AtomicLong();

    /** @param whole whether inputs are taken whole, not in windows */
    TrainingFit(ModelDescription description, boolean whole, Consumer<String> notes) {
        this.description = description;
        this.whole = whole;
        this.notes = notes;
    }

    /** Looks at an input {@code [C, size...]} that the network can take. */
    void look(String name, INDArray input) {
        Look look = look(name, input.shape());
        look.at(input);
        look.end();
    }

    /** Begins to look at an input of that shape, {@code [C, size...]}, that the network can take. */
    Look look(String name, long... shape) {
        return new Look(name, shape);
    }

    /** An input that is read in parts. */
    final class Look {
        private final String name;
        private final long[] shape;
        private final List<Levels.Collector> channels = new ArrayList<>();

        private Look(String name, long... shape) {
            this.name = name;
            this.shape = shape;
            int known = Math.min(
                    description.trainedOn().values().size(), shape.length == 0 ? 0 : Math.toIntExact(shape[0]));
            for (int c = 0; c < known; c++) {
                channels.add(new Levels.Collector());
            }
        }

        /** Takes a part, {@code [C, size...]}. */
        void at(INDArray part) {
            for (int c = 0; c < channels.size() && !part.isEmpty(); c++) {
                channels.get(c).add(part.slice(c));
            }
        }

        /** Says what was seen; nothing of an input of which nothing was read. */
        void end() {
            TrainedOn trained = description.trainedOn();
            if (trained.equals(TrainedOn.UNKNOWN) || channels.stream().anyMatch(Levels.Collector::isEmpty)) {
                return;
            }
            List<String> found = new ArrayList<>();
            size(trained, found, Arrays.copyOfRange(shape, 1, shape.length));
            values(
                    trained,
                    found,
                    channels.stream().map(Levels.Collector::levels).toList());
            if (!found.isEmpty() && unlike.incrementAndGet() <= NAMED) {
                notes.accept(name + " is unlike what the network was trained on: " + String.join("; ", found));
            }
        }
    }

    /** Inputs that were unlike those of the training. */
    long count() {
        return unlike.get();
    }

    private void size(TrainedOn trained, List<String> found, long... size) {
        List<Long> least = trained.smallest();
        List<Long> most = trained.largest();
        if (least.size() != size.length) {
            return;
        }
        boolean unusual = false;
        for (int axis = 0; axis < size.length; axis++) {
            // windows of larger inputs are like those of the training; smaller inputs are continued by their mirror
            // images
            unusual |= size[axis] < least.get(axis)
                            && (whole || size[axis] < description.inputShape().get(axis + 1))
                    || whole && size[axis] > most.get(axis);
        }
        if (unusual) {
            String its = Arrays.stream(size).mapToObj(String::valueOf).collect(Collectors.joining(" x "));
            found.add("size " + its + ", not " + joined(least) + (least.equals(most) ? "" : " to " + joined(most)));
        }
    }

    private static String joined(List<Long> size) {
        return size.stream().map(String::valueOf).collect(Collectors.joining(" x "));
    }

    private void values(TrainedOn trained, List<String> found, List<Levels> input) {
        boolean levelled = description.normalization().by() == Normalization.By.SAMPLE;
        for (int c = 0; c < input.size(); c++) {
            Levels its = input.get(c);
            Values usual = trained.values().get(c);
            String channel = trained.values().size() > 1 ? " in channel " + c : "";
            if (its.minimum() == its.maximum()) {
                if (usual.spread() > 0) {
                    found.add("all values are " + Levels.text(its.minimum()) + channel);
                }
            } else if (!levelled && isElsewhere(its, usual)) {
                found.add("values mostly " + Levels.text(its.low()) + " to " + Levels.text(its.high()) + channel
                        + ", not within " + Levels.text(usual.low()) + " to " + Levels.text(usual.high()));
            } else if (!levelled && its.maximum() - its.minimum() < NARROW * usual.spread()) {
                found.add("values " + Levels.text(its.minimum()) + " to " + Levels.text(its.maximum()) + channel
                        + ", spread far less than the usual " + Levels.text(usual.spread()));
            }
        }
    }

    private static boolean isElsewhere(Levels its, Values usual) {
        double range = usual.high() - usual.low();
        return its.high() > usual.high() + BEYOND * range
                || its.low() < usual.low() - BEYOND * range
                || its.median() > usual.high() + HALF_BEYOND * range
                || its.median() < usual.low() - HALF_BEYOND * range;
    }
}
