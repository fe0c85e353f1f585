package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;

/** Has the ways of a program's convolutions tried, between two passes and in their memory, for a while. */
final class Tuner {
    /** Bytes of the operands of a trial, beyond which the rule decides. */
    private static final long MOST = 1L << 28;

    private final OneDnn oneDnn;
    private final Choices choices;
    private final LongSupplier clock;
    private final long end;
    private final Set<String> keys;
    private boolean complete = true;
    private boolean other;

    /**
     * A tuner for so long.
     *
     * @param choices where what was found is kept
     * @param clock in nanoseconds
     * @param nanos after which no further trial begins; one is made in any case
     * @param keys where those of all passes are added
     */
    Tuner(OneDnn oneDnn, Choices choices, LongSupplier clock, long nanos, Set<String> keys) {
        this.oneDnn = oneDnn;
        this.choices = choices;
        this.clock = clock;
        this.keys = keys;
        end = clock.getAsLong() + nanos;
    }

    private boolean began;

    /** Whether the passes that it was shown all have been tried. */
    boolean isComplete() {
        return complete;
    }

    /** Whether some of them would be computed in another way now. */
    boolean foundOther() {
        return other;
    }

    /** Tries a pass that has not been tried yet, if there is time. */
    void choose(Pass pass, Convolved convolved, Way present) {
        keys.add(Choices.key(pass, convolved));
        Optional<Way> known = choices.way(pass, convolved);
        if (known.isEmpty() && choices.isFull()) {
            return; // which leaves it to the rules
        }
        if (known.isEmpty()) {
            if (began && clock.getAsLong() - end > 0) {
                complete = false;
                return;
            }
            began = true;
            known = Optional.of(fastest(pass, convolved));
            choices.put(pass, convolved, known.get());
        }
        other |= known.get() != present;
    }

    private Way fastest(Pass pass, Convolved convolved) {
        Way rule = Way.rule(pass, convolved);
        List<Way> candidates = Way.candidates(pass, convolved);
        Map<Way, Kernel> kernels = new EnumMap<>(Way.class);
        try {
            for (Way way : candidates) {
                OneDnn.unlessRefused(convolved, () -> way.create(pass, convolved))
                        .ifPresent(kernel -> kernels.put(way, kernel));
            }
            if (kernels.size() < 2 || !kernels.containsKey(rule)) {
                return rule;
            }
            Kernel.Operands operands = operands(pass, convolved, kernels);
            return operands == null
                    ? rule
                    : Trial.fastest(rule, List.copyOf(kernels.keySet()), way -> {
                        long start = clock.getAsLong();
                        kernels.get(way).run(oneDnn, operands);
                        return clock.getAsLong() - start;
                    });
        } finally {
            kernels.values().forEach(Kernel::free);
        }
    }

    /** Numbers in the memory that is free between two passes; {@code null} where they would need too much of it. */
    private Kernel.Operands operands(Pass pass, Convolved of, Map<Way, Kernel> kernels) {
        long scratch = kernels.values().stream()
                .mapToLong(kernel -> kernel.scratch(false))
                .max()
                .orElse(0);
        Slot x = new Slot(of.x.elements(), 0, 0);
        Slot y = new Slot(of.y.elements(), 0, 0);
        Slot weights = new Slot(of.weights(), 0, 0);
        Slot biases = new Slot(of.y.channels, 0, 0);
        Slot besides = new Slot(Math.max(1, scratch), 0, 0);
        Placement placement = new Placement();
        List<Slot> slots = List.of(x, y, weights, biases, besides);
        slots.forEach(placement::add);
        long bytes = placement.place() * Float.BYTES;
        if (bytes > MOST) {
            return null;
        }
        Pointer memory = oneDnn.values.atLeast(bytes);
        slots.forEach(slot -> slot.bind(memory));
        Stream.of(x, y, weights, biases).forEach(slot -> fill(slot.buffer()));
        boolean biased = of.biased && pass != Pass.DATA;
        return new Kernel.Operands(x, weights.pointer(), biased ? biases.pointer() : null, y, besides, false);
    }

    /** Ordinary numbers, with which processors compute at their usual speed. */
    private static void fill(FloatBuffer buffer) {
        float[] numbers = new float[1023];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (i % 31 - 15) / 16f;
        }
        for (int offset = 0; offset < buffer.capacity(); offset += numbers.length) {
            buffer.put(offset, numbers, 0, Math.min(numbers.length, buffer.capacity() - offset));
        }
    }
}
