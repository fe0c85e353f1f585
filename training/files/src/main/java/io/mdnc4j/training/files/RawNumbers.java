package io.mdnc4j.training.files;

import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Release;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.zip.GZIPInputStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Numbers as bytes one after the other, in pieces, so that only the array itself takes much memory. */
final class RawNumbers {
    /** Numbers that are converted at a time. */
    static final int PIECE = 1 << 16;

    private static final int GZIP_MAGIC = 0x1f8b;

    private RawNumbers() {}

    /** Type of arrays of such numbers. */
    static DataType arrayType(ElementType type) {
        return type == ElementType.FLOAT64 || type == ElementType.INT64 || type == ElementType.INT32
                ? DataType.DOUBLE
                : DataType.FLOAT;
    }

    /**
     * Reads numbers, and what there is after them.
     *
     * @param change what becomes of each
     * @param shape of the result; {@link Limits} has passed it
     * @throws EOFException if there are fewer
     * @throws IOException if they cannot be read, or are not what a checksum at the end says
     */
    static INDArray readToEnd(
            InputStream in, ElementType type, ByteOrder order, DoubleUnaryOperator change, long... shape)
            throws IOException {
        INDArray array = read(in, type, order, change, shape);
        try {
            finish(in);
        } catch (IOException e) {
            Release.of(array);
            throw e;
        }
        return array;
    }

    /** Reads what there is after the numbers: checksums stand at the end. */
    static void finish(InputStream in) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    /**
     * Reads numbers.
     *
     * @param change what becomes of each
     * @param shape of the result; {@link Limits} has passed it
     * @throws EOFException if there are fewer
     * @throws IOException if they cannot be read
     */
    static INDArray read(InputStream in, ElementType type, ByteOrder order, DoubleUnaryOperator change, long... shape)
            throws IOException {
        DataType arrayType = arrayType(type);
        long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        INDArray array = Nd4j.createUninitialized(arrayType, new long[] {count}, 'c');
        try {
            fill(array, in, type, order, change);
        } catch (IOException | RuntimeException e) {
            Release.of(array);
            throw e;
        }
        return array.reshape('c', shape);
    }

    private static void fill(
            INDArray array, InputStream in, ElementType type, ByteOrder order, DoubleUnaryOperator change)
            throws IOException {
        long count = array.length();
        byte[] bytes = new byte[PIECE * type.bytes()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
        for (long done = 0; done < count; done += PIECE) {
            int length = (int) Math.min(PIECE, count - done);
            if (in.readNBytes(bytes, 0, length * type.bytes()) < length * type.bytes()) {
                throw new EOFException("it ends before its " + count + " numbers do");
            }
            double[] values = new double[length];
            for (int i = 0; i < length; i++) {
                values[i] = change.applyAsDouble(type.get(buffer, i * type.bytes()));
            }
            put(array, done, values);
        }
    }

    /** Puts values into a part of a vector. */
    static void put(INDArray vector, long start, double... values) {
        INDArray piece = Nd4j.createFromArray(values);
        vector.get(NDArrayIndex.interval(start, start + values.length)).assign(piece);
        Release.of(piece);
    }

    /** Writes numbers, in the order of the array's elements. */
    static void write(OutputStream out, INDArray array, ElementType type, ByteOrder order, DoubleUnaryOperator change)
            throws IOException {
        INDArray dense = array.dup('c');
        INDArray vector = dense.reshape('c', new long[] {array.length()});
        ByteBuffer buffer = ByteBuffer.allocate(PIECE * type.bytes()).order(order);
        for (long start = 0; start < vector.length(); start += PIECE) {
            long end = Math.min(start + PIECE, vector.length());
            double[] values = OnHeap.doubles(vector.get(NDArrayIndex.interval(start, end)));
            buffer.clear();
            for (double value : values) {
                type.put(buffer, change.applyAsDouble(value));
            }
            out.write(buffer.array(), 0, buffer.position());
        }
        Release.of(dense);
    }

    /** Whether a file is gzipped. */
    static boolean isZipped(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return (in.read() << Byte.SIZE | in.read()) == GZIP_MAGIC;
        }
    }

    /** A stream of what is in a file, whether gzipped or not. */
    static InputStream unzipped(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, PIECE);
        buffered.mark(2);
        int magic = buffered.read() << Byte.SIZE | buffered.read();
        buffered.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(buffered, PIECE) : buffered;
    }
}
