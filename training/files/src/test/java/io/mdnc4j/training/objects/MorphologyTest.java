package io.mdnc4j.training.objects;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MorphologyTest {
    private static Morphology of(String... rows) {
        String all = String.join("", rows);
        boolean[] mask = new boolean[all.length()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = all.charAt(i) == '#';
        }
        return new Morphology(mask, rows.length, rows[0].length());
    }

    private static void assertMask(Morphology found, String... rows) {
        StringBuilder text = new StringBuilder();
        for (boolean element : found.mask()) {
            text.append(element ? '#' : '.');
        }
        assertEquals(String.join("", rows), text.toString());
    }

    @Test
    void operationsOnAPlane() {
        Morphology mask = of(
                "####..", //
                "####.#", "####..", "......");
        assertMask(mask.erode(), "......", ".##...", "......", "......");
        assertMask(mask.largest(), "####..", "####..", "####..", "......");
        assertMask(mask.erode().dilate(), ".##...", "####..", ".##...", "......");
        Morphology ring = of(".###.", ".#.#.", ".###.");
        assertMask(ring.filled(), ".###.", ".###.", ".###.");
        assertMask(of("#.#", "###").filled(), "#.#", "###");
        assertMask(of("...", "...").largest(), "...", "...");
    }
}
