package io.mdnc4j.training.files;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * NIfTI-1 in a single file: volumes {@code [z, y, x]}, or {@code [t, z, y, x]} where there are several. The header with its
 * extensions, and so the orientation, goes into what is written like a file that was read. Offsets are those of the standard,
 * nifti1.h of 2007. NIfTI-2 ({@link SecondNifti}) is read as well; what is written like it is NIfTI-1.
 */
public final class NiftiFormat implements RawFormat {
    /** A format without settings. */
    public NiftiFormat() {}

    private static final int HEADER = 348;
    private static final int DATA = 352;
    private static final int MAX_EXTENSIONS = 1 << 24;

    private static final int DIM = 40;
    private static final int DATATYPE = 70;
    private static final int BITPIX = 72;
    static final int PIXDIM = 76;
    private static final int VOX_OFFSET = 108;
    private static final int SLOPE = 112;
    private static final int INTERCEPT = 116;
    private static final int CAL_MAX = 124;
    private static final int CAL_MIN = 128;
    private static final int MAGIC = 344;
    private static final byte[] SINGLE_FILE = "n+1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int AXES = 7;
    static final int SPATIAL = 3;

    /** Parts of a voxel that are no difference. */
    private static final double MISPLACED = 0.1;

    private static final Map<Integer, ElementType> TYPES = Map.of(
            2, ElementType.UINT8,
            4, ElementType.INT16,
            8, ElementType.INT32,
            16, ElementType.FLOAT32,
            64, ElementType.FLOAT64,
            256, ElementType.INT8,
            512, ElementType.UINT16,
            768, ElementType.UINT32,
            1024, ElementType.INT64);

