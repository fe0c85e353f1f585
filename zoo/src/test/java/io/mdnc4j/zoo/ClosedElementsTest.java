package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.files.ArrayElements;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is written to files are the elements of arrays that are still there. */
class ClosedElementsTest {
    @Test
    void closedArraysHaveNoElements() {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            INDArray whole = Nd4j.rand(type, 3, 4);
            INDArray view = whole.getRow(1).reshape(4);
            whole.close();
            for (INDArray closed : new INDArray[] {whole, view}) {
                ArgumentException e = assertThrows(ArgumentException.class, () -> new ArrayElements(closed));
                assertTrue(e.getMessage().contains("closed"), e.getMessage());
            }
        }
    }
}
