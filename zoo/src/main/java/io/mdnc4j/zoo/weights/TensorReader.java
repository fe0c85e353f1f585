package io.mdnc4j.zoo.weights;

import io.mdnc4j.zoo.files.ArrayElements;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/** Copies elements from a file into arrays, a block at a time; holds nothing else in memory. */
final class TensorReader {
    /** Elements of a block; it stays in the second-level cache. */
    private static final int BLOCK = 1 << 15;

    private final FileChannel file;
    private final ByteBuffer bytes;
    private final double[] values;
    private final float[] floats;

    /** @param largest elements of the largest storage that will be asked for, so that little memory is taken for few */
    TensorReader(FileChannel file, long largest) {
        this.file = file;
        int block = (int) Math.min(BLOCK, Math.max(largest, 1));
        bytes = ByteBuffer.allocateDirect(block * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values = new double[block];
        floats = new float[block];
    }

    /** Whether the storage's bytes have the CRC-32 that the file states; {@code true} if it states none. */
    boolean intact(Storage storage) throws IOException {
        if (!storage.hasCrc()) {
            return true;
        }
        CRC32 crc = new CRC32();
        for (long done = 0; done < storage.bytes(); done += bytes.limit()) {
            bytes.clear().limit((int) Math.min(bytes.capacity(), storage.bytes() - done));
            FileParts.fill(file, storage.position() + done, bytes);
            crc.update(bytes);
        }
        return crc.getValue() == storage.crc();
    }

    /** Copies a tensor, which must not be empty, into an array with as many elements. */
    void copy(StoredTensor tensor, ArrayElements to) throws IOException {
        if (tensor.contiguous()) {
            copyContiguous(tensor, to);
        } else {
            copyStrided(tensor, to);
        }
    }

    private void copyContiguous(StoredTensor tensor, ArrayElements to) throws IOException {
        TensorType type = tensor.storage().type();
        long start = tensor.storage().position() + tensor.offset() * type.size();
        boolean asTheyAre = type == TensorType.FLOAT32 && to.areFloats();
        int block;
        for (long done = 0; done < tensor.elements(); done += block) {
            block = (int) Math.min(values.length, tensor.elements() - done);
            bytes.clear().limit(block * type.size());
            FileParts.fill(file, start + done * type.size(), bytes);
            if (asTheyAre) {
                bytes.asFloatBuffer().get(floats, 0, block);
                to.put(done, floats, block);
            } else {
                for (int i = 0; i < block; i++) {
                    values[i] = type.decode(bytes, i * type.size());
                }
                put(to, done, block);
            }
        }
    }

    /** Walks over the elements in row-major order; the part of the file that they lie in is mapped. */
    private void copyStrided(StoredTensor tensor, ArrayElements to) throws IOException {
        TensorType type = tensor.storage().type();
        long length = (tensor.last() - tensor.offset() + 1) * type.size();
        if (length > Integer.MAX_VALUE) {
            throw new WeightsException(
                    "a strided tensor over " + length + " bytes is not read; make it contiguous before saving");
        }
        long start = tensor.storage().position() + tensor.offset() * type.size();
        ByteBuffer mapped =
                file.map(FileChannel.MapMode.READ_ONLY, start, length).order(ByteOrder.LITTLE_ENDIAN);
        long[] shape = tensor.shape();
        long[] index = new long[shape.length];
        long place = 0;
        int block;
        for (long done = 0; done < tensor.elements(); done += block) {
            block = (int) Math.min(values.length, tensor.elements() - done);
            for (int i = 0; i < block; i++) {
                values[i] = type.decode(mapped, (int) place * type.size());
                for (int axis = shape.length - 1; axis >= 0; axis--) {
                    place += tensor.stride(axis);
                    if (++index[axis] < shape[axis]) {
                        break;
                    }
                    place -= shape[axis] * tensor.stride(axis);
                    index[axis] = 0;
                }
            }
            put(to, done, block);
        }
    }

    /** Writes the first {@code count} of {@link #values} from that element on. */
    private void put(ArrayElements target, long start, int count) {
        if (!target.areFloats()) {
            target.put(start, values, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            floats[i] = (float) values[i];
        }
        target.put(start, floats, count);
    }
}
