package io.mdnc4j.blocks.internal.channelslast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.Convolutions;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Choices by times that are given. */
class TrialTest {
    private final List<String> runs = new ArrayList<>();

    /** The times of each, the last for ever. */
    private String fastest(Map<String, List<Integer>> times, String... others) {
        runs.clear();
        Map<String, Deque<Integer>> left = new HashMap<>();
        times.forEach((name, list) -> left.put(name, new ArrayDeque<>(list)));
        return Trial.fastest("rule", Arrays.asList(others), name -> {
            runs.add(name);
            Deque<Integer> own = left.get(name);
            return own.size() > 1 ? own.poll() : own.peek();
        });
    }

    @Test
    void onlyAClearGainChangesTheWay() {
        assertEquals("other", fastest(Map.of("rule", List.of(100), "other", List.of(89)), "rule", "other"));
        assertEquals("rule", fastest(Map.of("rule", List.of(100), "other", List.of(91)), "other"));
        assertEquals(
                "best",
                fastest(Map.of("rule", List.of(100), "good", List.of(80), "best", List.of(79)), "good", "best"));
        assertEquals("rule", fastest(Map.of("rule", List.of(100))));
        assertTrue(runs.isEmpty());
    }

    /** Of a warm-up, and of one of the two series. */
    @Test
    void chanceDoesNot() {
        assertEquals("rule", fastest(Map.of("rule", List.of(900, 100), "other", List.of(10, 100)), "other"));
        assertEquals("rule", fastest(Map.of("rule", List.of(100), "other", List.of(9, 50, 120, 120, 120)), "other"));
        assertEquals("rule", fastest(Map.of("rule", List.of(9, 300, 300, 300, 100), "other", List.of(100)), "other"));
        // another program slowed down some of its runs
        assertEquals(
                "other",
                fastest(Map.of("rule", List.of(100), "other", List.of(500, 150, 50, 180, 150, 50, 180)), "other"));
    }

    @Test
    void nobodyWaitsForHopelessOnes() {
        assertEquals("rule", fastest(Map.of("rule", List.of(100), "slow", List.of(1000)), "slow"));
        assertEquals(2, runs.stream().filter("slow"::equals).count());
    }

    private static Convolved convolved(int channels) {
        Convolutions convolution = new Convolutions(new int[] {3}, new int[] {1}, new int[] {1});
        return new Convolved(
                convolution, true, InferencePrecision.FLOAT, new Maps(1, channels, 5), new Maps(1, channels, 5));
    }

    /** With a clock that stands still no way is faster than the rule's. */
    @Test
    void aStepMakesOneTrialOverItsTimeAtTheMost() {
        assumeTrue(OneDnn.AVAILABLE);
        Choices choices = Choices.empty();
        Set<String> keys = new TreeSet<>();
        long[] now = {0};
        Tuner tuner = new Tuner(OneDnn.ofThread(), choices, () -> now[0], 5, keys);
        tuner.choose(Pass.FORWARD, convolved(16), Way.rule(Pass.FORWARD, convolved(16)));
        assertEquals(1, choices.size());
        now[0] = 6;
        tuner.choose(Pass.FORWARD, convolved(32), Way.CHANNELS_LAST);
        tuner.choose(Pass.FORWARD, convolved(16), Way.rule(Pass.FORWARD, convolved(16)));
        assertEquals(1, choices.size());
        assertEquals(2, keys.size());
        assertFalse(tuner.isComplete());
        assertFalse(tuner.foundOther());
        assertEquals(
                Way.rule(Pass.FORWARD, convolved(16)),
                choices.way(Pass.FORWARD, convolved(16)).orElseThrow());

        Tuner next = new Tuner(OneDnn.ofThread(), choices, () -> now[0], 0, keys);
        next.choose(Pass.FORWARD, convolved(16), Way.WINDOWS);
        next.choose(Pass.FORWARD, convolved(32), Way.CHANNELS_LAST);
        assertTrue(next.isComplete());
        assertTrue(next.foundOther());
        assertEquals(2, choices.size());
    }

    /** Files come from anywhere: what does not suit is tried, rather than found another way than the present one for ever. */
    @Test
    void unsuitedChoicesAreNone() {
        assumeTrue(OneDnn.AVAILABLE);
        Convolved convolved = convolved(16);
        Choices choices = Choices.fixed(Map.of(Choices.key(Pass.FORWARD, convolved), "product"));
        assertTrue(choices.way(Pass.FORWARD, convolved).isEmpty());
        assertEquals(1, choices.size());
    }
}
