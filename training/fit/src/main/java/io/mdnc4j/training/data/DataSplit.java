package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.DataEntry.Part;
import io.mdnc4j.training.files.DataException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Puts examples into three parts by chance. Examples of one group, and copies of one input, go to the same part, so that none is
 * tested on what trained; of each class every part gets its share. Examples that may have several labels at once are shared out by
 * the rarest label that they have, those without any by themselves.
 *
 * @param validation part of the examples that validate, between 0 and 1
 * @param test part of the examples that are tested on, between 0 and 1
 * @param seed of what chance decides
 */
public record DataSplit(double validation, double test, long seed) {
    /** 15% each. */
    public static final double SHARE = 0.15;

    private static final String FOLDS = "folds";

    /**
     * Checks the parts.
     *
     * @param validation part of the examples that validate, more than 0
     * @param test part of the examples that are tested on, more than 0
     * @param seed of what chance decides
     * @throws ArgumentException if a part is not more than 0, or nothing would be left to train with
     */
    public DataSplit {
        ArgumentException.require(
                validation > 0 && test > 0 && validation + test < 1,
                "split",
                validation + "," + test,
                "give parts that validate and test, more than 0 and together less than 1, such as 0.15,0.15");
    }

    /**
     * The examples with their parts, in the same order. Where some have a part, the others train, unless they belong together
     * with one that does not; without a validation part it is taken from those that train.
     *
     * @param entries the examples
     * @param content what is equal for copies of an input, such as a digest of the file
     * @return the examples, each with a part; those given are not changed
     * @throws DataException if a part gets no example, or one of training and test part lacks a class that others have
     */
    public List<DataEntry> apply(List<DataEntry> entries, Function<DataEntry, String> content) {
        boolean given = entries.stream().anyMatch(entry -> entry.part() != null);
        boolean validated = entries.stream().anyMatch(entry -> entry.part() == Part.VALIDATION);
        List<DataEntry> split = chosen(entries, content, validated ? 0 : validation, given ? 0 : test);
        for (Part part : Part.values()) {
            requireClasses(split, part);
        }
        return split;
    }

