package io.mdnc4j.training.data;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.arrays.Resampling;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Examples in files, read anew each time.
 *
 * @param entries where they are
 * @param dimensions axes of the inputs after that of the channels
 * @param classes names of the classes, labels or whole numbers in targets; empty where targets are values
 * @param assumed grid of files that do not say theirs
 * @param grid that examples are brought to; unknown for their own. Inputs and values are cubic splines there, low-pass filtered
 *     where they get coarser and not beyond the largest and least value; of classes that with the largest part of a place counts
 */
public record FileExamples(List<DataEntry> entries, int dimensions, List<String> classes, Grid assumed, Grid grid)
        implements Examples {
    private static final int PIECE = 1 << 16;

    private static final Resampling VALUES = Resampling.CUBIC.antiAliased().clipped();

    /**
     * Copies the lists.
     *
     * @param entries where the examples are
     * @param dimensions axes of the inputs after that of the channels
     * @param classes names of the classes; those that are numbers in targets ascending; empty where targets are values
     * @param assumed grid of files that do not say theirs
     * @param grid that examples are brought to; unknown for their own
     */
    public FileExamples {
        entries = List.copyOf(entries);
        classes = List.copyOf(classes);
    }

    /**
     * Examples on their own grids.
     *
     * @param entries where the examples are
     * @param dimensions axes of the inputs after that of the channels
     * @param classes names of the classes; those that are numbers in targets ascending; empty where targets are values
     */
    public FileExamples(List<DataEntry> entries, int dimensions, List<String> classes) {
        this(entries, dimensions, classes, Grid.UNKNOWN, Grid.UNKNOWN);
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Example get(int index) {
        DataEntry entry = entries.get(index);
        StoredArray stored = entry.input().read();
        Grid own = stored.grid().or(assumed);
        INDArray input = single(dimensioned(stored, entry, dimensions));
        Regridding way = Regridding.between(own, grid, Axes.size(input));
        Grid reached = way.isIdentity() ? own : grid;
        INDArray there = way.apply(input, VALUES);
        if (there != input) {
            Release.of(input);
        }
        if (entry.target() == null) {
            float[] answer = classes.isEmpty() ? numbers(entry) : label(entry);
            return new Example(entry.name(), there, Nd4j.createFromArray(answer), reached);
        }
        INDArray target = single(dimensioned(entry.target().read(), entry, dimensions));
        INDArray answer = classes.isEmpty() ? target : numbered(target, entry);
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

    /** Numbers of classes instead of the values in the file, in place. */
    private INDArray numbered(INDArray target, DataEntry entry) {
        double[] known = classes.stream().mapToDouble(Double::parseDouble).toArray();
        INDArray vector = target.reshape('c', new long[] {target.length()});
        // in pieces, for a volume may be a large part of the memory
        for (long start = 0; start < vector.length(); start += PIECE) {
            INDArray piece = vector.get(NDArrayIndex.interval(start, Math.min(start + PIECE, vector.length())));
            float[] values = OnHeap.floats(piece);
            for (int i = 0; i < values.length; i++) {
                values[i] = number(values[i], known, entry);
            }
            piece.assign(Nd4j.createFromArray(values));
        }
        return vector.reshape('c', target.shape());
    }

    private float number(float value, double[] known, DataEntry entry) {
        if (value == Example.UNLABELLED) {
            return value;
        }
        int number = Arrays.binarySearch(known, value);
        if (number < 0) {
            throw new DataException(entry.name() + ": its target has the value " + value + ", none of the classes "
                    + classes + "; correct it");
        }
        return number;
    }

    /** An array of a file with that many axes after the channels. */
    static INDArray dimensioned(StoredArray array, DataEntry entry, int dimensions) {
        try {
            return array.withDimensions(dimensions);
        } catch (DataException e) {
            throw new DataException(entry.name() + ": " + e.getMessage(), e);
        }
    }
}
