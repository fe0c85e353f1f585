package io.mdnc4j.training.files;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Release;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The array of a file as {@code [C, size...]}, read forwards in slabs: parts that are whole on all axes but the first of
 * {@code size}. Of NIfTI and {@code .npy} files, plain or gzipped, only the slab that is asked for is in memory; other files, and
 * {@code .npy} in Fortran's order, are read whole.
 *
 * <pre>{@code
 * try (ArraySlabs head = ArrayFiles.open(Path.of("head.nii.gz"), 3);          // [1, z, y, x]
 *         ArrayWriter mask = head.writer(Path.of("mask.nii.gz"), ElementType.UINT8, 1)) {
 *     for (long z = 0; z < head.shape()[1]; z++) {
 *         mask.write(head.read(z, z + 1).gt(100));                            // [1, 1, y, x]
 *     }
 *     mask.finish();
 * }
 * }</pre>
 *
 * <p>For one thread.
 */
public final class ArraySlabs implements AutoCloseable {
    /** Streams that one file is read with at most, one for each channel; a file of more is read whole. */
    private static final int MAX_STREAMS = 64;

    private final Path file;
    private final long[] shape;
    private final long[] stored;
    private final boolean channels;
    private final ElementType type;
    private final Function<INDArray, StoredArray> frame;

    /** The whole array {@code [C, size...]} if it is read so. */
    private @Nullable INDArray whole;

    private final @Nullable RawLayout layout;

    /** Of each channel, and the row at which it stands. */
    private InputStream @Nullable [] streams;

    private long position;

    /** An array that was read whole. */
    private ArraySlabs(Path file, StoredArray array, int dimensions) {
        this.file = file;
        stored = array.values().shape();
        channels = array.channels();
        type = array.type();
        frame = values -> new StoredArray(values, channels, type, array.grid(), array.remarks(), array.header());
        shape = StoredArray.withDimensions(dimensions, channels, stored);
        whole = array.values().reshape('c', shape);
        layout = null;
    }

    /** An array that is read in slabs. */
    private ArraySlabs(Path file, RawLayout layout, int dimensions) {
        this.file = file;
        this.layout = layout;
        stored = layout.shape();
        channels = layout.channels();
        type = layout.type();
        frame = layout.frame();
        shape = StoredArray.withDimensions(dimensions, channels, stored);
    }

    /** As {@link ArrayFiles#open}, for a file that is there. */
    static ArraySlabs open(Path file, ArrayFormat format, int dimensions, UnaryOperator<StoredArray> change)
            throws IOException {
        RawLayout layout = format instanceof RawFormat raw ? raw.layout(file) : null;
        try {
            if (layout != null) {
                Limits.capacity(layout.type(), RawNumbers.isZipped(file), ArrayFiles.size(file), layout.shape());
                ArraySlabs slabs = new ArraySlabs(file, layout, dimensions);
                if (slabs.shape[0] <= MAX_STREAMS) {
                    return slabs;
                }
            }
            return new ArraySlabs(file, change.apply(format.read(file, "")), dimensions);
        } catch (DataException e) {
            throw new DataException(file + ": " + e.getMessage(), e);
        }
    }

    /** {@return the shape of all slabs together, {@code [C, size...]}} */
    public long[] shape() {
        return shape.clone();
    }

    /** {@return the type of the numbers in the file} */
    public ElementType type() {
        return type;
    }

    /** {@return where the file says that its elements lie} */
    public Grid grid() {
        return frame.apply(Nd4j.scalar(0f)).grid();
    }

    /** {@return what one should know of the file, as of {@link StoredArray#remarks}} */
    public List<String> remarks() {
        return frame.apply(Nd4j.scalar(0f)).remarks();
    }

    /**
     * An array with what else the file says: grid, header.
     *
     * @param values {@code [C', size...]}
     * @param elements type of the numbers in a file that it goes to
     * @return an array for a file of the same kind
     */
    public StoredArray with(INDArray values, ElementType elements) {
        return frame.apply(values).with(values, elements);
    }

