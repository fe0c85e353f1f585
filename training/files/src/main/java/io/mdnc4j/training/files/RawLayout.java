package io.mdnc4j.training.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An array in a file, of which the numbers lie one after the other, the last axis varying fastest.
 *
 * @param channels whether the file says that the first axis is that of channels
 * @param type of the numbers
 * @param order of the bytes of a number
 * @param change what becomes of each number
 * @param offset byte at which the numbers begin
 * @param frame puts what else the file says around an array
 */
record RawLayout(
        long[] shape,
        boolean channels,
        ElementType type,
        ByteOrder order,
        DoubleUnaryOperator change,
        long offset,
        Function<INDArray, StoredArray> frame) {
    /**
     * Reads all numbers.
     *
     * @param in stands where they begin
     * @param compressed whether the file may hold more than its size
     * @param fileBytes size of the file
     * @throws IOException if they are too many, or fewer than the header says
     */
    StoredArray read(InputStream in, boolean compressed, long fileBytes) throws IOException {
        Limits.elements(type, compressed, fileBytes, shape);
        return frame.apply(RawNumbers.readToEnd(in, type, order, change, shape));
    }
}
