package io.mdnc4j.zoo;

import io.mdnc4j.zoo.files.ArrayElements;
import io.mdnc4j.zoo.files.SafeZip;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arrays in ND4J's binary form: its description of the shape, then the elements, each as allocation mode, length, type and
 * numbers, big endian. Compressed arrays and the form before ND4J 1.0 are not read.
 */
final class Nd4jBinary {
    /** Elements copied at a time. */
    private static final int BLOCK = 1 << 15;

    /** Numbers of a description of a shape: rank, sizes, strides and three more. */
    private static final int MAX_SHAPE = 2 * 32 + 4;

    /** The one allocation mode that is written since ND4J 1.0. */
    private static final String MODE = DataBuffer.AllocationMode.MIXED_DATA_TYPES.name();

    private static final String SHAPE_TYPE = "LONG";

    private final byte[] bytes = new byte[BLOCK * Double.BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
    private final float[] floats = new float[BLOCK];
    private final double[] doubles = new double[BLOCK];

    /** What stands before numbers. */
    private record Header(long length, String type) {
        static Header read(DataInputStream in) throws IOException {
            String mode = in.readUTF();
            if (!mode.equals(MODE)) {
                throw new IOException("has an array of an old or unknown kind; save the model again with DL4J 1.0");
            }
            long length = in.readLong();
            return new Header(length, in.readUTF());
        }
    }

    /** Writes an array. */
    void write(INDArray array, OutputStream out) throws IOException {
        INDArray dense = ArrayElements.dense(array) ? array : array.dup('c');
        DataOutputStream data = new DataOutputStream(out);
        dense.shapeInfoDataBuffer().write(data);
        data.writeUTF(MODE);
        data.writeLong(dense.length());
        data.writeUTF(dense.dataType().name());
        data.flush();
        ArrayElements elements = new ArrayElements(dense);
        int size = dense.dataType().width();
        int block;
        for (long done = 0; done < elements.length(); done += block) {
            block = (int) Math.min(BLOCK, elements.length() - done);
            if (elements.areFloats()) {
                elements.get(done, floats, block);
                buffer.asFloatBuffer().put(floats, 0, block);
            } else {
                elements.get(done, doubles, block);
                buffer.asDoubleBuffer().put(doubles, 0, block);
            }
            out.write(bytes, 0, block * size);
        }
    }

    /**
     * Reads the entry of a zip file into an array.
     *
     * @throws IOException if the entry does not hold as many elements of the array's type, or is damaged; the array's
     *     elements are then any
     */
    void read(SafeZip zip, String entry, INDArray target) throws IOException {
        CRC32 crc = new CRC32();
        try (DataInputStream in = new DataInputStream(new CheckedInputStream(zip.open(entry), crc))) {
            skipShape(in);
            Header header = Header.read(in);
            if (!header.type.equals(target.dataType().name()) || header.length != target.length()) {
                throw new IOException("entry \"" + entry + "\" has " + header.length + " elements of type "
                        + header.type + ", its configuration wants " + target.length() + " of " + target.dataType());
            }
            ArrayElements elements = new ArrayElements(target);
            int size = target.dataType().width();
            int block;
            for (long done = 0; done < elements.length(); done += block) {
                block = (int) Math.min(BLOCK, elements.length() - done);
                in.readFully(bytes, 0, block * size);
                if (elements.areFloats()) {
                    buffer.asFloatBuffer().get(floats, 0, block);
                    elements.put(done, floats, block);
                } else {
                    buffer.asDoubleBuffer().get(doubles, 0, block);
                    elements.put(done, doubles, block);
                }
            }
            if (in.read() >= 0 || crc.getValue() != zip.crc(entry)) {
                throw new IOException("entry \"" + entry + "\" is damaged");
            }
        }
    }

    /** The shape itself is known from the configuration. */
    private static void skipShape(DataInputStream in) throws IOException {
        Header header = Header.read(in);
        if (!header.type.equals(SHAPE_TYPE) || header.length < 0 || header.length > MAX_SHAPE) {
            throw new IOException("has an array without a valid shape");
        }
        in.skipNBytes(header.length * Long.BYTES);
    }

    /** The type of the elements of an entry; nothing else is read. */
    DataType type(SafeZip zip, String entry) throws IOException {
        try (DataInputStream in = new DataInputStream(zip.open(entry))) {
            skipShape(in);
            return DataType.valueOf(Header.read(in).type);
        }
    }
}
