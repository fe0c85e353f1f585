package io.mdnc4j.blocks.internal.channelslast;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds places for slots, so that those needed at the same time do not overlap and all together take little memory. */
final class Placement {
    /** In floats: a cache line, and what vector instructions like. */
    private static final long ALIGNMENT = 16;

    private final Set<Slot> slots = new LinkedHashSet<>();

    void add(Slot slot) {
        slots.add(slot);
    }

    Set<Slot> slots() {
        return slots;
    }

    /** Places all slots, the largest first, each as low as it can be; the floats that they take together. */
    long place() {
        List<Slot> placed = new ArrayList<>();
        List<Slot> largestFirst = new ArrayList<>(slots);
        largestFirst.sort(Comparator.comparingLong((Slot slot) -> -slot.floats));
        long total = 0;
        for (Slot slot : largestFirst) {
            slot.offset = lowest(slot, placed);
            placed.add(slot);
            total = Math.max(total, end(slot));
        }
        return total;
    }

    private static long lowest(Slot slot, List<Slot> placed) {
        List<Slot> rivals = new ArrayList<>();
        for (Slot other : placed) {
            if (other.from <= slot.to && slot.from <= other.to) {
                rivals.add(other);
            }
        }
        rivals.sort(Comparator.comparingLong(other -> other.offset));
        long offset = 0;
        for (Slot rival : rivals) {
            if (offset + slot.floats <= rival.offset) {
                return offset;
            }
            offset = Math.max(offset, end(rival));
        }
        return offset;
    }

    private static long end(Slot slot) {
        return (slot.offset + slot.floats + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
