package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class EncodingTest {
    private static final Normalization OWN = new Normalization(Normalization.By.SAMPLE, List.of(), List.of(), true);
    private static final List<String> CLASSES = List.of("a", "b", "c");

    private static Encoding encoding(Task task, Normalization how, List<String> classes) {
        return new Encoding(
                task, new ModelDescription(null, task.code(), null, how, classes, null, null, null, Map.of()));
    }

    private static Example example(INDArray input, INDArray target) {
        return new Example("some file", input, target);
    }

    @Test
    void constantImagesBecomeZeroes() {
        INDArray constant = Nd4j.valueArrayOf(new long[] {1, 4, 4}, 7f);
        DataSet batch = encoding(Task.REGRESSION, OWN, List.of()).apply(List.of(example(constant, constant)));
        assertEquals(0, batch.getFeatures().amaxNumber().doubleValue());
        assertEquals(0, batch.getLabels().amaxNumber().doubleValue());
    }

    @Test
    void constantSignalsAreATaskAsOthers() {
        double[] values = new double[5 * Denoising.LENGTH];
        Arrays.fill(values, 3);
        TrainingData task = Denoising.of(new Signal("constant", values, 1, "V"));
        DataSet batch = task.training(2, 1).next();
        assertEquals(0, batch.getFeatures().amaxNumber().doubleValue(), 1e-6);
        assertTrue(batch.getLabels().amaxNumber().doubleValue() < 1e-6);
    }

    @Test
    void classesBecomeChannels() {
        INDArray input = Nd4j.rand(1, 1, 2);
        Encoding positions = encoding(Task.SEGMENTATION, Normalization.NONE, CLASSES);
        INDArray target = Nd4j.createFromArray(2f, -1f).reshape('c', 1, 1, 2);
        INDArray labels = positions.apply(List.of(example(input, target))).getLabels();
        assertArrayEquals(new long[] {1, 3, 1, 2}, labels.shape());
        assertArrayEquals(new float[] {0, 0, 0, 0, 1, 0}, labels.dup('c').data().asFloat());
        Encoding whole = encoding(Task.CLASSIFICATION, Normalization.NONE, CLASSES);
        INDArray one =
                whole.apply(List.of(example(input, Nd4j.createFromArray(1f)))).getLabels();
        assertArrayEquals(new long[] {1, 3}, one.shape());
        for (float wrong : new float[] {3, -1, 0.5f, Float.NaN}) {
            DataException e = assertThrows(
                    DataException.class, () -> whole.apply(List.of(example(input, Nd4j.createFromArray(wrong)))));
            assertTrue(e.getMessage().contains("some file"), e.getMessage());
        }
    }

    @Test
    void mixedSizesInABatchAreNamed() {
        INDArray small = Nd4j.rand(1, 4, 4);
        INDArray large = Nd4j.rand(1, 5, 4);
        DataException e = assertThrows(
                DataException.class,
                () -> encoding(Task.REGRESSION, OWN, List.of())
                        .apply(List.of(example(small, small), example(large, large))));
        assertTrue(e.getMessage().contains("[1, 5, 4]") && e.getMessage().contains("batch of 1"), e.getMessage());
    }
}
