package io.mdnc4j.training.data;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.arrays.Resampling;
import io.mdnc4j.training.data.Reading.Targets;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.StoredArray;
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
 * @param classes names of the classes, labels of folders or what values of targets stand for, or of labels that may apply at once;
 *     empty where targets are values
 * @param assumed grid of files that do not say theirs
 * @param grid that examples are brought to; unknown for their own. Inputs and values are cubic splines there, low-pass filtered
 *     where they get coarser and not beyond the largest and least value; of classes that with the largest part of a place counts
 */
public record FileExamples(List<DataEntry> entries, Reading reading, List<String> classes, Grid assumed, Grid grid)
        implements Examples {
    private static final Resampling VALUES = Resampling.CUBIC.antiAliased().clipped();

    /**
     * Copies the lists.
     *
     * @param entries where the examples are
     * @param reading what becomes of the arrays in files
     * @param classes names of the classes; those that are numbers in targets ascending; empty where targets are values
     * @param assumed grid of files that do not say theirs
     * @param grid that examples are brought to; unknown for their own
     */
    public FileExamples {
        entries = List.copyOf(entries);
        classes = List.copyOf(classes);
    }

    /**
     * Examples as files have them, on their own grids.
     *
     * @param entries where the examples are
     * @param dimensions axes of the inputs after that of the channels
     * @param classes names of the classes; those that are numbers in targets ascending; empty where targets are values
     */
    public FileExamples(List<DataEntry> entries, int dimensions, List<String> classes) {
        this(entries, new Reading(dimensions), classes, Grid.UNKNOWN, Grid.UNKNOWN);
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Example get(int index) {
        DataEntry entry = entries.get(index);
        StoredArray stored = reading.input(entry.input().read(), entry);
        Grid own = stored.grid().or(assumed);
        INDArray input = single(reading.dimensioned(stored, entry));
        Regridding way = Regridding.between(own, grid, Axes.size(input));
        Grid reached = way.isIdentity() ? own : grid;
        INDArray there = way.apply(input, VALUES);
        if (there != input) {
            Release.of(input);
        }
        if (entry.target() == null) {
            float[] answer = entry.label().isEmpty() ? numbers(entry) : label(entry);
            return new Example(entry.name(), there, Nd4j.createFromArray(answer), reached);
        }
        if (entry.isInputAlone()) {
            return new Example(entry.name(), there, there.dup('c'), reached);
        }
        INDArray target =
                single(reading.dimensioned(reading.target(entry.target().read(), entry), entry));
        boolean numbered = !classes.isEmpty() && reading.targets() != Targets.LABELS;
        INDArray answer = numbered ? reading.numbered(target, classes, entry) : target;
        INDArray answerThere = classes.isEmpty() ? way.apply(answer, VALUES) : way.applyToClasses(answer);
        if (answerThere != answer) {
            Release.of(target);
        }
        return new Example(entry.name(), there, answerThere, reached);
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
