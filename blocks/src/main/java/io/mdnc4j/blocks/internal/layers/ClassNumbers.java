package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Labels that are class numbers, {@code [N, size...]} or {@code [N, 1, size...]}: from 0, or {@value #UNKNOWN}. */
final class ClassNumbers {
    private static final int UNKNOWN = -1;

    private ClassNumbers() {}

    /** Whether labels have the shape of class numbers for an output {@code [N, C, size...]}. */
    static boolean fit(INDArray labels, long... output) {
        long[] oneChannel = output.clone();
        oneChannel[1] = 1;
        long[] noChannel = new long[output.length - 1];
        noChannel[0] = output[0];
        System.arraycopy(output, 2, noChannel, 1, output.length - 2);
        return Arrays.equals(labels.shape(), oneChannel) || Arrays.equals(labels.shape(), noChannel);
    }

    /**
     * One-hot rows, {@code [N * positions, classes]}; those of unknown class are zeros.
     *
     * @throws ArgumentException if a number is neither a class nor {@value #UNKNOWN}
     */
    static INDArray oneHot(INDArray labels, long classes, DataType type) {
        double[] numbers = labels.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        INDArray rows = Nd4j.zeros(type, numbers.length, classes);
        for (int row = 0; row < numbers.length; row++) {
            double number = numbers[row];
            if (number == UNKNOWN) {
                continue;
            }
            if (!(number >= 0 && number < classes && number == Math.rint(number))) {
                throw new ArgumentException(
                        "labels",
                        number + " at " + Arrays.toString(place(row, labels.shape())),
                        "give class numbers from 0 to " + (classes - 1) + ", one for each channel of the output, or "
                                + UNKNOWN + " where the class is unknown");
            }
            rows.data().put(row * classes + (long) number, 1.0);
        }
        return rows;
    }

    private static long[] place(long index, long... shape) {
        long[] place = new long[shape.length];
        long rest = index;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            place[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return place;
    }
}
