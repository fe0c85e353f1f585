package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}
