package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.DataEntry.Part;
import io.mdnc4j.training.files.DataException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Puts examples into three parts by chance. Examples of one group, and copies of one input, go to the same part, so that none is
 * tested on what trained; of each class every part gets its share.
 *
 * @param validation part of the examples that validate, between 0 and 1
 * @param test part of the examples that are tested on, between 0 and 1
 * @param seed of what chance decides
 */
public record DataSplit(double validation, double test, long seed) {
    /** 15% each. */
    public static final double SHARE = 0.15;

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

    /** Chooses parts for those that train or are in none yet. */
    private List<DataEntry> chosen(
            List<DataEntry> entries, Function<DataEntry, String> content, double validationShare, double testShare) {
        Map<String, List<List<DataEntry>>> classes = new LinkedHashMap<>();
        Map<DataEntry, Part> parts = new IdentityHashMap<>();
        for (List<DataEntry> group : groups(entries, content)) {
            Optional<Part> held = group.stream()
                    .map(DataEntry::part)
                    .filter(part -> part != null && part != Part.TRAINING)
                    .findFirst();
            if (held.isPresent()) {
                group.stream().filter(entry -> entry.part() == null).forEach(entry -> parts.put(entry, held.get()));
            } else {
                classes.computeIfAbsent(group.get(0).label(), label -> new ArrayList<>())
                        .add(group);
            }
        }
        Random random = new Random(seed);
        for (List<List<DataEntry>> groups : classes.values()) {
            Collections.shuffle(groups, random);
            int validating = share(groups.size(), validationShare);
            int testing = share(groups.size(), testShare);
            for (int i = 0; i < groups.size(); i++) {
                Part part = i < testing ? Part.TEST : i < testing + validating ? Part.VALIDATION : Part.TRAINING;
                groups.get(i).forEach(entry -> parts.put(entry, part));
            }
        }
        return entries.stream()
                .map(entry -> parts.containsKey(entry) ? entry.in(parts.get(entry)) : entry)
                .toList();
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
        List<DataEntry> its =
                split.stream().filter(entry -> entry.part() == part).toList();
        String name = part.name().toLowerCase(Locale.ROOT);
        if (its.isEmpty()) {
            throw new DataException("data: of " + split.size() + " examples none is in the " + name
                    + " part; give three groups of examples or more, or a larger part");
        }
        TreeSet<String> missing = split.stream().map(DataEntry::label).collect(Collectors.toCollection(TreeSet::new));
        its.forEach(entry -> missing.remove(entry.label()));
        if (!missing.isEmpty()) {
            throw new DataException("data: the " + name + " part has no example of class " + String.join(", ", missing)
                    + "; add examples (three or more of each class, of different groups), or leave the class out");
        }
    }
}
