package io.mdnc4j.training.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NoisyMeasuresTest {
    private final Measures measures = new NoisyMeasures();

    @Test
    void knownValuesAlone() {
        INDArray target = Nd4j.createFromArray(new float[][] {{1, Float.NaN, 3, Float.NaN}});
        INDArray output = Nd4j.createFromArray(new float[][] {{4, 9, 7, 9}});
        assertEquals(
                Map.of("noisy_rmse", Math.sqrt((9 + 16) / 2.0), "noisy_mae", 3.5),
                measures.metrics(measures.count(target, output)));
    }

    @Test
    void otherShapesAreRefused() {
        assertThrows(ArgumentException.class, () -> measures.count(Nd4j.zeros(1, 4), Nd4j.zeros(2, 4)));
    }
}
