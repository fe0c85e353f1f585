package io.mdnc4j.training.predict;

import io.mdnc4j.training.files.ElementType;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What stands for each class in files: its name where all names are numbers, as those of targets in files, else its place. */
final class ClassNumbers {
    private static final int BYTE_CLASSES = 256;

    private final float[] numbers;

    ClassNumbers(List<String> names) {
        float[] named = new float[names.size()];
        boolean numeric = true;
        for (int i = 0; i < named.length && numeric; i++) {
            try {
                named[i] = (float) Double.parseDouble(names.get(i));
            } catch (NumberFormatException e) {
                numeric = false;
            }
        }
        for (int i = 0; i < named.length && !numeric; i++) {
            named[i] = i;
        }
        numbers = named;
    }

    /** Numbers from 0 up to a last one, each for itself. */
    static ClassNumbers upTo(int last) {
        return new ClassNumbers(
                IntStream.rangeClosed(0, last).mapToObj(String::valueOf).toList());
    }

    /** The type of numbers in files that holds all. */
    ElementType type() {
        for (float number : numbers) {
            if (number < 0 || number >= BYTE_CLASSES || number != Math.rint(number)) {
                return ElementType.FLOAT32;
            }
        }
        return ElementType.UINT8;
    }

    /**
     * The numbers of classes.
     *
     * @param classes places of classes, from 0
     * @param shape {@code [1, size...]}
     */
    INDArray of(int[] classes, long... shape) {
        float[] values = new float[classes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers[classes[i]];
        }
        return Nd4j.createFromArray(values).reshape('c', shape);
    }
}
