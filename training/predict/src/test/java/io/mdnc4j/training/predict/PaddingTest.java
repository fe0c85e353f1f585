package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mdnc4j.blocks.ArgumentException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PaddingTest {
    private static float[] padded(Padding padding, int window, float... signal) {
        List<float[]> seen = new ArrayList<>();
        SlidingWindows windows =
                SlidingWindows.builder().window(window).padding(padding).build();
        INDArray output = windows.apply(Nd4j.createFromArray(signal).reshape(1, signal.length), batch -> {
            seen.add(batch.dup('c').data().asFloat());
            return batch.mul(2);
        });
        assertArrayEquals(new long[] {1, signal.length}, output.shape());
        assertEquals(Nd4j.createFromArray(signal).reshape(1, signal.length).mul(2), output);
        return seen.get(0);
    }

    /** As numpy.pad does with reflect and constant; the odd element behind. */
    @Test
    void oneAxis() {
        assertArrayEquals(new float[] {2, 1, 0, 1, 2, 3, 2, 1, 0}, padded(Padding.REFLECT, 9, 0, 1, 2, 3));
        assertArrayEquals(new float[] {0, 0, 7, 1, 2, 3, 0, 0, 0}, padded(Padding.ZERO, 9, 7, 1, 2, 3));
        assertArrayEquals(new float[] {7, 1, 2, 3}, padded(Padding.NONE, 9, 7, 1, 2, 3));
        assertArrayEquals(new float[] {4, 4, 4, 4}, padded(Padding.REFLECT, 4, 4));
        assertArrayEquals(new float[] {1, 0, 1, 0, 1, 0, 1, 0}, padded(Padding.REFLECT, 8, 0, 1));
    }

    /** One axis is padded, windows slide along the others; what was added does not come back. */
    @Test
    void someAxes() {
        for (int axis = 0; axis < 3; axis++) {
            long[] shape = {2, 13, 11, 12};
            shape[axis + 1] = 3;
            INDArray volume = Nd4j.rand(DataType.FLOAT, shape);
            for (Padding padding : Padding.values()) {
                List<long[]> batches = new ArrayList<>();
                INDArray output = SlidingWindows.builder()
                        .window(8)
                        .padding(padding)
                        .batch(3)
                        .build()
                        .apply(volume, batch -> {
                            batches.add(batch.shape());
                            return batch.dup();
                        });
                assertArrayEquals(shape, output.shape());
                assertEquals(0, output.sub(volume).amaxNumber().doubleValue(), 1e-6);
                long[] window = {batches.get(0)[0], 2, 8, 8, 8};
                window[axis + 2] = padding == Padding.NONE ? 3 : 8;
                assertArrayEquals(window, batches.get(0));
            }
        }
    }

    @Test
    void outputsWithoutPositionsHaveNothingToCutOff() {
        SlidingWindows windows =
                SlidingWindows.builder().window(8).padding(Padding.ZERO).build();
        ArgumentException e = assertThrows(
                ArgumentException.class,
                () -> windows.apply(Nd4j.zeros(1, 5), batch -> Nd4j.ones(DataType.FLOAT, batch.size(0), 3)));
        assertEquals("padding", e.argument());
    }
}
