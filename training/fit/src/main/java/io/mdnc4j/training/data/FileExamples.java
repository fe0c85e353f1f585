package io.mdnc4j.training.data;

import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Examples in files, read anew each time.
 *
 * @param entries where they are
 * @param reading what becomes of the arrays in files
 * @param classes names of the classes, labels or what values of targets stand for; empty where targets are values
 */
public record FileExamples(List<DataEntry> entries, Reading reading, List<String> classes) implements Examples {
    /**
     * Copies the lists.
     *
     * @param entries where the examples are
     * @param reading what becomes of the arrays in files
     * @param classes names of the classes; those that are numbers in targets ascending; empty where targets are values
     */
    public FileExamples {
        entries = List.copyOf(entries);
        classes = List.copyOf(classes);
    }

    /**
     * Examples as files have them.
     *
     * @param entries where the examples are
     * @param dimensions axes of the inputs after that of the channels
     * @param classes names of the classes; those that are numbers in targets ascending; empty where targets are values
     */
    public FileExamples(List<DataEntry> entries, int dimensions, List<String> classes) {
        this(entries, new Reading(dimensions), classes);
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Example get(int index) {
        DataEntry entry = entries.get(index);
        INDArray input = single(reading.dimensioned(reading.input(entry.input().read(), entry), entry));
        if (entry.target() == null) {
            return new Example(
                    entry.name(), input, Nd4j.createFromArray(classes.isEmpty() ? numbers(entry) : label(entry)));
        }
        INDArray target =
                single(reading.dimensioned(reading.target(entry.target().read(), entry), entry));
        return new Example(entry.name(), input, classes.isEmpty() ? target : reading.numbered(target, classes, entry));
    }

    private static float[] numbers(DataEntry entry) {
        float[] numbers = new float[entry.numbers().size()];
        int next = 0;
        for (double number : entry.numbers().values()) {
            numbers[next++] = (float) number;
        }
        return numbers;
    }

    private float[] label(DataEntry entry) {
        int number = classes.indexOf(entry.label());
        if (number < 0) {
            throw new DataException(
                    entry.name() + ": the class " + entry.label() + " is none of " + classes + "; correct it");
        }
        return new float[] {number};
    }

    private static INDArray single(INDArray array) {
        INDArray single = array.castTo(DataType.FLOAT);
        if (single != array) {
            Release.of(array);
        }
        return single;
    }
}
