package io.mdnc4j.training.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Headers of NIfTI-2 (nifti2.h of 2011): those of NIfTI-1 in larger numbers and another order, so that they become such where
 * the numbers allow.
 */
final class SecondNifti {
    private static final int HEADER = 540;
    private static final int FIRST_HEADER = 348;
    private static final int MAGIC = 4;
    private static final int FIRST_MAGIC = 344;
    private static final byte[] SINGLE_FILE = "n+2\0".getBytes(StandardCharsets.US_ASCII);

    /** Bytes between header and data at least: whether extensions follow. */
    private static final int EXTENDER = 4;

    /** What a field is in NIfTI-2, and what it becomes. */
    private enum Kind {
        /** 64 to 16 bits. */
        SIZE(Long.BYTES, Short.BYTES),
        /** 32 to 16 bits. */
        CODE(Integer.BYTES, Short.BYTES),
        /** 32 bits to one byte. */
        UNITS(Integer.BYTES, 1),
        /** 64 to 32 bits. */
        REAL(Double.BYTES, Float.BYTES),
        /** As they are. */
        BYTES(1, 1),
        WORD(Short.BYTES, Short.BYTES);

        private final int bytes;
        private final int firstBytes;

        Kind(int bytes, int firstBytes) {
            this.bytes = bytes;
            this.firstBytes = firstBytes;
        }
    }

    /** Fields with their places in both headers; {@code vox_offset} is apart. */
    private record Field(Kind kind, int from, int to, int count) {}

    private static final Field[] FIELDS = {
        new Field(Kind.WORD, 12, 70, 1), // datatype
        new Field(Kind.WORD, 14, 72, 1), // bitpix
        new Field(Kind.SIZE, 16, 40, 8), // dim
        new Field(Kind.REAL, 80, 56, 3), // intent_p1, _p2, _p3
        new Field(Kind.REAL, 104, 76, 8), // pixdim
        new Field(Kind.REAL, 176, 112, 2), // scl_slope, scl_inter
        new Field(Kind.REAL, 192, 124, 2), // cal_max, cal_min
        new Field(Kind.REAL, 208, 132, 1), // slice_duration
        new Field(Kind.REAL, 216, 136, 1), // toffset
        new Field(Kind.SIZE, 224, 74, 1), // slice_start
        new Field(Kind.SIZE, 232, 120, 1), // slice_end
        new Field(Kind.BYTES, 240, 148, 80 + 24), // descrip, aux_file
        new Field(Kind.CODE, 344, 252, 2), // qform_code, sform_code
        new Field(Kind.REAL, 352, 256, 6 + 12), // quatern_b, _c, _d, qoffset_x, _y, _z, srow_x, _y, _z
        new Field(Kind.UNITS, 496, 122, 1), // slice_code
        new Field(Kind.UNITS, 500, 123, 1), // xyzt_units
        new Field(Kind.CODE, 504, 68, 1), // intent_code
        new Field(Kind.BYTES, 508, 328, 16), // intent_name
        new Field(Kind.BYTES, 524, 39, 1), // dim_info
    };

    private static final int OFFSET = 168;
    private static final int FIRST_OFFSET = 108;

    /** Bytes that a header has more than one of NIfTI-1. */
    static final int LONGER = HEADER - FIRST_HEADER;

    private SecondNifti() {}

    /** Whether a header begins so. */
    static boolean is(byte... start) {
        return start.length >= MAGIC + SINGLE_FILE.length
                && Arrays.equals(Arrays.copyOfRange(start, MAGIC, MAGIC + SINGLE_FILE.length), SINGLE_FILE);
    }

    /**
     * The same as a header of NIfTI-1, with the four bytes after it that tell of extensions.
     *
     * @param start of the file
     * @param in what follows; it is read up to the end of the header and those four bytes
     * @throws IOException if the file ends before, or a size is larger than NIfTI-1 can tell
     */
    static byte[] asFirst(byte[] start, InputStream in) throws IOException {
        byte[] bytes = Arrays.copyOf(start, HEADER + EXTENDER);
        if (in.readNBytes(bytes, start.length, bytes.length - start.length) < bytes.length - start.length) {
            throw new EOFException("it ends within its header");
        }
        ByteOrder order = ByteBuffer.wrap(bytes).getInt(0) == HEADER ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteBuffer from = ByteBuffer.wrap(bytes).order(order);
        ByteBuffer to = ByteBuffer.allocate(FIRST_HEADER + EXTENDER).order(order);
        to.putInt(0, FIRST_HEADER);
        for (Field field : FIELDS) {
            for (int i = 0; i < field.count; i++) {
                int source = field.from + i * field.kind.bytes;
                int target = field.to + i * field.kind.firstBytes;
                switch (field.kind) {
                    case SIZE -> to.putShort(target, fitting(from.getLong(source)));
                    case CODE -> to.putShort(target, (short) from.getInt(source));
                    case UNITS -> to.put(target, (byte) from.getInt(source));
                    case REAL -> to.putFloat(target, (float) from.getDouble(source));
                    case WORD -> to.putShort(target, from.getShort(source));
                    default -> to.put(target, from.get(source));
                }
            }
        }
        // extensions are as long as they were, behind a shorter header
        to.putFloat(FIRST_OFFSET, from.getLong(OFFSET) - HEADER + FIRST_HEADER);
        to.put(FIRST_MAGIC, new byte[] {'n', '+', '1', 0});
        to.put(FIRST_HEADER, bytes, HEADER, EXTENDER);
        return to.array();
    }

    private static short fitting(long size) throws IOException {
        if (size < Short.MIN_VALUE || size > Short.MAX_VALUE) {
            throw new IOException("its header says " + size + " elements on an axis, more than the " + Short.MAX_VALUE
                    + " that a volume may have here (surfaces and connectivity are no volumes); split it");
        }
        return (short) size;
    }
}
