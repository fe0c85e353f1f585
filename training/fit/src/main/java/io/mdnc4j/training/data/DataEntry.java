package io.mdnc4j.training.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An example as a data set lists it, not read yet.
 *
 * @param name where it comes from
 * @param input where its input is stored
 * @param target where its target is stored; {@code null} where {@code label}, {@code labels} or {@code numbers} tell it
 * @param label name of its class; empty where something else tells the target
 * @param labels names of those labels that it has, any number of them; {@code null} where something else tells the target
 * @param numbers that are its target, by name and in their order; empty where something else tells it
 * @param part part of the data that the set puts it in; {@code null} if the set leaves that to chance
 * @param group examples of one group, such as one person's, go to the same part; empty for none
 */
public record DataEntry(
        String name,
        ArrayReference input,
        @Nullable ArrayReference target,
        String label,
        @Nullable List<String> labels,
        Map<String, Double> numbers,
        @Nullable Part part,
        String group) {
    /**
     * Copies labels and numbers.
     *
     * @param name where it comes from
     * @param input where its input is stored
     * @param target where its target is stored; {@code null} where {@code label}, {@code labels} or {@code numbers} tell it
     * @param label name of its class; empty where something else tells the target
     * @param labels names of those labels that it has, any number of them; {@code null} where something else tells the target
     * @param numbers that are its target, by name and in their order; empty where something else tells it
     * @param part part of the data that the set puts it in; {@code null} if the set leaves that to chance
     * @param group examples of one group, such as one person's, go to the same part; empty for none
     */
    public DataEntry {
        labels = labels == null ? null : List.copyOf(labels);
        numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
    }

    /**
     * An example whose target is stored, is a class, or is numbers.
     *
     * @param name where it comes from
     * @param input where its input is stored
     * @param target where its target is stored; {@code null} where {@code label} or {@code numbers} tell it
     * @param label name of its class; empty where something else tells the target
     * @param numbers that are its target, by name and in their order; empty where something else tells it
     * @param part part of the data that the set puts it in; {@code null} if the set leaves that to chance
     * @param group examples of one group, such as one person's, go to the same part; empty for none
     */
    public DataEntry(
            String name,
            ArrayReference input,
            @Nullable ArrayReference target,
            String label,
            Map<String, Double> numbers,
            @Nullable Part part,
            String group) {
        this(name, input, target, label, null, numbers, part, group);
    }

    /**
     * An example whose target is stored, or is a class.
     *
     * @param name where it comes from
     * @param input where its input is stored
     * @param target where its target is stored; {@code null} where {@code label} tells it
     * @param label name of its class; empty where {@code target} tells it
     * @param part part of the data that the set puts it in; {@code null} if the set leaves that to chance
     * @param group examples of one group, such as one person's, go to the same part; empty for none
     */
    public DataEntry(
            String name,
            ArrayReference input,
            @Nullable ArrayReference target,
            String label,
            @Nullable Part part,
            String group) {
        this(name, input, target, label, null, Map.of(), part, group);
    }

    /** {@return whether there is no target but the input itself} */
    public boolean isInputAlone() {
        return input.equals(target);
    }

    /** The parts of the data. */
    public enum Part {
        /** What the network learns from. */
        TRAINING,
        /** What is measured after every epoch, to keep the best network; not learned from. */
        VALIDATION,
        /** What neither trains nor validates, for the results. */
        TEST
    }

    /**
     * The same in a part.
     *
     * @param other the part
     * @return the example in that part
     */
    public DataEntry in(Part other) {
        return new DataEntry(name, input, target, label, labels, numbers, other, group);
    }

    /**
     * The same with numbers as its target, and nothing else.
     *
     * @param other by name and in their order
     * @return the example with them
     */
    public DataEntry withNumbers(Map<String, Double> other) {
        return new DataEntry(name, input, null, "", null, other, part, group);
    }

    /**
     * The same with labels as its target, of which several may apply at once.
     *
     * @param other whether it has each, by name and in their order: 1, 0, or -1 where that is not known
     * @return the example with them
     */
    public DataEntry withLabels(Map<String, Double> other) {
        List<String> present = other.entrySet().stream()
                .filter(label -> label.getValue() == 1)
                .map(Map.Entry::getKey)
                .toList();
        return new DataEntry(name, input, null, "", present, other, part, group);
    }
}
