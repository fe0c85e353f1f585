package io.mdnc4j.training.metrics;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.predict.Cleaning;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.zoo.Postprocessing;
import java.util.ArrayList;
import java.util.List;

/**
 * Which postprocessing raises the Dice coefficient of each class of positions, by whole examples that did not train. Tried are,
 * for each class but the background by itself: its largest component alone; components of 4, 16, 64, 256, 1,024 or 4,096 elements
 * and more; each of these, and all components, with holes filled. The best is chosen if it raises the coefficient of all examples
 * together by {@value #LEAST_GAIN} at least, and is better in more examples than it is worse in; else the class stays as it is.
 */
public final class PostprocessingChoice {
    /** Dice coefficients rarely mean anything beyond. */
    static final double LEAST_GAIN = 1e-4;

    private static final long[] LEAST = {4, 16, 64, 256, 1024, 4096};

    private final List<String> classes;
    private final Grid trained;
    private final List<List<Candidate>> candidates = new ArrayList<>();
    private int examples;

    /** What a candidate makes of all examples so far. */
    private static final class Candidate {
        private final Postprocessing step;
        private double both;
        private double sum;
        private int better;
        private int worse;

        private Candidate(Postprocessing step) {
            this.step = step;
        }

        private double dice() {
            return 2 * both / sum;
        }
    }

    /**
     * What was chosen for a class.
     *
     * @param name of the class
     * @param step what is done to it; {@link Postprocessing#changesNothing} where nothing helps
     * @param without Dice coefficient of the class as it is found; NaN if it neither occurs nor is found
     * @param with its Dice coefficient after that step
     */
    public record Choice(String name, Postprocessing step, double without, double with) {}

    /**
     * A choice without examples.
     *
     * @param classes names of the classes, the background first
     * @param trained the grid on whose elements sizes are counted
     */
    public PostprocessingChoice(List<String> classes, Grid trained) {
        this.classes = List.copyOf(classes);
        this.trained = trained;
        for (int c = 1; c < classes.size(); c++) {
            candidates.add(candidates(c));
        }
    }

    private static List<Candidate> candidates(int of) {
        List<Candidate> all = new ArrayList<>();
        for (boolean holes : new boolean[] {false, true}) {
            all.add(new Candidate(new Postprocessing(of, false, 0, holes)));
            all.add(new Candidate(new Postprocessing(of, true, 0, holes)));
            for (long least : LEAST) {
                all.add(new Candidate(new Postprocessing(of, false, least, holes)));
            }
        }
        return all;
    }

    /**
     * Tries all on another example.
     *
     * @param example with a target, classes at positions; unknown ones count nowhere
     * @param found classes at all its positions, as they were decided for; not changed
     */
    public void add(Example example, int... found) {
        int[] wanted = OnHeap.ints(example.target());
        Box[] boxes = boxes(wanted, found, Axes.size(example.target()));
        examples++;
        for (List<Candidate> ofClass : candidates) {
            Box box = boxes[ofClass.get(0).step.of()];
            double[] asFound = box.counts(box.found);
            for (Candidate candidate : ofClass) {
                double[] counts = asFound;
                if (box.found.length > 0 && !candidate.step.changesNothing()) {
                    int[] cleaned = box.found.clone();
                    new Cleaning(List.of(candidate.step), trained).apply(cleaned, example.grid(), box.size);
                    counts = box.counts(cleaned);
                }
                candidate.both += counts[0];
                candidate.sum += counts[1];
                double difference = dice(counts) - dice(asFound);
                candidate.better += difference > 0 ? 1 : 0;
                candidate.worse += difference < 0 ? 1 : 0;
            }
        }
    }

    /** For each class what lies around all that was found of it; cleaning changes nothing elsewhere. */
    private Box[] boxes(int[] wanted, int[] found, long... size) {
        int axes = size.length;
        long[][] first = new long[classes.size()][];
        long[][] last = new long[classes.size()][];
        double[] occurring = new double[classes.size()];
        Axes whole = new Axes(size);
        long[] place = new long[axes];
        for (int i = 0; i < found.length; i++) {
            int c = found[i];
            if (c > 0) {
                whole.place(i, place);
                if (first[c] == null) {
                    first[c] = place.clone();
                    last[c] = place.clone();
                }
                for (int axis = 0; axis < axes; axis++) {
                    first[c][axis] = Math.min(first[c][axis], place[axis]);
                    last[c][axis] = Math.max(last[c][axis], place[axis]);
                }
            }
            if (wanted[i] != Example.UNLABELLED) {
                occurring[wanted[i]]++;
            }
        }
        Box[] boxes = new Box[classes.size()];
        for (int c = 1; c < boxes.length; c++) {
            long[] box = new long[axes];
            for (int axis = 0; axis < axes && first[c] != null; axis++) {
                // one more around it, so that what is connected outside of it is so in the box
                first[c][axis] = Math.max(0, first[c][axis] - 1);
                box[axis] = Math.min(size[axis] - 1, last[c][axis] + 1) - first[c][axis] + 1;
            }
            boxes[c] = Box.of(c, occurring[c], whole, first[c], box, wanted, found);
        }
        return boxes;
    }

    /**
     * A part of an example.
     *
     * @param of the class that was found in it, and nowhere else
     * @param occurring positions of the class in the whole example
     * @param size on each axis
     * @param wanted classes in it
     * @param found those that were found
     */
    private record Box(int of, double occurring, long[] size, int[] wanted, int... found) {
        static Box of(int of, double occurring, Axes whole, long[] start, long[] size, int[] wanted, int... found) {
            Axes box = new Axes(size);
            int[] there = new int[box.length()];
            int[] cut = new int[there.length];
            long[] place = new long[size.length];
            for (int i = 0; i < cut.length; i++) {
                box.place(i, place);
                for (int axis = 0; axis < place.length; axis++) {
                    place[axis] += start[axis];
                }
                int from = whole.index(place);
                there[i] = wanted[from];
                cut[i] = found[from];
            }
            return new Box(of, occurring, size, there, cut);
        }

        /** Positions of the class in both, and the sum of those in either. */
        double[] counts(int... cleaned) {
            double[] counts = {0, occurring};
            for (int i = 0; i < wanted.length; i++) {
                if (wanted[i] != Example.UNLABELLED && cleaned[i] == of) {
                    counts[0] += wanted[i] == of ? 1 : 0;
                    counts[1]++;
                }
            }
            return counts;
        }
    }

    private static double dice(double... counts) {
        return counts[1] == 0 ? 1 : 2 * counts[0] / counts[1];
    }

    /** {@return on how many examples it was tried} */
    public int examples() {
        return examples;
    }

    /** {@return what was chosen for each class but the background} */
    public List<Choice> choices() {
        List<Choice> choices = new ArrayList<>();
        for (List<Candidate> ofClass : candidates) {
            Candidate asFound = ofClass.get(0);
            Candidate best = asFound;
            for (Candidate candidate : ofClass) {
                boolean helps = candidate.dice() >= asFound.dice() + LEAST_GAIN && candidate.better > candidate.worse;
                if (helps && candidate.dice() > best.dice()) {
                    best = candidate;
                }
            }
            choices.add(new Choice(classes.get(best.step.of()), best.step, asFound.dice(), best.dice()));
        }
        return choices;
    }

    /** {@return what helps; empty if nothing does} */
    public List<Postprocessing> steps() {
        return choices().stream()
                .map(Choice::step)
                .filter(step -> !step.changesNothing())
                .toList();
    }
}
