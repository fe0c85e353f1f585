package io.mdnc4j.training.task;

import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Levels;
import io.mdnc4j.training.data.DataEntry.Part;
import io.mdnc4j.training.data.DataScan.Found;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What was found in data, for those who are about to train with them.
 *
 * @param facts by their names, in an order to be read in: examples, inputs, values, task, classes
 * @param warnings what is likely to be wrong, each with a remedy; empty if nothing is
 */
public record DataOverview(Map<String, String> facts, List<String> warnings) {
    /** More classes of positions than that are rarely meant. */
    private static final int MANY_CLASSES = 8;

    /** Fewer examples than that say little. */
    private static final int FEW = 5;

    /** Examples that a warning names. */
    private static final int NAMED = 3;

    /** More classes are not listed one by one. */
    private static final int LISTED = 12;

    private static final int MAX_PICTURE_CHANNELS = 4;
    private static final double PERCENT = 100;

    /**
     * Copies both.
     *
     * @param facts by their names
     * @param warnings what is likely to be wrong
     */
    public DataOverview {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        warnings = List.copyOf(warnings);
    }

    /** Data that come along, or were made in memory. */
    static DataOverview of(Task task, ModelDescription description, int validation, int test) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("examples", validation + " samples to validate, " + test + " to test on");
        List<Long> shape = description.inputShape();
        if (!shape.isEmpty()) {
            long[] size = shape.stream().skip(1).mapToLong(Long::longValue).toArray();
            facts.put("inputs", channels(shape.get(0)) + " of " + joined(size));
        }
        facts.put("task", task.code());
        if (!description.classes().isEmpty()) {
            facts.put("classes", String.join(", ", description.classes()));
        }
        return new DataOverview(facts, List.of());
    }

    /**
     * Examples in files.
     *
     * @param names of the classes; empty where targets are values
     * @param training whether a network is to be trained with them, not only measured
     */
    static DataOverview of(
            List<Found> found, Map<Part, List<Found>> parts, Task task, List<String> names, boolean training) {
        Map<String, String> facts = new LinkedHashMap<>();
        List<Found> first = parts.get(Part.TRAINING);
        facts.put(
                "examples",
                String.format(
                        Locale.ROOT,
                        "%,d: %,d to train on, %,d to validate, %,d to test on",
                        found.size(),
                        first.size(),
                        parts.get(Part.VALIDATION).size(),
                        parts.get(Part.TEST).size()));
        facts.put("inputs", channels(found.get(0).inputShape()[0]) + " of " + sizes(found));
        facts.put("values", values(first));
        String grids = found.stream()
                .map(Found::grid)
                .filter(Grid::isKnown)
                .map(Grid::toString)
                .distinct()
                .limit(NAMED)
                .collect(Collectors.joining("; "));
        if (!grids.isEmpty()) {
            facts.put("grid", grids);
        }
        facts.put("task", task.code() + values(found, task));
        if (task.hasClasses()) {
            facts.put("classes", classes(first, task, names));
        }
        return new DataOverview(facts, new Warnings(found, parts, task, names).all(training));
    }

    /** The same with what targets are, where they are not what outputs should be. */
    DataOverview with(Supervision supervision, Supervision tested) {
        if (supervision.remark().isEmpty()) {
            return this;
        }
        Map<String, String> more = new LinkedHashMap<>(facts);
        more.put("targets", supervision.remark());
        if (tested != supervision) {
            more.put("test targets", tested.code() + ": of the test part errors are those against clean values");
        }
        return new DataOverview(more, warnings);
    }

    /** The same with another warning. */
    DataOverview withWarning(String warning) {
        List<String> more = new ArrayList<>(warnings);
        more.add(warning);
        return new DataOverview(facts, more);
    }

    /** {@return facts and warnings as lines of text} */
    public List<String> lines() {
        List<String> lines = lines(facts);
        warnings.forEach(warning -> lines.add("warning: " + warning));
        return lines;
    }

    /**
     * Facts as lines of text.
     *
     * @param facts by their names
     * @return a line for each, with the names in a column
     */
    public static List<String> lines(Map<String, String> facts) {
        List<String> lines = new ArrayList<>();
        facts.forEach((name, text) -> lines.add(String.format(Locale.ROOT, "%-14s %s", name, text)));
        return lines;
    }

    private static String channels(long count) {
        return count + (count == 1 ? " channel" : " channels");
    }

    private static String joined(long... size) {
        return Arrays.stream(size).mapToObj(String::valueOf).collect(Collectors.joining(" x "));
    }

    private static String sizes(List<Found> found) {
        int axes = found.get(0).inputShape().length - 1;
        long[] least = IntStream.rangeClosed(1, axes)
                .mapToLong(axis -> sizes(found, axis).min().orElseThrow())
                .toArray();
        long[] most = IntStream.rangeClosed(1, axes)
                .mapToLong(axis -> sizes(found, axis).max().orElseThrow())
                .toArray();
        return Arrays.equals(least, most) ? joined(least) : joined(least) + " to " + joined(most);
    }

    private static LongStream sizes(List<Found> found, int axis) {
        return found.stream().mapToLong(one -> one.inputShape()[axis]);
    }

    /** Of the training part. */
    private static String values(List<Found> training) {
        List<List<Levels>> levels =
                training.stream().map(found -> found.facts().levels()).toList();
        List<String> channels = new ArrayList<>();
        int count = levels.get(0).size();
        for (int c = 0; c < Math.min(count, MAX_PICTURE_CHANNELS); c++) {
            int channel = c;
            List<Levels> its =
                    levels.stream().map(example -> example.get(channel)).toList();
            String least =
                    Levels.text(its.stream().mapToDouble(Levels::minimum).min().orElseThrow());
            String most =
                    Levels.text(its.stream().mapToDouble(Levels::maximum).max().orElseThrow());
            channels.add(least.equals(most) ? least : least + " to " + most);
        }
        boolean same = channels.stream().distinct().count() == 1;
        return (same ? channels.get(0) : String.join("; ", channels)) + (count > MAX_PICTURE_CHANNELS ? " ..." : "");
    }

    private static String values(List<Found> found, Task task) {
        long[] shape = found.get(0).targetShape();
        return task.hasClasses() || shape == null ? "" : ", " + channels(shape[0]) + " of values at each position";
    }

    /** The classes with their shares of the training part. */
    private static String classes(List<Found> training, Task task, List<String> names) {
        if (task.isMultiLabel()) {
            double all = Math.max(1, known(training));
            return names.size() + ": "
                    + IntStream.range(0, Math.min(LISTED, names.size()))
                            .mapToObj(i -> String.format(
                                    Locale.ROOT,
                                    "%s %.3g%%",
                                    names.get(i),
                                    PERCENT * present(training, names, i) / all))
                            .collect(Collectors.joining(", "))
                    + (names.size() > LISTED ? ", ..." : "")
                    + (task.perExample() ? " of the examples" : " of the positions")
                    + " to train on, each by itself";
        }
        ToLongFunction<String> count = name -> training.stream()
                .mapToLong(one -> task.perExample()
                        ? one.entry().label().equals(name) ? 1 : 0
                        : one.classes() == null ? 0 : one.classes().getOrDefault(name, 0L))
                .sum();
        long all = Math.max(1, names.stream().mapToLong(count).sum());
        String listed = names.stream()
                .limit(LISTED)
                .map(name -> String.format(Locale.ROOT, "%s %.3g%%", name, PERCENT * count.applyAsLong(name) / all))
                .collect(Collectors.joining(", "));
        return names.size() + ": " + listed + (names.size() > LISTED ? ", ..." : "")
                + (task.perExample() ? " of the examples" : " of the positions") + " to train on";
    }

    /** In how many examples, or at how many positions of them, one of several labels is. */
    static long present(List<Found> examples, List<String> names, int label) {
        return examples.stream()
                .mapToLong(one -> one.targetShape() != null
                        ? one.facts().present().get(label)
                        : one.entry().labels().contains(names.get(label)) ? 1 : 0)
                .sum();
    }

    /** Examples, or positions of them. */
    private static long known(List<Found> examples) {
        return examples.stream()
                .mapToLong(one -> one.targetShape() == null
                        ? 1
                        : Arrays.stream(one.targetShape()).skip(1).reduce(1, (a, b) -> a * b))
                .sum();
    }

    /** What is likely to be wrong. */
    private record Warnings(List<Found> found, Map<Part, List<Found>> parts, Task task, List<String> names) {
        List<String> all(boolean training) {
            List<String> all = new ArrayList<>();
            if (training) {
                many(all);
                values(all);
                few(all);
                rare(all);
                labels(all);
                lastAxis(all);
            }
            add(
                    all,
                    one -> !one.facts().grids().isEmpty(),
                    one -> one.facts().grids(),
                    "%s lie elsewhere in space than their inputs",
                    "targets",
                    "check that they belong together, or resample them to the inputs");
            add(
                    all,
                    one -> one.facts().levels().stream().allMatch(levels -> levels.minimum() == levels.maximum()),
                    one -> "all " + Levels.text(one.facts().levels().get(0).minimum()),
                    "%s have one value only",
                    "inputs",
                    "leave them out if they are not meant to be empty");
            add(
                    all,
                    one -> one.facts().opacity(),
                    one -> "",
                    "the opacity (alpha) of %s is left out",
                    "pictures",
                    "channels all takes it as a channel");
            return all;
        }

        private void many(List<String> all) {
            if (task == Task.SEGMENTATION && names.size() > MANY_CLASSES) {
                boolean jpeg = found.stream().anyMatch(Warnings::isJpeg);
                all.add(names.size() + " classes in the targets, " + names.get(0) + " to " + names.get(names.size() - 1)
                        + ": " + (jpeg ? "JPEG does not keep values exactly" : "numbered objects are no classes")
                        + "; if these are not classes, say what they stand for, such as classes "
                        + (jpeg ? "0..127:0,128..255:1" : "objects, which are told apart, or 0:0,*:1"));
            }
        }

        /** Whether an example's target is a JPEG. */
        private static boolean isJpeg(Found one) {
            return one.entry().target() != null
                    && ArrayFiles.suffix(one.entry().target().file()).orElse("").startsWith(".jp");
        }

        private void values(List<String> all) {
            if (task != Task.REGRESSION) {
                return;
            }
            int colours =
                    found.stream().mapToInt(one -> one.facts().colours()).max().orElse(0);
            if (found.stream().allMatch(one -> one.facts().colours() > 0)) {
                all.add("targets have up to " + colours + " colours each, taken as values of red, green and blue; if"
                        + " each colour is a class, use the task segmentation, or say which with classes, such as"
                        + " #000000:0,#ff0000:1");
            } else if (TaskInference.isOfClasses(found)) {
                all.add("targets are whole numbers stored as real ones, taken as values; if each is a class, use the"
                        + " task segmentation");
            } else if (found.stream().allMatch(one -> isJpeg(one) && one.facts().colours() == 0)) {
                all.add("targets are JPEG pictures, taken as values; if they are masks, whose values JPEG has blurred,"
                        + " say which are which, such as classes 0..127:0,128..255:1");
            }
        }

        private void few(List<String> all) {
            List<String> small = new ArrayList<>();
            for (Part part : Part.values()) {
                int size = parts.get(part).size();
                if (size < FEW) {
                    small.add(part.name().toLowerCase(Locale.ROOT) + " " + size);
                }
            }
            if (!small.isEmpty()) {
                all.add("parts with few examples (" + String.join(", ", small)
                        + "): results on them say little about others; add examples if there are more");
            }
        }

        private void rare(List<String> all) {
            if (task != Task.SEGMENTATION) {
                return;
            }
            List<String> missing = names.stream()
                    .filter(name -> parts.get(Part.TRAINING).stream()
                            .noneMatch(one ->
                                    one.classes() != null && one.classes().containsKey(name)))
                    .toList();
            if (!missing.isEmpty()) {
                all.add("no example to train on has the class " + String.join(", ", missing)
                        + "; add some, or another split");
            }
        }

        /** Labels that some part has not, or all examples have, and those that exclude each other. */
        private void labels(List<String> all) {
            if (!task.isMultiLabel()) {
                return;
            }
            for (Part part : List.of(Part.VALIDATION, Part.TEST)) {
                String missing = IntStream.range(0, names.size())
                        .filter(i -> present(parts.get(part), names, i) == 0)
                        .mapToObj(names::get)
                        .collect(Collectors.joining(", "));
                if (!missing.isEmpty()) {
                    all.add("no example of the " + part.name().toLowerCase(Locale.ROOT) + " part has the label "
                            + missing + ", which is not measured there; add some, or another split");
                }
            }
            List<Found> training = parts.get(Part.TRAINING);
            String always = IntStream.range(0, names.size())
                    .filter(i -> present(training, names, i) == known(training))
                    .mapToObj(names::get)
                    .collect(Collectors.joining(", "));
            if (!always.isEmpty()) {
                all.add("all that there is to train on has the label " + always
                        + ", which is found everywhere then; leave it out, or add examples without it");
            }
            boolean one = task.perExample()
                    && names.size() > 1
                    && found.stream().allMatch(each -> each.entry().labels().size() == 1);
            if (one) {
                all.add(
                        "every example has exactly one label; if they exclude each other, give a class for each (a column"
                                + " class, or a whole number), and classification tells them better apart");
            }
        }

        /** Channels last is how other programs store arrays. */
        private void lastAxis(List<String> all) {
            long[] shape = found.get(0).inputShape();
            long last = shape[shape.length - 1];
            boolean picture = ArrayFiles.suffix(found.get(0).entry().input().file())
                    .orElse("")
                    .matches("\\.(npy|npz|h5|hdf5)");
            if (picture && shape.length > 2 && last <= MAX_PICTURE_CHANNELS && shape[0] > MAX_PICTURE_CHANNELS) {
                all.add("inputs have " + shape[0] + " channels of " + joined(Arrays.copyOfRange(shape, 1, shape.length))
                        + "; if the last axis is that of the channels, store it first");
            }
        }

        private void add(
                List<String> all,
                Predicate<Found> which,
                Function<Found, String> why,
                String what,
                String things,
                String remedy) {
            List<Found> those = found.stream().filter(which).toList();
            if (!those.isEmpty()) {
                String names = those.stream()
                        .limit(NAMED)
                        .map(one -> one.entry().name() + (why.apply(one).isEmpty() ? "" : ", " + why.apply(one)))
                        .collect(Collectors.joining("; "));
                all.add(String.format(Locale.ROOT, what, those.size() + " of " + found.size() + " " + things) + " ("
                        + names + (those.size() > NAMED ? "; ..." : "") + "); " + remedy);
            }
        }
    }
}
