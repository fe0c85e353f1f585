package io.mdnc4j.training.files;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.arrays.Release;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * An array {@code [C, size...]} on its way into a file, slab by slab along the first axis of {@code size}. Until
 * {@link #finish} the file is not there, or is the earlier one; what is closed before leaves nothing. NIfTI and {@code .npy}
 * files are written as slabs come; where one is gzipped and has several channels, the disk holds it plain in the meantime. Arrays
 * for other formats are kept until they are complete.
 *
 * <p>For one thread.
 */
public abstract class ArrayWriter implements AutoCloseable {
    private final Path file;
    private final long[] shape;
    private long rows;

    private ArrayWriter(Path file, long... shape) {
        this.file = file;
        this.shape = shape;
    }

    /**
     * @param with puts what else is known around an array
     * @param stored shape that the file is to tell, of as many elements; {@code null} for {@code [C, size...]}
     * @param shape {@code [C, size...]}
     */
    static ArrayWriter open(
            Path file,
            BiFunction<INDArray, ElementType, StoredArray> with,
            ElementType type,
            long @Nullable [] stored,
            long... shape) {
        String name = file.getFileName().toString();
        boolean plain = ArrayFiles.format(file) instanceof RawFormat raw && raw.isRaw(name);
        if (!plain) {
            return new OfWhole(file, with, type, stored, shape);
        }
        try {
            return new OfRaw(
                    file, (RawFormat) ArrayFiles.format(file), with.apply(Nd4j.scalar(0f), type), stored, shape);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static UncheckedIOException unwritable(Path file, IOException e) {
        return new UncheckedIOException(
                file + ": cannot be written (" + e.getMessage() + "); make room, or check the path", e);
    }

    /**
     * Writes the next slab.
     *
     * @param slab {@code [C, rows, rest...]}, of any type; it is not changed
     * @throws ArgumentException if it has another shape, or there are too many rows
     * @throws UncheckedIOException if it cannot be written
     */
    public final void write(INDArray slab) {
        long[] expected = shape.clone();
        expected[1] = slab.rank() > 1 ? slab.size(1) : -1;
        ArgumentException.require(
                Arrays.equals(slab.shape(), expected) && rows + expected[1] <= shape[1],
                "slab",
                Arrays.toString(slab.shape()) + " after row " + rows + " of " + Arrays.toString(shape),
                "give whole rows of that array, each once");
        try {
            put(slab, rows);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
        rows += expected[1];
    }

    /**
     * Gives the file its name.
     *
     * @return the file
     * @throws ArgumentException if rows are missing
     * @throws UncheckedIOException if that cannot be done
     */
    public final Path finish() {
        ArgumentException.require(rows == shape[1], "slab", rows + " rows of " + shape[1], "write all of them");
        try {
            complete();
        } catch (IOException e) {
            throw unwritable(file, e);
        }
        return file;
    }

    abstract void put(INDArray slab, long row) throws IOException;

    abstract void complete() throws IOException;

    /** Removes what was written unless it is finished. */
    @Override
    public abstract void close();

    /** Collects, for formats that know arrays as a whole only. */
    private static final class OfWhole extends ArrayWriter {
        private final Path target;
        private final BiFunction<INDArray, ElementType, StoredArray> with;
        private final ElementType type;
        private final long @Nullable [] stored;
        private final long[] size;
        private @Nullable INDArray array;

        OfWhole(
                Path file,
                BiFunction<INDArray, ElementType, StoredArray> with,
                ElementType type,
                long @Nullable [] stored,
                long... shape) {
            super(file, shape);
            target = file;
            this.with = with;
            this.type = type;
            this.stored = stored;
            size = shape;
        }

        @Override
        void put(INDArray slab, long row) {
            INDArray all = array;
            if (all == null) {
                all = Nd4j.createUninitialized(slab.dataType(), size, 'c');
                array = all;
            }
            INDArrayIndex[] place = new INDArrayIndex[size.length];
            Arrays.fill(place, NDArrayIndex.all());
            place[1] = NDArrayIndex.interval(row, row + slab.size(1));
            all.get(place).assign(slab);
        }

        @Override
        void complete() {
            StoredArray result = with.apply(array, type);
            ArrayFiles.write(target, stored == null ? result : result.withoutChannels(stored));
        }

        @Override
        public void close() {
            Release.of(array);
            array = null;
        }
    }

    /** Writes each slab where it belongs. */
    private static final class OfRaw extends ArrayWriter {
        private final Path target;
        private final Path temporary;
        private final ElementType type;
        private final RawFormat.RawHeader header;
        private final boolean zipped;
        private final long rowLength;
        private final long channelLength;

        /** Where all goes one after the other; {@code null} if channels have places of their own. */
        private @Nullable OutputStream sequence;

        private @Nullable FileChannel places;

        OfRaw(Path file, RawFormat format, StoredArray like, long @Nullable [] stored, long... shape)
                throws IOException {
            super(file, shape);
            target = file;
            type = like.type();
            long[] size = Arrays.copyOfRange(shape, 1, shape.length);
            // one channel needs no axis of its own
            header = format.header(like, stored != null ? stored : format.shape(shape[0], size));
            zipped = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".gz");
            channelLength = Arrays.stream(size).reduce(1, Math::multiplyExact);
            rowLength = channelLength / size[0];
            temporary = AtomicFile.temporary(file);
            if (shape[0] == 1) {
                OutputStream stream = new BufferedOutputStream(Files.newOutputStream(temporary));
                sequence = zipped ? new GZIPOutputStream(stream) : stream;
                sequence.write(header.bytes());
            } else {
                places = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                put(places, 0, out -> out.write(header.bytes()));
            }
        }

        private interface Bytes {
            void writeTo(OutputStream out) throws IOException;
        }

        private static void put(FileChannel channel, long position, Bytes bytes) throws IOException {
            // not closed: that would close the channel
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel.position(position)));
            bytes.writeTo(out);
            out.flush();
        }

        @Override
        void put(INDArray slab, long row) throws IOException {
            if (sequence != null) {
                numbers(sequence, slab);
                return;
            }
            for (int c = 0; c < slab.size(0); c++) {
                INDArray ofChannel = slab.slice(c);
                long before = c * channelLength + row * rowLength;
                put(places, header.bytes().length + before * type.bytes(), out -> numbers(out, ofChannel));
            }
        }

        private void numbers(OutputStream out, INDArray values) throws IOException {
            RawNumbers.write(out, values, type, header.order(), DoubleUnaryOperator.identity());
        }

        @Override
        void complete() throws IOException {
            if (sequence != null) {
                sequence.close();
                AtomicFile.commit(temporary, target);
            } else {
                places.close();
                if (zipped) {
                    AtomicFile.write(target, file -> {
                        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), RawNumbers.PIECE)) {
                            Files.copy(temporary, out);
                        }
                    });
                } else {
                    AtomicFile.commit(temporary, target);
                }
            }
        }

        @Override
        public void close() {
            try {
                try {
                    if (sequence != null) {
                        sequence.close();
                    }
                    if (places != null) {
                        places.close();
                    }
                } finally {
                    Files.deleteIfExists(temporary);
                }
            } catch (IOException e) {
                throw unwritable(temporary, e);
            }
        }
    }

    /** {@return the shape that all slabs together have, {@code [C, size...]}} */
    public final long[] shape() {
        return shape.clone();
    }
}
