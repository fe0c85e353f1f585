package io.mdnc4j.blocks.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Some channels at a time or all at once, in float on the host and in double by operations: one result. */
class CellConvolutionTest {
    private static final int[] CELL = {1, 3, 2};

    @Test
    void partsAddUp() {
        Nd4j.getRandom().setSeed(3);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 4, 2, 5);
        INDArray weight = Nd4j.randn(DataType.DOUBLE, 3, 5, 1, 3, 2);
        INDArray bias = Nd4j.randn(DataType.DOUBLE, 5);
        INDArray dy = Nd4j.randn(DataType.DOUBLE, 2, 5, 4, 6, 10);
        List<INDArray> expected = passes(DataType.DOUBLE, Long.MAX_VALUE, x, weight, bias, dy);
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            // two channels of 2 x 240 elements, and of what no number of elements is enough for one
            for (long atOnce : new long[] {Long.MAX_VALUE, 1000, 1}) {
                List<INDArray> found = passes(type, atOnce, x, weight, bias, dy);
                for (int i = 0; i < expected.size(); i++) {
                    double error = found.get(i)
                            .castTo(DataType.DOUBLE)
                            .sub(expected.get(i))
                            .amaxNumber()
                            .doubleValue();
                    assertTrue(error < (type == DataType.FLOAT ? 1e-4 : 1e-12), type + " result " + i + ": " + error);
                }
            }
        }
        double first = 0;
        for (int c = 0; c < 3; c++) {
            first += x.getDouble(1, c, 2, 1, 4) * weight.getDouble(c, 3, 0, 2, 1);
        }
        double found = expected.get(0).getDouble(1, 3, 2, 5, 9);
        assertTrue(Math.abs(found - first - bias.getDouble(3)) < 1e-12, "y[n, o, i k + j] = sum x w + b: " + found);
    }

    private static List<INDArray> passes(DataType type, long atOnce, INDArray... given) {
        List<INDArray> arrays = new ArrayList<>();
        for (INDArray array : given) {
            arrays.add(array.castTo(type));
        }
        INDArray x = arrays.get(0);
        INDArray weight = arrays.get(1);
        INDArray bias = arrays.get(2);
        INDArray dy = arrays.get(3);
        CellConvolution arithmetic =
                new CellConvolution(CELL, atOnce, shape -> Nd4j.createUninitialized(type, shape, 'c'));
        INDArray y = Nd4j.create(type, dy.shape());
        INDArray dx = Nd4j.create(type, x.shape());
        INDArray dWeight = Nd4j.create(type, weight.shape());
        INDArray dBias = Nd4j.create(type, bias.shape());
        arithmetic.forward(x, weight, bias, y);
        arithmetic.backward(x, weight, bias, dy, dx, dWeight, dBias);
        return List.of(y, dx, dWeight, dBias);
    }
}
