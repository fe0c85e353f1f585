package io.mdnc4j.training.files;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.stream.ImageInputStream;

/**
 * What has to be known of an image file before the JDK's readers may have it: they follow the pages of TIFF (revision 6.0,
 * section 2) wherever they lead, decode JPEG (ITU T.81, annex B) once for each scan, and unpack texts of PNG (third edition,
 * section 11.3.3) to any length.
 */
final class ImageStructure {
    private static final int TIFF = 42;
    private static final int BIG_TIFF = 43;
    private static final int ENTRY = 12;
    private static final int MAX_PAGES = 1 << 16;

    private static final long PNG = 0x89504e470d0a1a0aL;
    private static final int IDAT = 0x49444154;
    private static final int PACKED_TEXT = 0x7a545874;
    private static final int TEXT = 0x69545874;

    /** Where the type of colours is, and that of palettes, whose texts the reader unpacks. */
    private static final int PNG_COLOURS = 25;

    private static final int PALETTE = 3;

    /** Bytes of packed texts: 66 MB at most once unpacked. */
    private static final int MAX_PACKED = 1 << 16;

    private static final int JPEG = 0xffd8;
    private static final int SCAN = 0xffda;

    /** Twice as many as the usual programs make for four components. */
    private static final int MAX_SCANS = 100;

    private ImageStructure() {}

    /**
     * Reads a file's structure, and leaves it at its beginning.
     *
     * @throws IOException if its pages lead in a circle, or it asks for more work than its size accounts for
     */
    static void requireBounded(ImageInputStream in) throws IOException {
        ByteOrder order = in.getByteOrder();
        try {
            in.setByteOrder(ByteOrder.BIG_ENDIAN);
            in.seek(0);
            int first = in.readUnsignedShort();
            if (first == 0x4949 || first == 0x4d4d) {
                in.setByteOrder(first == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
                requireLastPage(in);
            } else if (first == JPEG) {
                requireFewScans(in);
            } else {
                in.seek(0);
                if (in.readLong() == PNG) {
                    requireShortTexts(in);
                }
            }
        } catch (EOFException e) {
            throw new EOFException("it ends too early");
        } finally {
            in.setByteOrder(order);
            in.seek(0);
        }
    }

    private static void requireLastPage(ImageInputStream in) throws IOException {
        int version = in.readUnsignedShort();
        if (version == BIG_TIFF) {
            throw new IOException(
                    "it is a BigTIFF, which is not read; store it as a classic TIFF (below 4 GB), or as .npy");
        }
        if (version != TIFF) {
            return;
        }
        Set<Long> pages = new HashSet<>();
        long next = in.readUnsignedInt();
        while (next > 0) {
            if (!pages.add(next) || pages.size() > MAX_PAGES) {
                throw new IOException("its pages "
                        + (pages.size() > MAX_PAGES ? "are more than " + MAX_PAGES : "lead back to an earlier one"));
            }
            next = next(in, next);
        }
    }

    /** Where the directory after one is; 0 for none, or if the file ends before: what of that can be used, the reader knows. */
    private static long next(ImageInputStream in, long directory) throws IOException {
        try {
            in.seek(directory);
            long entries = in.readUnsignedShort();
            in.seek(in.getStreamPosition() + entries * ENTRY);
            return in.readUnsignedInt();
        } catch (EOFException e) {
            return 0;
        }
    }

    private static void requireFewScans(ImageInputStream in) throws IOException {
        byte[] piece = new byte[RawNumbers.PIECE];
        int scans = 0;
        int before = 0;
        for (int count = in.read(piece); count > 0; count = in.read(piece)) {
            for (int i = 0; i < count; i++) {
                int two = before << Byte.SIZE | piece[i] & 0xff;
                before = piece[i] & 0xff;
                if (two == SCAN && ++scans > MAX_SCANS) {
                    throw new IOException("it has more than " + MAX_SCANS + " scans; store it as a baseline JPEG");
                }
            }
        }
    }

    private static void requireShortTexts(ImageInputStream in) throws IOException {
        in.seek(PNG_COLOURS);
        boolean read = in.read() == PALETTE;
        in.seek(Long.BYTES);
        long packed = 0;
        int type;
        do {
            long length = in.readUnsignedInt();
            type = in.readInt();
            if (length > in.length() - in.getStreamPosition()) {
                throw new EOFException("it ends within a chunk");
            }
            packed += read && (type == PACKED_TEXT || type == TEXT) ? length : 0;
            in.seek(in.getStreamPosition() + length + Integer.BYTES);
        } while (type != IDAT && packed <= MAX_PACKED);
        if (packed > MAX_PACKED) {
            throw new IOException(
                    "its texts take " + packed + " bytes, more than " + MAX_PACKED + "; store it without");
        }
    }
}
