package io.mdnc4j.training.data;

import org.jspecify.annotations.Nullable;

/**
 * An example as a data set lists it, not read yet.
 *
 * @param name where it comes from
 * @param input where its input is stored
 * @param target where its target is stored; {@code null} where {@code label} tells it
 * @param label name of its class; empty where {@code target} tells it
 * @param part part of the data that the set puts it in; {@code null} if the set leaves that to chance
 * @param group examples of one group, such as one person's, go to the same part; empty for none
 */
public record DataEntry(
        String name,
        ArrayReference input,
        @Nullable ArrayReference target,
        String label,
        @Nullable Part part,
        String group) {
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
        return new DataEntry(name, input, target, label, other, group);
    }
}
