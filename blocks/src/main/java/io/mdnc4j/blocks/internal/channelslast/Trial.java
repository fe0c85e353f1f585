package io.mdnc4j.blocks.internal.channelslast;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Compares times, which on a machine that other programs use are noisy: candidates take turns in several series, of which
 * each says the least time, and only one that is clearly faster than the rule's in every series takes its place.
 */
final class Trial {
    private static final int SERIES = 2;
    private static final int ROUNDS = 3;

    /** The part of the rule's time that a faster one stays below. */
    private static final double CLEAR = 0.9;

    /** How many times the rule's time nobody waits for again. */
    private static final double HOPELESS = 2;

    private Trial() {}

    /**
     * The fastest.
     *
     * @param rule what is taken unless another is clearly faster
     * @param others to compare with it
     * @param nanos runs one and says how long it took
     */
    static <T> T fastest(T rule, List<T> others, ToLongFunction<T> nanos) {
        List<T> left = new ArrayList<>(others);
        left.remove(rule);
        Map<T, Long> sums = new HashMap<>();
        warmUp(rule, left, nanos);
        for (int series = 0; series < SERIES && !left.isEmpty(); series++) {
            Map<T, Long> least = new HashMap<>();
            for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
                least.merge(rule, nanos.applyAsLong(rule), Math::min);
                left.forEach(other -> least.merge(other, nanos.applyAsLong(other), Math::min));
                left.removeIf(other -> least.get(other) > HOPELESS * least.get(rule));
            }
            left.removeIf(other -> least.get(other) >= CLEAR * least.get(rule));
            left.forEach(other -> sums.merge(other, least.get(other), Long::sum));
        }
        return left.stream()
                .min((a, b) -> Long.compare(sums.get(a), sums.get(b)))
                .orElse(rule);
    }

    /** First runs find code and memory cold. */
    private static <T> void warmUp(T rule, List<T> others, ToLongFunction<T> nanos) {
        if (!others.isEmpty()) {
            nanos.applyAsLong(rule);
            others.forEach(nanos::applyAsLong);
        }
    }
}
