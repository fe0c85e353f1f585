package io.mdnc4j.training.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.nnunet.Processing.Label;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LabelMeasuresTest {
    private static final List<Label> CLASSES = List.of(
            new Label("background", List.of(0)),
            new Label("a", List.of(1)),
            new Label("b", List.of(2)),
            new Label("c", List.of(3)));
    private static final List<Label> REGIONS = List.of(
            new Label("whole", List.of(1, 2, 3)), new Label("core", List.of(2, 3)), new Label("inner", List.of(3)));

    private static INDArray mask(float... numbers) {
        return Nd4j.createFromArray(numbers).reshape('c', 1, numbers.length);
    }

    @Test
    void meansOverMasksThatHaveAClass() {
        Assessment assessment = new Assessment(new LabelMeasures(CLASSES, null));
        assessment.add("one", assessment(CLASSES, null, mask(0, 1, 1, 2), mask(1, 1, 0, 2)));
        assessment.add("two", assessment(CLASSES, null, mask(0, 1, 1, 0), mask(0, 1, 1, 0)));
        Map<String, Double> metrics = assessment.metrics();
        assertEquals(List.of("dice", "dice_a", "dice_b", "dice_c"), List.copyOf(metrics.keySet()));
        assertEquals(0.75, metrics.get("dice_a"), 1e-12); // of 0.5 and 1
        assertEquals(1, metrics.get("dice_b"), 1e-12); // the second mask has none
        assertEquals(Double.NaN, metrics.get("dice_c"));
        assertEquals(0.875, metrics.get("dice"), 1e-12);
    }

    private static double[] assessment(List<Label> labels, Integer ignored, INDArray target, INDArray output) {
        return new LabelMeasures(labels, ignored).count(target, output);
    }

    @Test
    void regionsLieInEachOther() {
        // whole: 4 and 4 positions, 3 in common; core: 3 and 1, 1 in common; inner: 1 and 0
        assertArrayEquals(
                new double[] {0.75, 1, 0.5, 1, 0, 1},
                assessment(REGIONS, null, mask(1, 2, 2, 3, 0, 0), mask(1, 1, 2, 0, 1, 0)),
                1e-12);
    }

    @Test
    void someNumbersAreIgnoredAndOthersUnknown() {
        assertArrayEquals(
                new double[] {1, 1, 0, 0, 0, 0}, assessment(CLASSES, 4, mask(1, 4, 4, 0), mask(1, 2, 1, 0)), 1e-12);
        ArgumentException unknown =
                assertThrows(ArgumentException.class, () -> assessment(CLASSES, null, mask(1, 4), mask(1, 2)));
        assertEquals("has the number 4", unknown.value().toString());
        assertThrows(ArgumentException.class, () -> assessment(CLASSES, null, mask(1, 2, 0), mask(1, 2)));
    }
}
