package io.mdnc4j.training.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The indexes of chunks and links in HDF5 files (file format 3.0, III.A.2, VII.C and D): the library makes room for as many
 * entries as their headers state.
 */
final class Hdf5Indexes {
    /** Files up to that size are looked through; larger ones have a size to bear what they ask for. */
    private static final int LOOKED_THROUGH = 64 << 20;

    /** Entries that any file may state. */
    private static final long MAX_ENTRIES = 1 << 16;

    /**
     * The header of an index.
     *
     * @param signature how it begins
     * @param bytes from there to the number of entries, but for those of addresses and lengths
     * @param addresses addresses before the number
     * @param lengths other lengths before it
     */
    private record Header(int signature, int bytes, int addresses, int lengths) {
        Header(String signature, int bytes, int addresses, int lengths) {
            this(ByteBuffer.wrap(signature.getBytes(StandardCharsets.US_ASCII)).getInt(), bytes, addresses, lengths);
        }
    }

    private static final Header[] HEADERS = {
        new Header("EAHD", 12, 0, 4), new Header("FAHD", 8, 0, 0), new Header("BTHD", 18, 1, 0)
    };

    private Hdf5Indexes() {}

    /**
     * Requires of all headers of indexes that they state no more entries than the file has bytes.
     *
     * @param file its bytes
     * @param address bytes of an address
     * @param length bytes of a length
     * @throws IOException if one does
     */
    static void requireBounded(ByteBuffer file, int address, int length) throws IOException {
        if (file.capacity() > LOOKED_THROUGH) {
            return;
        }
        ByteBuffer bytes = file.duplicate().clear().order(ByteOrder.BIG_ENDIAN);
        for (int at = 0; at < bytes.limit() - Integer.BYTES; at++) {
            int signature = bytes.getInt(at);
            for (Header header : HEADERS) {
                // the version, the only one there is, follows
                if (signature == header.signature && bytes.get(at + Integer.BYTES) == 0) {
                    long entries = number(
                            bytes, at + header.bytes + header.addresses * address + header.lengths * length, length);
                    if (entries < 0 || entries > Math.max(MAX_ENTRIES, bytes.limit())) {
                        throw new IOException("an index in it states " + Long.toUnsignedString(entries)
                                + " entries, more than the file can hold");
                    }
                }
            }
        }
    }

    /** A little-endian number; 0 beyond the end. */
    private static long number(ByteBuffer bytes, int at, int length) {
        long number = 0;
        for (int i = Math.min(length, Long.BYTES) - 1; i >= 0; i--) {
            number = number << Byte.SIZE | (at + i < bytes.limit() ? bytes.get(at + i) & 0xff : 0);
        }
        return number;
    }
}