    /**
     * The next slab, which may overlap the one before.
     *
     * @param from first row, along the first axis of {@code size}; rows before the end of the last slab are gone unless the file
     *     was read whole
     * @param to end, beyond the last row
     * @return {@code [C, to - from, rest...]}, the caller's to free
     * @throws DataException if the file ends before that, or the slab is too large ({@link ArrayFiles#MAX_ARRAY})
     * @throws ArgumentException if there are no such rows, or they are gone
     */
    public INDArray read(long from, long to) {
        ArgumentException.require(
                from >= position && to > from && to <= shape[1],
                "from",
                "rows " + from + " to " + to + " of " + shape[1] + " after row " + position,
                "ask for rows one slab after the other");
        long[] slab = shape.clone();
        slab[1] = to - from;
        if (whole != null) {
            INDArrayIndex[] place = new INDArrayIndex[shape.length];
            Arrays.fill(place, NDArrayIndex.all());
            place[1] = NDArrayIndex.interval(from, to);
            return whole.get(place).dup('c').reshape('c', slab);
        }
        try {
            Limits.elements(layout.type(), true, ArrayFiles.size(file), slab);
            return read(from, slab);
        } catch (IOException | RuntimeException e) {
            throw ArrayFiles.unusable(file, e);
        }
    }

    private INDArray read(long from, long... slab) throws IOException {
        if (streams == null) {
            streams = open();
        }
        long rest = Arrays.stream(shape).skip(2).reduce(1, Math::multiplyExact);
        long bytes = (from - position) * rest * layout.type().bytes();
        long[] one = slab.clone();
        one[0] = 1;
        INDArray all = slab[0] == 1 ? null : Nd4j.createUninitialized(RawNumbers.arrayType(layout.type()), slab, 'c');
        for (int channel = 0; channel < slab[0]; channel++) {
            streams[channel].skipNBytes(bytes);
            INDArray rows = RawNumbers.read(streams[channel], layout.type(), layout.order(), layout.change(), one);
            if (all == null) {
                all = rows;
            } else {
                all.slice(channel).assign(rows.slice(0));
                Release.of(rows);
            }
        }
        position = from + slab[1];
        if (position == shape[1]) {
            RawNumbers.finish(streams[streams.length - 1]);
        }
        return all;
    }

    /** A stream for each channel, which stands at its first number. */
    private InputStream[] open() throws IOException {
        long length = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
        InputStream[] opened = new InputStream[(int) shape[0]];
        streams = opened;
        for (int channel = 0; channel < opened.length; channel++) {
            opened[channel] = RawNumbers.unzipped(Files.newInputStream(file));
            opened[channel].skipNBytes(
                    layout.offset() + channel * length * layout.type().bytes());
        }
        return opened;
    }

    /**
     * A file like this one, to be written in slabs; it is there once it is finished.
     *
     * @param target where it goes, in a folder that is there; its name tells the format
     * @param elements type of its numbers; whole numbers are rounded and limited to its range
     * @param count of its channels
     * @return what takes {@code [count, rows, rest...]}
     * @throws ArgumentException if the name tells no known format, or the format cannot hold such an array
     * @throws UncheckedIOException if the file cannot be written
     */
    public ArrayWriter writer(Path target, ElementType elements, long count) {
        long[] size = Arrays.copyOfRange(shape, 1, shape.length);
        // what has no axis of channels gets none
        boolean as = !channels && count == shape[0];
        return ArrayWriter.open(target, this::with, elements, as ? stored : null, Axes.prepended(count, size));
    }

    /** Gives memory and streams back; another call does nothing. */
    @Override
    public void close() {
        Release.of(whole);
        whole = null;
        for (InputStream stream : streams == null ? new InputStream[0] : streams) {
            try {
                if (stream != null) {
                    stream.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(file + ": cannot be closed", e);
            }
        }
        streams = null;
    }
}