    /**
     * Deals examples to folds, each of which is tested on what the others train and validate with, so that every example is
     * tested once (cross-validation). What belongs together is in one fold; each has its share of every class, and about as many
     * examples as the others. Of what a fold does not test, {@link #validation} validates, at least one group.
     *
     * @param count folds, 2 or more
     * @param entries the examples, none of which has a part yet
     * @param content what is equal for copies of an input, such as a digest of the file
     * @return for each fold the examples, in the same order, each with a part
     * @throws ArgumentException if there are fewer than two folds, or more than groups of examples, or examples have parts
     * @throws DataException if a fold has nothing left to validate with, or a class with nothing to train on
     */
    public List<List<DataEntry>> folds(int count, List<DataEntry> entries, Function<DataEntry, String> content) {
        requireFolds(count);
        Optional<DataEntry> parted =
                entries.stream().filter(entry -> entry.part() != null).findFirst();
        if (parted.isPresent()) {
            throw new ArgumentException(
                    FOLDS,
                    count + ", but the data put " + parted.get().name() + " into a part of their own",
                    "leave folds out, or give all examples without parts");
        }
        List<List<DataEntry>> groups = groups(entries, content);
        requireFolds(count, groups.size(), "groups of examples that do not belong together");
        Map<DataEntry, Integer> folds = dealt(count, groups);
        List<List<DataEntry>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int fold = i;
            Map<DataEntry, String> contents = new IdentityHashMap<>();
            List<DataEntry> tested = entries.stream()
                    .map(entry -> {
                        DataEntry own = folds.get(entry) == fold ? entry.in(Part.TEST) : entry;
                        contents.put(own, content.apply(entry));
                        return own;
                    })
                    .toList();
            List<DataEntry> split = chosen(tested, contents::get, validation, 0);
            try {
                requireClasses(split, Part.TRAINING);
                requireExamples(split, Part.VALIDATION);
            } catch (DataException e) {
                throw new DataException("fold " + (fold + 1) + " of " + count + ": " + e.getMessage(), e);
            }
            all.add(split);
        }
        return all;
    }

    /**
     * Requires two folds.
     *
     * @param count of folds
     * @throws ArgumentException if there are fewer
     */
    public static void requireFolds(int count) {
        ArgumentException.require(count >= 2, FOLDS, count, "give 2 or more, such as 5");
    }

    /**
     * Requires as many folds as can be made.
     *
     * @param count of folds
     * @param most of what they share out
     * @param what that is, in words
     * @throws ArgumentException if it is fewer than 2, or there is less to share out
     */
    public static void requireFolds(int count, int most, String what) {
        requireFolds(count);
        ArgumentException.require(
                count <= most,
                FOLDS,
                count + " of " + most + " " + what,
                most < 2 ? "leave folds out" : "give " + most + " at most");
    }

    /** The fold of each example: a group goes where its class is rarest, of those where examples are fewest. */
    private Map<DataEntry, Integer> dealt(int count, List<List<DataEntry>> groups) {
        Map<String, List<List<DataEntry>>> classes = new LinkedHashMap<>();
        Function<List<DataEntry>, String> strata = strata(groups);
        groups.forEach(group -> classes.computeIfAbsent(strata.apply(group), label -> new ArrayList<>())
                .add(group));
        Random random = new Random(seed);
        Map<DataEntry, Integer> folds = new IdentityHashMap<>();
        int[] sizes = new int[count];
        for (List<List<DataEntry>> ofClass : classes.values()) {
            Collections.shuffle(ofClass, random);
            // the largest first, so that the others can make up for them
            ofClass.sort(Comparator.comparingInt((List<DataEntry> group) -> group.size())
                    .reversed());
            int[] sizesOfClass = new int[count];
            for (List<DataEntry> group : ofClass) {
                int fold = IntStream.range(0, count)
                        .boxed()
                        .min(Comparator.comparingInt((Integer i) -> sizesOfClass[i])
                                .thenComparingInt(i -> sizes[i]))
                        .orElseThrow();
                group.forEach(entry -> folds.put(entry, fold));
                sizes[fold] += group.size();
                sizesOfClass[fold] += group.size();
            }
        }
        return folds;
    }

    /** Chooses parts for those that train or are in none yet. */
    private List<DataEntry> chosen(
            List<DataEntry> entries, Function<DataEntry, String> content, double validationShare, double testShare) {
        Map<String, List<List<DataEntry>>> classes = new LinkedHashMap<>();
        Map<DataEntry, Part> parts = new IdentityHashMap<>();
        List<List<DataEntry>> groups = groups(entries, content);
        Function<List<DataEntry>, String> strata = strata(groups);
        for (List<DataEntry> group : groups) {
            Optional<Part> held = group.stream()
                    .map(DataEntry::part)
                    .filter(part -> part != null && part != Part.TRAINING)
                    .findFirst();
            if (held.isPresent()) {
                group.stream().filter(entry -> entry.part() == null).forEach(entry -> parts.put(entry, held.get()));
            } else {
                classes.computeIfAbsent(strata.apply(group), label -> new ArrayList<>())
                        .add(group);
            }
        }
        Random random = new Random(seed);
        // where no class has enough groups for a share, the first that can spare one gives it
        Optional<List<List<DataEntry>>> scarce = testShare > 0
                        || classes.values().stream().anyMatch(ofClass -> share(ofClass.size(), validationShare) > 0)
                ? Optional.empty()
                : classes.values().stream()
                        .filter(ofClass -> ofClass.size() > 1)
                        .findFirst();
        for (List<List<DataEntry>> ofClass : classes.values()) {
            Collections.shuffle(ofClass, random);
            boolean gives = validationShare > 0 && scarce.isPresent() && scarce.get() == ofClass;
            int validating = gives ? 1 : share(ofClass.size(), validationShare);
            int testing = share(ofClass.size(), testShare);
            for (int i = 0; i < ofClass.size(); i++) {
                Part part = i < testing ? Part.TEST : i < testing + validating ? Part.VALIDATION : Part.TRAINING;
                ofClass.get(i).forEach(entry -> parts.put(entry, part));
            }
        }
        return entries.stream()
                .map(entry -> parts.containsKey(entry) ? entry.in(parts.get(entry)) : entry)
                .toList();
    }

    /** What groups are shared out by: their class, or of several labels at once that which the fewest groups have. */
    private static Function<List<DataEntry>, String> strata(List<List<DataEntry>> groups) {
        Map<String, Integer> counts = new HashMap<>();
        groups.forEach(group -> labels(group).forEach(label -> counts.merge(label, 1, Integer::sum)));
        return group -> labels(group).stream()
                .min(Comparator.comparingInt((String label) -> counts.get(label))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(group.get(0).label());
    }

    /** The labels of which a group may have several at once. */
    private static Set<String> labels(List<DataEntry> group) {
        return group.stream()
                .filter(entry -> entry.labels() != null)
                .flatMap(entry -> entry.labels().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** At least one of three or more. */
    private static int share(int count, double part) {
        return part == 0 ? 0 : Math.max((int) Math.round(count * part), count > 2 ? 1 : 0);
    }

    /** Examples that belong together: by their groups, and by their contents, whichever links them. */
    private static List<List<DataEntry>> groups(List<DataEntry> entries, Function<DataEntry, String> content) {
        Map<String, List<DataEntry>> groups = new LinkedHashMap<>();
        for (DataEntry entry : entries) {
            List<DataEntry> together = new ArrayList<>();
            together.add(entry);
            for (String key : keys(entry, content)) {
                List<DataEntry> others = groups.get(key);
                if (others != null && others != together) {
                    together.addAll(others);
                    for (DataEntry other : others) {
                        keys(other, content).forEach(otherKey -> groups.put(otherKey, together));
                    }
                }
            }
            keys(entry, content).forEach(key -> groups.put(key, together));
        }
        Map<List<DataEntry>, Boolean> once = new IdentityHashMap<>();
        return groups.values().stream()
                .filter(group -> once.put(group, true) == null)
                .toList();
    }

    private static List<String> keys(DataEntry entry, Function<DataEntry, String> content) {
        String digest = "content " + content.apply(entry);
        return entry.group().isEmpty() ? List.of(digest) : List.of(digest, "group " + entry.group());
    }

    private static void requireClasses(List<DataEntry> split, Part part) {
        List<DataEntry> its = requireExamples(split, part);
        TreeSet<String> missing = split.stream().map(DataEntry::label).collect(Collectors.toCollection(TreeSet::new));
        its.forEach(entry -> missing.remove(entry.label()));
        if (!missing.isEmpty()) {
            throw new DataException(
                    "data: the " + name(part) + " part has no example of class " + String.join(", ", missing)
                            + "; add examples (three or more of each class, of different groups), or leave the class out");
        }
    }

    private static List<DataEntry> requireExamples(List<DataEntry> split, Part part) {
        List<DataEntry> its =
                split.stream().filter(entry -> entry.part() == part).toList();
        if (its.isEmpty()) {
            throw new DataException("data: of " + split.size() + " examples none is in the " + name(part)
                    + " part; give three groups of examples or more, or a larger part");
        }
        return its;
    }

    private static String name(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }
}
