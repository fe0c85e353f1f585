package io.mdnc4j.training.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class SurfaceMeasuresTest {
    @Test
    void distancesAreThoseOfAllPairs() {
        Random random = new Random(5);
        long[] size = {6, 7, 5};
        double[] spacing = {2, 0.5, 1.25};
        for (int round = 0; round < 20; round++) {
            boolean[] mask = new boolean[6 * 7 * 5];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = random.nextInt(3 + 10 * round) == 0;
            }
            double[] expected = new double[mask.length];
            for (int i = 0; i < mask.length; i++) {
                expected[i] = Double.POSITIVE_INFINITY;
                for (int j = 0; j < mask.length; j++) {
                    double z = (i / 35 - j / 35) * spacing[0];
                    double y = (i / 5 % 7 - j / 5 % 7) * spacing[1];
                    double x = (i % 5 - j % 5) * spacing[2];
                    expected[i] = mask[j] ? Math.min(expected[i], z * z + y * y + x * x) : expected[i];
                }
            }
            assertArrayEquals(expected, DistanceTransform.squared(mask, spacing, size), 1e-9);
        }
    }

    @Test
    void bordersOfIntervals() {
        // both on a line: 2..5 and 4..9, ends 2, 5 and 4, 9; distances {2, 1} and {1, 4}, spacing 3
        boolean[] first = new boolean[12];
        boolean[] second = new boolean[12];
        for (int i = 2; i <= 9; i++) {
            first[i] = i <= 5;
            second[i] = i >= 4;
        }
        double[] spacing = {3};
        assertEquals(3 * (1 + 0.95 * 3), SurfaceMeasures.hausdorff(first, second, spacing, 12), 1e-12);
        assertEquals(0, SurfaceMeasures.hausdorff(first, first, spacing, 12), 0);
        assertTrue(Double.isNaN(SurfaceMeasures.hausdorff(first, new boolean[12], spacing, 12)));
        assertTrue(Double.isNaN(SurfaceMeasures.hausdorff(new boolean[12], first, spacing, 12)));
    }

    /** Where in a volume the masks lie makes no difference. */
    @Test
    void emptySurroundingsDoNotCount() {
        Random random = new Random(6);
        double[] spacing = {2, 0.5, 1.25};
        for (int round = 0; round < 20; round++) {
            boolean[][] small = new boolean[2][3 * 4 * 5];
            boolean[][] large = new boolean[2][9 * 8 * 7];
            for (int mask = 0; mask < 2; mask++) {
                for (int i = 0; i < small[mask].length; i++) {
                    boolean set = random.nextInt(3) == 0;
                    small[mask][i] = set;
                    large[mask][((i / 20 + 4) * 8 + i / 5 % 4 + 1) * 7 + i % 5 + 2] = set;
                }
            }
            assertEquals(
                    SurfaceMeasures.hausdorff(small[0], small[1], spacing, 3, 4, 5),
                    SurfaceMeasures.hausdorff(large[0], large[1], spacing, 9, 8, 7));
        }
    }

    @Test
    void unlabelledPositionsAndMissingClassesDoNotCount() {
        Measures measures =
                new ClassMeasures(List.of("background", "a", "b"), true).and(new SurfaceMeasures(3, List.of(2.0)));
        float[][] found = new float[3][6];
        int[] classes = {0, 1, 0, 0, 1, 2};
        for (int i = 0; i < classes.length; i++) {
            found[classes[i]][i] = 1;
        }
        double[] counts = measures.count(
                Nd4j.createFromArray(0f, 0f, 1f, 0f, -1f, 0f).reshape('c', 1, 6), Nd4j.createFromArray(found));
        assertEquals(11, counts.length);
        assertEquals(2, measures.metrics(counts).get("hd95"), 1e-12);
        assertEquals("dice", measures.metrics(counts).keySet().iterator().next());
    }
}
