package io.mdnc4j.training.files;

import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * How much memory and work a file may ask for. A few kilobytes can claim any size, and with compression really hold a thousand
 * times their own; so an array may take {@link ArrayFiles#MAX_ARRAY} MiB whatever the file, and more only in proportion to it.
 */
final class Limits {
    /** As many bytes become one compressed byte at most (deflate, RFC 1951). */
    static final long MAX_COMPRESSED = 1032;

    /** Names of arrays in one file that a message lists. */
    private static final int MAX_LISTED = 10;

    private static final int MAX_SHOWN = 40;

    private static final long DEFAULT_MIB = 1024;

    /** Bytes of memory for each byte of a file that is large: four times what 8 bits take as floats. */
    private static final long PROPORTION = 16;

    /** Largest number of elements unless the limit is raised: 2 GiB as floats, what most buffers can hold. */
    private static final long MAX_ELEMENTS = Integer.MAX_VALUE / Float.BYTES;

    private static final int MIB_BITS = 20;
    private static final int TABLE_PART = 8;
    private static final int LINE_PART = 1024;

    /** Characters of a line whatever the limit: more than the parser asks for at a time. */
    private static final long MIN_LINE = 1 << 14;

    /** ND4J's. */
    private static final int MAX_AXES = 32;

    private Limits() {}

    /**
     * Bytes that an array may take in memory.
     *
     * @param fileBytes size of its file
     * @throws ArgumentException if the property is no number of MiB
     */
    static long arrayBytes(long fileBytes) {
        return Math.max(limit(), PROPORTION * fileBytes);
    }

    /** Numbers of a table, which is read onto the heap: an eighth of other arrays, unless the file is large. */
    static long tableNumbers(long fileBytes) {
        return Math.max(limit() / TABLE_PART, PROPORTION * fileBytes) / Double.BYTES;
    }

    /** Characters of a line of a table, which is read as a whole. */
    static long lineLength(long fileBytes) {
        return Math.max(MIN_LINE, arrayBytes(fileBytes) / LINE_PART);
    }

    private static long limit() {
        String mib = System.getProperty(ArrayFiles.MAX_ARRAY, "" + DEFAULT_MIB);
        try {
            long limit = Math.multiplyExact(Long.parseLong(mib), 1L << MIB_BITS);
            ArgumentException.require(limit > 0, ArrayFiles.MAX_ARRAY, mib, "give at least 1 (MiB)");
            return limit;
        } catch (NumberFormatException | ArithmeticException e) {
            throw new ArgumentException(
                    ArrayFiles.MAX_ARRAY, mib, "give a whole number of MiB, such as " + DEFAULT_MIB, e);
        }
    }

    /**
     * Number of elements of an array, once it is certain that the file can hold it and it may be read.
     *
     * @param capacity elements that the file can hold at most
     * @param fileBytes size of the file
     * @param type of the array in memory
     * @throws IOException if it is too large, or an axis has no elements
     */
    static long elements(long capacity, long fileBytes, DataType type, long... shape) throws IOException {
        long count = capacity(capacity, shape);
        long most = Math.min(arrayBytes(fileBytes) / type.width(), Math.max(MAX_ELEMENTS, limit() / type.width()));
        if (count > most) {
            long mib = (count * type.width() >> MIB_BITS) + 1;
            throw new IOException(
                    "its array " + Arrays.toString(shape) + " takes " + mib + " MiB, the limit for a file of "
                            + fileBytes + " bytes is " + (most * type.width() >> MIB_BITS)
                            + "; split it, or raise the limit with"
                            + " the system property " + ArrayFiles.MAX_ARRAY + "=" + mib);
        }
        return count;
    }

    /** Number of elements of an array, once it is certain that the file can hold it. */
    private static long capacity(long capacity, long... shape) throws IOException {
        if (shape.length > MAX_AXES) {
            throw new IOException("its header says " + shape.length + " axes, not up to " + MAX_AXES);
        }
        long count = 1;
        for (long size : shape) {
            if (size < 1) {
                throw new IOException("its header says " + Arrays.toString(shape) + ", an empty array");
            }
            // the product, or more than any file can hold
            count = size > Long.MAX_VALUE / count ? Long.MAX_VALUE : count * size;
        }
        if (count > capacity) {
            throw new IOException("its header says " + Arrays.toString(shape) + ", more than the file can hold");
        }
        return count;
    }

    /** The same for elements one after the other, of which only parts are read at a time. */
    static void capacity(ElementType type, boolean compressed, long fileBytes, long... shape) throws IOException {
        capacity(fileBytes * (compressed ? MAX_COMPRESSED : 1) / type.bytes(), shape);
    }

    /** The same for elements one after the other. */
    static long elements(ElementType type, boolean compressed, long fileBytes, long... shape) throws IOException {
        return elements(
                fileBytes * (compressed ? MAX_COMPRESSED : 1) / type.bytes(),
                fileBytes,
                RawNumbers.arrayType(type),
                shape);
    }

    /** Names out of a file as a message shows them: there may be any number of any length. */
    static String shown(Iterable<String> names) {
        StringBuilder list = new StringBuilder("[");
        int count = 0;
        for (String name : names) {
            if (count++ == MAX_LISTED) {
                list.append(", ...");
                break;
            }
            list.append(count == 1 ? "" : ", ").append(shown(name));
        }
        return list.append(']').toString();
    }

    /** A text out of a file as a message shows it. */
    static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
