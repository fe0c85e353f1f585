package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.files.Channels;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.objects.TouchingObjects;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What becomes of the arrays in files: the one place where it is decided, for those who look at a data set and for those who use
 * it.
 *
 * @param dimensions axes of the inputs after that of the channels, 1 to 3
 * @param channels those of pictures as inputs, and as targets of values
 * @param targets what targets of positions are
 * @param mapping which classes their values stand for
 */
public record Reading(int dimensions, Channels channels, Targets targets, ClassMapping mapping) {
    private static final int PIECE = 1 << 16;
    private static final int BYTES = 256;

    /** What targets of positions are. */
    public enum Targets {
        /** Classes or values as files have them: of pictures with a palette its numbers. */
        STORED,
        /** Classes, pictures of which have a colour for each. */
        COLOURS,
        /** Values, so that pictures become as inputs do. */
        VALUES,
        /** Labels that may apply at once, as files have them: a channel for each, 1 where it is there. */
        LABELS
    }

    /**
     * Everything as it is, but for palettes and opacity of inputs.
     *
     * @param dimensions axes of the inputs after that of the channels, 1 to 3
     */
    public Reading(int dimensions) {
        this(dimensions, Channels.COLOURS, Targets.STORED, ClassMapping.NONE);
    }

    /**
     * The same with other targets.
     *
     * @param other what they are
     * @return a changed copy
     */
    public Reading with(Targets other) {
        return new Reading(dimensions, channels, other, mapping);
    }

    /** The input as stored, with the channels that it is to have. */
    StoredArray input(StoredArray stored, DataEntry entry) {
        try {
            return stored.with(channels);
        } catch (DataException e) {
            throw new DataException(entry.name() + ": " + e.getMessage(), e);
        }
    }

    /** The target as stored: opacity is no class. */
    StoredArray target(StoredArray stored, DataEntry entry) {
        if (targets == Targets.VALUES) {
            return input(stored, entry);
        }
        StoredArray plain = stored.hasOpacity() && !stored.hasPalette() ? stored.with(Channels.COLOURS) : stored;
        boolean coloured = targets == Targets.COLOURS && plain.isColoured();
        StoredArray numbers = coloured ? plain.colourNumbers() : plain;
        return mapping.isOfObjects() ? insideAndBorder(numbers, coloured, entry) : numbers;
    }

    /** The classes of numbered objects; of colours each is one, too. */
    private static StoredArray insideAndBorder(StoredArray numbers, boolean coloured, DataEntry entry) {
        INDArray values = numbers.values();
        float[] objects = OnHeap.floats(values).clone();
        for (int i = 0; i < objects.length && coloured; i++) {
            // colours are numbers below -1, greys those of a byte
            objects[i] = objects[i] < 0 ? BYTES - objects[i] : objects[i];
        }
        try {
            float[] classes = TouchingObjects.classes(objects, values.shape());
            INDArray found = Nd4j.createFromArray(classes).reshape('c', values.shape());
            return new StoredArray(
                    found, numbers.channels(), ElementType.INT8, numbers.grid(), numbers.remarks(), numbers.header());
        } catch (ArgumentException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    entry.name() + ": its target has the value " + e.getMessage()
                            + ", but objects have whole numbers; leave out classes objects, or correct it",
                    e);
        }
    }

    /** An array with as many axes as inputs are to have, {@code [C, size...]}. */
    INDArray dimensioned(StoredArray array, DataEntry entry) {
        try {
            return array.withDimensions(dimensions);
        } catch (DataException e) {
            throw new DataException(entry.name() + ": " + e.getMessage(), e);
        }
    }

    /** Numbers of classes instead of the values of a target, in place where it is dense. */
    INDArray numbered(INDArray target, List<String> classes, DataEntry entry) {
        INDArray vector = target.reshape('c', new long[] {target.length()});
        // in pieces, for a volume may be a large part of the memory
        for (long start = 0; start < vector.length(); start += PIECE) {
            INDArray piece = vector.get(NDArrayIndex.interval(start, Math.min(start + PIECE, vector.length())));
            float[] values = OnHeap.floats(piece);
            try {
                mapping.number(values, targets == Targets.COLOURS, classes);
            } catch (ArgumentException e) {
                throw e;
            } catch (IllegalArgumentException e) {
                throw new DataException(
                        entry.name() + ": its target has the value " + e.getMessage() + ", none of the classes "
                                + classes
                                + (mapping.isEmpty()
                                        ? "; correct it, or say with classes what it stands for"
                                        : " by " + mapping + "; give it a class, or * to all others"),
                        e);
            }
            piece.assign(Nd4j.createFromArray(values));
        }
        return vector.reshape('c', target.shape());
    }
}
