package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.DataEntry.Part;
import io.mdnc4j.training.files.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSplitTest {
    private static final DataSplit SPLIT = new DataSplit(0.15, 0.15, 1);

    @Test
    void everyClassHasItsShareInEveryPart() {
        List<DataEntry> split = SPLIT.apply(examples(40, 100), DataEntry::name);
        assertEquals(Map.of(Part.TRAINING, 28L, Part.VALIDATION, 6L, Part.TEST, 6L), count(split, "class 0"));
        assertEquals(Map.of(Part.TRAINING, 70L, Part.VALIDATION, 15L, Part.TEST, 15L), count(split, "class 1"));
    }

    @Test
    void theSeedDecides() {
        List<DataEntry> examples = examples(50);
        List<DataEntry> split = SPLIT.apply(examples, DataEntry::name);
        assertEquals(split, SPLIT.apply(examples, DataEntry::name));
        assertNotEquals(split, new DataSplit(0.15, 0.15, 2).apply(examples, DataEntry::name));
    }

    /** However groups and copies link examples, no link crosses from one part to another, and every example stays. */
    @Property(tries = 200)
    void groupsAndCopiesStayTogether(
            @ForAll @Size(min = 40, max = 60) List<@IntRange(max = 25) Integer> groups,
            @ForAll @Size(min = 40, max = 60) List<@IntRange(max = 400) Integer> contents) {
        List<DataEntry> examples = new ArrayList<>();
        Map<String, String> content = new HashMap<>();
        for (int i = 0; i < Math.min(groups.size(), contents.size()); i++) {
            String group = groups.get(i) == 0 ? "" : "group " + groups.get(i);
            examples.add(example("example " + i, "", null, group));
            content.put("example " + i, String.valueOf(contents.get(i)));
        }
        List<DataEntry> split;
        try {
            split = SPLIT.apply(examples, entry -> content.get(entry.name()));
        } catch (DataException e) {
            assertTrue(e.getMessage().contains("three groups of examples or more"), e::getMessage);
            return;
        }
        assertEquals(
                examples.stream().map(DataEntry::name).toList(),
                split.stream().map(DataEntry::name).toList());
        requireOnePart(split, entry -> content.get(entry.name()));
        requireOnePart(split.stream().filter(entry -> !entry.group().isEmpty()).toList(), DataEntry::group);
    }

    private static void requireOnePart(List<DataEntry> split, Function<DataEntry, String> key) {
        Map<String, Part> parts = new HashMap<>();
        for (DataEntry entry : split) {
            Part other = parts.putIfAbsent(key.apply(entry), entry.part());
            assertTrue(other == null || other == entry.part(), () -> key.apply(entry) + " is in two parts");
        }
    }

    @Test
    void partsThatAreGivenStay() {
        List<DataEntry> examples = new ArrayList<>(examples(10));
        examples.add(example("tested", "class 0", Part.TEST, ""));
        List<DataEntry> split = SPLIT.apply(examples, DataEntry::name);
        assertEquals(Map.of(Part.TRAINING, 8L, Part.VALIDATION, 2L, Part.TEST, 1L), count(split, "class 0"));
        assertEquals(Part.TEST, split.get(10).part());
    }

    /** A copy of a test example, or one of its group, is not trained on because its part was left open. */
    @Test
    void openPartsFollowThoseThatAreGiven() {
        List<DataEntry> examples = new ArrayList<>(examples(10));
        examples.add(example("tested", "class 0", Part.TEST, "anna"));
        examples.add(example("copy of tested", "class 0", null, ""));
        examples.add(example("of anna", "class 0", null, "anna"));
        Map<DataEntry, String> contents = new IdentityHashMap<>();
        examples.forEach(entry -> contents.put(entry, entry.name().replace("copy of ", "")));
        List<DataEntry> split = SPLIT.apply(examples, entry -> contents.get(entry));
        assertEquals(Map.of(Part.TRAINING, 8L, Part.VALIDATION, 2L, Part.TEST, 3L), count(split, "class 0"));
        assertEquals(Part.TEST, split.get(11).part());
        assertEquals(Part.TEST, split.get(12).part());
    }

    @Test
    void aMissingClassIsNamed() {
        String message = assertThrows(DataException.class, () -> SPLIT.apply(examples(20, 2), DataEntry::name))
                .getMessage();
        assertTrue(message.contains("class 1") && !message.contains("class 0"), message);
    }

    @Test
    void copiesAloneCannotBeSplit() {
        assertThrows(DataException.class, () -> SPLIT.apply(examples(20), entry -> "the same"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.1", "0.1, 0", "0.5, 0.5", "-0.1, 0.5", "NaN, 0.1"})
    void sharesLeaveSomethingToEachPart(double validation, double test) {
        assertThrows(IllegalArgumentException.class, () -> new DataSplit(validation, test, 0));
    }

    /** So many examples of each class. */
    private static List<DataEntry> examples(int... counts) {
        List<DataEntry> examples = new ArrayList<>();
        for (int label = 0; label < counts.length; label++) {
            for (int i = 0; i < counts[label]; i++) {
                examples.add(example(label + "/" + i, "class " + label, null, ""));
            }
        }
        return examples;
    }

    private static DataEntry example(String name, String label, Part part, String group) {
        return new DataEntry(name, new ArrayReference(Path.of(name)), null, label, part, group);
    }

    private static Map<Part, Long> count(List<DataEntry> entries, String label) {
        return entries.stream()
                .filter(entry -> entry.label().equals(label))
                .collect(Collectors.groupingBy(DataEntry::part, Collectors.counting()));
    }

    /** Whatever links examples: each is tested once, what belongs together in one fold, and all folds have all parts. */
    @Property(tries = 200)
    void everyExampleIsTestedOnce(
            @ForAll @Size(min = 20, max = 60) List<@IntRange(max = 25) Integer> groups,
            @ForAll @IntRange(min = 2, max = 7) int count) {
        List<DataEntry> examples = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            String group = groups.get(i) == 0 ? "" : "group " + groups.get(i);
            examples.add(example("example " + i, "", null, group));
        }
        long kinds = groups.stream().filter(group -> group > 0).distinct().count()
                + groups.stream().filter(group -> group == 0).count();
        if (kinds < Math.max(3, count)) {
            return;
        }
        List<List<DataEntry>> folds = SPLIT.folds(count, examples, DataEntry::name);
        assertEquals(count, folds.size());
        Map<String, Long> tested = folds.stream()
                .flatMap(List::stream)
                .filter(entry -> entry.part() == Part.TEST)
                .collect(Collectors.groupingBy(DataEntry::name, Collectors.counting()));
        assertEquals(examples.size(), tested.size());
        assertTrue(tested.values().stream().allMatch(times -> times == 1), tested::toString);
        for (List<DataEntry> fold : folds) {
            requireOnePart(
                    fold.stream().filter(entry -> !entry.group().isEmpty()).toList(), DataEntry::group);
            assertEquals(3, fold.stream().map(DataEntry::part).distinct().count());
        }
        assertEquals(folds, SPLIT.folds(count, examples, DataEntry::name));
    }

    @Test
    void foldsHaveTheirShareOfEveryClass() {
        for (List<DataEntry> fold : SPLIT.folds(5, examples(40, 11), DataEntry::name)) {
            assertEquals(8, count(fold, "class 0").get(Part.TEST));
            assertEquals(5, count(fold, "class 0").get(Part.VALIDATION));
            long rare = count(fold, "class 1").get(Part.TEST);
            assertTrue(rare == 2 || rare == 3, "tests " + rare);
        }
    }

    /** One person with most of the examples: the other folds share out the rest evenly. */
    @Test
    void groupsOfUnequalSizeAreSpread() {
        List<DataEntry> examples = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            examples.add(example("example " + i, "", null, i < 18 ? "anna" : i < 24 ? "bert" : "group " + i / 2));
        }
        List<Long> sizes = SPLIT.folds(3, examples, DataEntry::name).stream()
                .map(fold -> count(fold, "").get(Part.TEST))
                .sorted()
                .toList();
        assertEquals(List.of(6L, 6L, 18L), sizes);
    }

    @Test
    void threeExamplesMakeThreeFolds() {
        for (List<DataEntry> fold : SPLIT.folds(3, examples(3), DataEntry::name)) {
            assertEquals(Map.of(Part.TRAINING, 1L, Part.VALIDATION, 1L, Part.TEST, 1L), count(fold, "class 0"));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2 or more", "4, 4 of 3 groups", "-1, 2 or more"})
    void foldsThatCannotBeAreRefused(int count, String reason) {
        String message = assertThrows(ArgumentException.class, () -> SPLIT.folds(count, examples(3), DataEntry::name))
                .getMessage();
        assertTrue(message.contains("folds") && message.contains(reason), message);
    }

    @Test
    void foldsNeedExamplesWithoutParts() {
        List<DataEntry> examples = new ArrayList<>(examples(10));
        examples.add(example("tested", "class 0", Part.TEST, ""));
        String message = assertThrows(ArgumentException.class, () -> SPLIT.folds(2, examples, DataEntry::name))
                .getMessage();
        assertTrue(message.contains("tested"), message);
    }

    /** Tested, the only example of a class would leave none to train on; two of them may be missing where they validate. */
    @Test
    void aClassMustBeTrainedOnInEveryFold() {
        String message = assertThrows(DataException.class, () -> SPLIT.folds(3, examples(9, 1), DataEntry::name))
                .getMessage();
        assertTrue(message.contains("fold ") && message.contains("class 1"), message);
        assertEquals(3, SPLIT.folds(3, examples(9, 2), DataEntry::name).size());
    }
}
