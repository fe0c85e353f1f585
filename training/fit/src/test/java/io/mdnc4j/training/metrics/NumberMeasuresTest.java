package io.mdnc4j.training.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class NumberMeasuresTest {
    private static final double[] TARGETS = {3, -0.5, 2, 7};
    private static final double[] ANSWERS = {2.5, 0.0, 2, 8};

    private static Assessment assessment(Measures measures, double[][] targets, double[]... answers) {
        Assessment assessment = new Assessment(measures);
        for (int i = 0; i < targets.length; i++) {
            assessment.add(
                    "example " + i, measures.count(Nd4j.createFromArray(targets[i]), Nd4j.createFromArray(answers[i])));
        }
        return assessment;
    }

    private static double[][] columns(double... values) {
        double[][] columns = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            columns[i] = new double[] {values[i], -10 * values[i]};
        }
        return columns;
    }

    /** The example of scikit-learn's documentation of r2_score, mean_squared_error and mean_absolute_error. */
    @Test
    void knownValuesOfOneNumber() {
        Measures measures = new NumberMeasures(List.of("age"));
        double[][] targets = {{3}, {-0.5}, {2}, {7}};
        double[][] answers = {{2.5}, {0.0}, {2}, {8}};
        Assessment assessment = assessment(measures, targets, answers);
        Map<String, Double> metrics = assessment.metrics();
        assertEquals(List.of("rmse", "mae", "r2", "bias"), List.copyOf(metrics.keySet()));
        assertEquals(Math.sqrt(0.375), metrics.get("rmse"), 1e-12);
        assertEquals(0.5, metrics.get("mae"), 1e-12);
        assertEquals(0.9486081370449679, metrics.get("r2"), 1e-12);
        assertEquals(0.25, metrics.get("bias"), 1e-12);
        assertEquals(-0.5, NumberMeasures.target(assessment.counts(1), 0));
        assertEquals(8, NumberMeasures.answer(assessment.counts(3), 0));
        assertTrue(Double.isNaN(assessment.metrics(0).get("r2")));
    }

    @Test
    void severalNumbersHaveOneMeanWithoutUnit() {
        Measures measures = new NumberMeasures(List.of("age", "height"));
        Map<String, Double> metrics =
                assessment(measures, columns(TARGETS), columns(ANSWERS)).metrics();
        assertEquals("r2", metrics.keySet().iterator().next());
        assertEquals(0.9486081370449679, metrics.get("r2"), 1e-12);
        assertEquals(10 * metrics.get("rmse_age"), metrics.get("rmse_height"), 1e-12);
        assertEquals(-2.5, metrics.get("bias_height"), 1e-12);
    }

    @Test
    void equalTargetsHaveNoSpreadToExplain() {
        Measures measures = new NumberMeasures(List.of("age"));
        double[][] targets = {{0.1}, {0.1}, {0.1}};
        assertTrue(Double.isNaN(assessment(measures, targets, new double[][] {{0}, {0.2}, {0.1}})
                .metrics()
                .get("r2")));
    }

    @Test
    void otherNumbersAreRefused() {
        Measures measures = new NumberMeasures(List.of("age"));
        assertThrows(
                ArgumentException.class, () -> measures.count(Nd4j.createFromArray(1f), Nd4j.createFromArray(1f, 2f)));
        assertThrows(ArgumentException.class, () -> new NumberMeasures(List.of()));
    }
}
