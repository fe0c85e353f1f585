package io.mdnc4j.training.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class MultiLabelMeasuresTest {
    private static final List<String> LABELS = List.of("a", "b");

    private static double[] sum(Measures measures, float[][] targets, float[][] outputs) {
        double[] sums = new double[measures.counts()];
        for (int n = 0; n < targets.length; n++) {
            double[] counts = measures.count(Nd4j.createFromArray(targets[n]), Nd4j.createFromArray(outputs[n]));
            for (int i = 0; i < sums.length; i++) {
                sums[i] += counts[i];
            }
        }
        return sums;
    }

    @Test
    void measuresOfFourExamples() {
        Measures measures = new MultiLabelMeasures(LABELS, false);
        Map<String, Double> metrics =
                measures.metrics(sum(measures, new float[][] {{1, 0}, {1, 1}, {0, 1}, {0, -1}}, new float[][] {
                    {.9f, .2f}, {.4f, .7f}, {.6f, .3f}, {.1f, .9f}
                }));
        // of a: one found of two, one found that is not there; of b: one found of two
        assertEquals(2 * 1 / 4.0, metrics.get("f1_a"), 1e-12);
        assertEquals(2 * 1 / 3.0, metrics.get("f1_b"), 1e-12);
        assertEquals((1 / 2.0 + 2 / 3.0) / 2, metrics.get("f1_macro"), 1e-12);
        assertEquals(2 * 2 / 7.0, metrics.get("f1_micro"), 1e-12);
        assertEquals(4 / 7.0, metrics.get("accuracy"), 1e-12);
        assertEquals(2 / 4.0, metrics.get("exact_match"), 1e-12);
        // pairs of one with and one without: 0.9 and 0.4 against 0.6 and 0.1; 0.7 and 0.3 against 0.2
        assertEquals(3 / 4.0, metrics.get("auroc_a"), 1e-12);
        assertEquals(1, metrics.get("auroc_b"), 1e-12);
        assertEquals(7 / 8.0, metrics.get("auroc"), 1e-12);
        assertEquals("f1_macro", metrics.keySet().iterator().next());
    }

    @Test
    void evenIsNotThereAndWhatNeverOccursCountsInNoMean() {
        Measures measures = new MultiLabelMeasures(LABELS, true);
        double[] counts = measures.count(
                Nd4j.createFromArray(1f, 1, 0, -1, 0, 0, 0, 0).reshape('c', 2, 4),
                Nd4j.createFromArray(.5f, .51f, .2f, .9f, .5f, 0, 0, 0).reshape('c', 2, 4));
        Map<String, Double> metrics = measures.metrics(counts);
        assertEquals(2 / 3.0, metrics.get("dice_a"), 1e-12);
        assertEquals(2 / 3.0, metrics.get("dice"), 1e-12);
        assertEquals(1 / 2.0, metrics.get("iou"), 1e-12);
        assertTrue(metrics.get("dice_b").isNaN());
        assertThrows(
                IllegalArgumentException.class,
                () -> measures.count(Nd4j.ones(2, 4).muli(2), Nd4j.ones(2, 4)),
                "a class number");
        assertThrows(IllegalArgumentException.class, () -> measures.count(Nd4j.ones(1, 4), Nd4j.ones(2, 4)));
    }

    /** Where probabilities are far enough apart, the area is the share of pairs in the right order. */
    @Property(tries = 100)
    void areaIsTheShareOfPairsInOrder(
            @ForAll @Size(min = 2, max = 30) List<@IntRange(min = -7, max = 7) Integer> odds) {
        Measures measures = new MultiLabelMeasures(List.of("a"), false);
        float[][] targets = new float[odds.size()][1];
        float[][] outputs = new float[odds.size()][1];
        double right = 0;
        double pairs = 0;
        for (int i = 0; i < targets.length; i++) {
            targets[i][0] = i % 2;
            outputs[i][0] = (float) (1 / (1 + Math.exp(-(odds.get(i) + 0.01))));
            for (int j = 0; j < targets.length; j++) {
                if (i % 2 == 1 && j % 2 == 0) {
                    pairs++;
                    right += odds.get(i) > odds.get(j) ? 1 : odds.get(i).equals(odds.get(j)) ? 0.5 : 0;
                }
            }
        }
        double area = measures.metrics(sum(measures, targets, outputs)).get("auroc_a");
        assertEquals(right / pairs, area, 1e-12);
    }
}
