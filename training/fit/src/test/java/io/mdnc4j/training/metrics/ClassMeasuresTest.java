package io.mdnc4j.training.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.objects.TouchingObjects;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.TrainedOn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ClassMeasuresTest {
    private static final List<String> CLASSES = List.of("background", "a", "b");

    /** One-hot outputs {@code [K, N]}. */
    private static INDArray outputs(int... found) {
        INDArray outputs = Nd4j.zeros(CLASSES.size(), found.length);
        for (int i = 0; i < found.length; i++) {
            outputs.putScalar(found[i], i, 1);
        }
        return outputs;
    }

    @Test
    void coefficientsOfASmallSegmentation() {
        Measures measures = new ClassMeasures(CLASSES, true);
        INDArray target = Nd4j.createFromArray(0f, 0f, 1f, 1f, 1f, 2f, -1f, 2f).reshape('c', 1, 8);
        double[] confusion = measures.count(target, outputs(0, 1, 1, 1, 0, 2, 2, 2));
        assertArrayEquals(new double[] {1, 1, 0, 1, 2, 0, 0, 0, 2}, confusion);
        Map<String, Double> metrics = measures.metrics(confusion);
        assertEquals((2 * 2 / 6.0 + 1) / 2, metrics.get("dice"), 1e-12);
        assertEquals((2 / 4.0 + 1) / 2, metrics.get("iou"), 1e-12);
        assertEquals(5 / 7.0, metrics.get("accuracy"), 1e-12);
    }

    @Test
    void classesThatDoNotOccurCountInNoMean() {
        Measures measures = new ClassMeasures(CLASSES, false);
        INDArray zero = Nd4j.createFromArray(0f);
        double[] right = measures.count(zero, Nd4j.createFromArray(0.9f, 0.1f, 0f));
        assertEquals(1, measures.metrics(right).get("f1"));
        double[] wrong = measures.count(zero, Nd4j.createFromArray(0.1f, 0.9f, 0f));
        assertEquals(0, measures.metrics(wrong).get("f1"));
        assertThrows(
                IllegalArgumentException.class,
                () -> measures.count(Nd4j.createFromArray(3f), Nd4j.createFromArray(0.9f, 0.1f, 0f)));
        assertThrows(IllegalArgumentException.class, () -> measures.count(zero, Nd4j.createFromArray(0.9f, 0.1f)));
    }

    @Test
    void intervalsAreThoseOfABinomialShare() {
        Assessment assessment = new Assessment(new ClassMeasures(List.of("a", "b"), false));
        for (int i = 0; i < 400; i++) {
            assessment.add("", i % 10 == 0 ? new double[] {0, 1, 0, 0} : new double[] {1, 0, 0, 0});
        }
        assertEquals(0.9, assessment.metrics().get("accuracy"), 1e-12);
        double[] ends = assessment.intervals().get("accuracy");
        double half = 1.96 * Math.sqrt(0.9 * 0.1 / 400);
        assertEquals(0.9 - half, ends[0], 0.006);
        assertEquals(0.9 + half, ends[1], 0.006);
        Assessment single = new Assessment(new ValueMeasures());
        single.add("", new double[] {1, 1, 1, 1});
        assertTrue(single.intervals().isEmpty());
    }

    /** Objects are counted first, and are no part of the matrix. */
    @Test
    void theMatrixIsFoundBesideOtherCounts() {
        ModelDescription objects = new ModelDescription(
                        null, "segmentation", null, null, TouchingObjects.CLASSES, null, null, null, null)
                .with(new TrainedOn(1, null, TouchingObjects.CODE, List.of(), List.of(), List.of()));
        Measures measures = Measures.of(Task.SEGMENTATION, objects);
        INDArray target = Nd4j.createFromArray(0f, 0, 2, 1, 2, 0, 0, 0).reshape('c', 1, 8);
        INDArray output = Nd4j.zeros(DataType.FLOAT, 3, 8);
        output.getRow(0).assign(1);
        assertArrayEquals(new double[] {5, 0, 0, 1, 0, 0, 2, 0, 0}, measures.confusion(measures.count(target, output)));
        assertEquals(0, new NoisyMeasures().confusion(new double[3]).length);
    }
}
