package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class CachedExamplesTest {
    private static final long SMALL = 4 * (10 + 1);

    private final List<Integer> read = new ArrayList<>();

    /** Ten inputs of 10 values, of which the last has 100, with a target of one. */
    private final Examples source = new Examples() {
        @Override
        public int size() {
            return 10;
        }

        @Override
        public Example get(int index) {
            read.add(index);
            return new Example("", Nd4j.zeros(1, index == 9 ? 100 : 10), Nd4j.createFromArray((float) index));
        }
    };

    @Test
    void thoseUsedLastAreKept() {
        CachedExamples cached = (CachedExamples) source.cached(3 * SMALL + 1);
        for (int index : new int[] {0, 1, 2, 0, 1, 2, 0, 3, 0, 2, 1, 9, 9, 0}) {
            assertEquals(index, cached.get(index).target().getInt(0));
            assertTrue(cached.bytes() <= 3 * SMALL + 1, "bytes " + cached.bytes());
        }
        // 3 takes the place of 1, 1 that of 3; 9 is too large to be kept
        assertEquals(List.of(0, 1, 2, 3, 1, 9, 9), read);
        assertEquals(10, cached.size());
    }

    @Test
    void nothingIsKeptWithoutRoom() {
        Examples cached = source.cached(0);
        cached.get(4);
        cached.get(4);
        assertEquals(List.of(4, 4), read);
        assertThrows(IllegalArgumentException.class, () -> source.cached(-1));
    }
}