    /** The header with extensions, up to where the data begin. */
    private record Header(byte[] bytes, ByteOrder order) {
        ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes).order(order);
        }
    }

    @Override
    public StoredArray read(Path file, String part) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, ArrayFiles.size(file));
        }
    }

    /**
     * Reads a file, which may be gzipped.
     *
     * @param file its bytes; it is closed
     * @param size of the file in bytes
     * @return the volume {@code [z, y, x]}, or {@code [t, z, y, x]} where there are several, with spacing and header
     * @throws IOException if it is broken, with what is wrong, or too large ({@link ArrayFiles#MAX_ARRAY})
     */
    public static StoredArray read(InputStream file, long size) throws IOException {
        try (InputStream in = RawNumbers.unzipped(file)) {
            return layout(in).read(in, true, size);
        }
    }

    @Override
    public RawLayout layout(Path file) throws IOException {
        try (InputStream in = RawNumbers.unzipped(Files.newInputStream(file))) {
            return layout(in);
        }
    }

    /** What the header says; the stream is where the numbers begin then. */
    private static RawLayout layout(InputStream in) throws IOException {
        byte[] first = in.readNBytes(DATA);
        boolean second = SecondNifti.is(first);
        if (second) {
            first = SecondNifti.asFirst(first, in);
        }
        Header start = start(first);
        ByteBuffer header = start.buffer();
        float offset = header.getFloat(VOX_OFFSET);
        if (!(offset >= DATA && offset <= MAX_EXTENSIONS)) {
            throw new IOException(
                    "its data begin at byte " + offset + ", not between " + DATA + " and " + MAX_EXTENSIONS);
        }
        ElementType type = TYPES.get((int) header.getShort(DATATYPE));
        if (type == null) {
            throw new IOException("its data type " + header.getShort(DATATYPE)
                    + " is not known; store whole or real numbers of up to 64 bits");
        }
        long[] shape = shape(header);
        byte[] extensions = in.readNBytes((int) offset - DATA);
        if (extensions.length < (int) offset - DATA) {
            throw new EOFException("it ends within its header");
        }
        byte[] bytes = Arrays.copyOf(first, (int) offset);
        System.arraycopy(extensions, 0, bytes, DATA, extensions.length);
        double slope = slope(header);
        double intercept = intercept(header);
        NiftiGrid where = NiftiGrid.of(header);
        return new RawLayout(
                shape,
                shape.length > SPATIAL,
                type,
                start.order,
                v -> v * slope + intercept,
                bytes.length + (second ? SecondNifti.LONGER : 0),
                values -> new StoredArray(
                        values,
                        shape.length > SPATIAL,
                        type,
                        where.grid(),
                        where.remarks(),
                        new Header(bytes, start.order)));
    }

    /**
     * How the places of the voxels of two files of one size differ.
     *
     * @param one an array of a file
     * @param other an array of another file
     * @return such as {@code its voxels lie up to 12 from those of the image}, in the files' unit; empty if they differ by less
     *     than a tenth of a voxel, or one of the files does not say
     */
    public static String difference(StoredArray one, StoredArray other) {
        long[] shape = other.values().shape();
        if (one.header() instanceof Header first
                && other.header() instanceof Header second
                && shape.length >= SPATIAL
                && Arrays.equals(one.values().shape(), shape)) {
            NiftiAffine image = NiftiAffine.of(first.buffer());
            NiftiAffine mask = NiftiAffine.of(second.buffer());
            double distance = image == null || mask == null ? 0 : image.distance(mask, shape);
            if (image != null && distance > MISPLACED * image.step()) {
                return String.format(Locale.ROOT, "its voxels lie up to %.3g from those of the image", distance);
            }
        }
        return "";
    }

    private static Header start(byte... first) throws IOException {
        if (first.length < DATA) {
            throw new EOFException("it ends within its header");
        }
        ByteOrder order = ByteBuffer.wrap(first).getInt(0) == HEADER ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Header header = new Header(first, order);
        if (header.buffer().getInt(0) != HEADER
                || !Arrays.equals(Arrays.copyOfRange(first, MAGIC, MAGIC + SINGLE_FILE.length), SINGLE_FILE)) {
            throw new IOException("it is no NIfTI-1 file with header and data in one");
        }
        return header;
    }

    private static long[] shape(ByteBuffer header) throws IOException {
        int axes = header.getShort(DIM);
        if (axes < 1 || axes > AXES) {
            throw new IOException("its header says " + axes + " axes, not 1 to " + AXES);
        }
        long[] size = new long[AXES + 1];
        for (int axis = 1; axis <= AXES; axis++) {
            size[axis] = axis <= axes ? header.getShort(DIM + Short.BYTES * axis) : 1;
        }
        long volumes = 1;
        for (int axis = SPATIAL + 1; axis <= AXES; axis++) {
            if (size[axis] < 1) {
                throw new IOException("its header says " + size[axis] + " elements on axis " + axis);
            }
            volumes *= size[axis];
            if (volumes > Integer.MAX_VALUE) {
                throw new IOException("its header says more than " + Integer.MAX_VALUE + " volumes");
            }
        }
        return volumes == 1 ? new long[] {size[3], size[2], size[1]} : new long[] {volumes, size[3], size[2], size[1]};
    }

    private static double slope(ByteBuffer header) {
        float slope = header.getFloat(SLOPE);
        return slope == 0 || !Float.isFinite(slope) ? 1 : slope;
    }

    private static double intercept(ByteBuffer header) {
        float slope = header.getFloat(SLOPE);
        float intercept = header.getFloat(INTERCEPT);
        return slope == 0 || !Float.isFinite(slope) || !Float.isFinite(intercept) ? 0 : intercept;
    }

    @Override
    public void write(Path file, String name, StoredArray array) throws IOException {
        long[] shape = array.channels()
                ? shape(array.values().size(0), Axes.size(array.values()))
                : array.values().shape();
        // such as classes, which the scale of an image would not hold
        boolean plain = array.type().holds(array.values());
        Header header = header(array, plain, shape);
        double slope = slope(header.buffer());
        double intercept = intercept(header.buffer());
        boolean zipped = name.toLowerCase(Locale.ROOT).endsWith(".gz");
        try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file));
                OutputStream out = zipped ? new GZIPOutputStream(stream) : stream) {
            out.write(header.bytes);
            RawNumbers.write(out, array.values(), array.type(), header.order, v -> (v - intercept) / slope);
        }
    }

    @Override
    public long[] shape(long channels, long... size) {
        return channels == 1 ? size : RawFormat.super.shape(channels, size);
    }

    @Override
    public RawHeader header(StoredArray like, long... shape) {
        Header header = header(like, true, shape);
        return new RawHeader(header.bytes, header.order);
    }

    /** @param plain whether numbers are stored as they are, not scaled like those of the file that was read */
    private static Header header(StoredArray array, boolean plain, long... shape) {
        Header kept = array.header() instanceof Header header ? header : fresh(array);
        Header changed = new Header(kept.bytes.clone(), kept.order);
        ByteBuffer header = changed.buffer();
        setShape(header, shape);
        for (Map.Entry<Integer, ElementType> type : TYPES.entrySet()) {
            if (type.getValue() == array.type()) {
                header.putShort(DATATYPE, type.getKey().shortValue());
            }
        }
        header.putShort(BITPIX, (short) (Byte.SIZE * array.type().bytes()));
        if (plain) {
            header.putFloat(SLOPE, 1).putFloat(INTERCEPT, 0);
        }
        header.putFloat(CAL_MAX, 0).putFloat(CAL_MIN, 0);
        return changed;
    }

    /** Axes of {@code shape} from the last one on; one more than three is that of volumes. */
    private static void setShape(ByteBuffer header, long... shape) {
        if (shape.length > SPATIAL + 1) {
            throw new ArgumentException("array", shape, "give NIfTI up to 3 axes and channels");
        }
        header.putShort(DIM, (short) Math.max(SPATIAL, shape.length));
        for (int axis = 1; axis <= AXES; axis++) {
            long size = axis <= shape.length ? shape[shape.length - axis] : 1;
            if (size > Short.MAX_VALUE) {
                throw new ArgumentException(
                        "array", shape, "give NIfTI up to " + Short.MAX_VALUE + " elements an axis");
            }
            header.putShort(DIM + Short.BYTES * axis, (short) size);
        }
    }

    private static Header fresh(StoredArray array) {
        Header header = new Header(new byte[DATA], ByteOrder.LITTLE_ENDIAN);
        ByteBuffer buffer = header.buffer();
        buffer.putInt(0, HEADER).putFloat(VOX_OFFSET, DATA);
        buffer.put(MAGIC, SINGLE_FILE);
        for (int axis = 0; axis <= AXES; axis++) {
            buffer.putFloat(PIXDIM + Float.BYTES * axis, 1);
        }
        NiftiGrid.put(array.grid(), buffer);
        return header;
    }
}
