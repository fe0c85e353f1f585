package io.mdnc4j.training.files;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.filter.PipelineFilterWithData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What has to be known of a dataset in chunks before the library unpacks it: it makes room for whatever sizes the file
 * states, unpacks without end, and does not look at checksums.
 */
final class Hdf5Chunks {
    /** Elements that a chunk may have although its dataset has fewer, for datasets that are to grow. */
    private static final long MAX_CHUNK = 1 << 22;

    /** Chunks that a dataset may have room for, whatever its file. */
    private static final long MAX_CHUNKS = 1 << 20;

    /** Bytes of a file for each chunk there is: its place, its size and itself. */
    private static final int CHUNK_BYTES = 8;

    // numbers of filters: HDF5 file format 3.0, IV.A.2.l, and the registered ones
    private static final int DEFLATE = 1;
    private static final int FLETCHER32 = 3;
    private static final int LZF = 32000;
    private static final int LZ4 = 32004;
    private static final int BIT_SHUFFLE = 32008;

    /** Place in bit shuffle's settings. */
    private static final int COMPRESSION = 4;

    private Hdf5Chunks() {}

    /**
     * Requires of the chunks of a part that they unpack to no more than they are to, and are what their checksums say.
     *
     * @param start of the part, on each axis
     * @param size of the part, on each axis
     * @param fileBytes size of the file
     * @throws IOException if not
     */
    static void requireSound(Dataset dataset, long[] start, int[] size, long fileBytes) throws IOException {
        if (!(dataset instanceof ChunkedDataset chunked)) {
            return;
        }
        int[] chunk = chunked.getChunkDimensions();
        long elements = 1;
        long count = 1;
        for (int axis = 0; axis < chunk.length; axis++) {
            if (chunk[axis] < 1) {
                throw new IOException("its header says chunks of " + Arrays.toString(chunk));
            }
            elements = Math.min(elements * chunk[axis], Integer.MAX_VALUE);
            count = Math.min(
                    count * (1 + (start[axis] + size[axis] - 1) / chunk[axis] - start[axis] / chunk[axis]),
                    Integer.MAX_VALUE);
        }
        long bytes = elements * dataset.getDataType().getSize();
        if (elements > Math.max(MAX_CHUNK, dataset.getSize()) || bytes > Integer.MAX_VALUE) {
            throw new IOException("its header says chunks of " + Arrays.toString(chunk) + ", more than all there is");
        }
        if (count > Math.max(MAX_CHUNKS, fileBytes / CHUNK_BYTES)) {
            throw new IOException("its header says " + count + " chunks, more than the file can hold");
        }
        List<PipelineFilterWithData> filters = new ArrayList<>(dataset.getFilters());
        Collections.reverse(filters);
        if (filters.isEmpty()) {
            return;
        }
        int[] offset = new int[chunk.length];
        for (int axis = 0; axis < chunk.length; axis++) {
            offset[axis] = first(start, chunk, axis);
        }
        do {
            requireSound(chunked, offset, filters, (int) bytes);
        } while (next(offset, start, size, chunk));
    }

    private static int first(long[] start, int[] chunk, int axis) {
        return Math.toIntExact(start[axis] / chunk[axis] * chunk[axis]);
    }

    /** Goes to the next chunk of the part, the last axis first; false after the last. */
    private static boolean next(int[] offset, long[] start, int[] size, int... chunk) {
        for (int axis = offset.length - 1; axis >= 0; axis--) {
            long next = (long) offset[axis] + chunk[axis];
            if (next < start[axis] + size[axis]) {
                offset[axis] = (int) next;
                return true;
            }
            offset[axis] = first(start, chunk, axis);
        }
        return false;
    }

    /** @param filters in the order in which they are undone */
    private static void requireSound(
            ChunkedDataset dataset, int[] offset, List<PipelineFilterWithData> filters, int size) throws IOException {
        ByteBuffer bytes;
        try {
            bytes = dataset.getRawChunkBuffer(offset);
        } catch (HdfException e) {
            // nothing is stored for this one, or it lies nowhere, as reading it will say
            return;
        }
        int sums =
                (int) filters.stream().filter(one -> one.getId() == FLETCHER32).count();
        for (PipelineFilterWithData filter : filters) {
            switch (filter.getId()) {
                case DEFLATE -> bytes = inflated(bytes, size + sums * Integer.BYTES, offset);
                case FLETCHER32 -> bytes = summed(bytes, offset);
                case LZF -> {
                    require(filter.getFilterData().length > 2 && filter.getFilterData()[2] <= size, offset);
                    return;
                }
                case LZ4, BIT_SHUFFLE -> {
                    int[] data = filter.getFilterData();
                    if (filter.getId() == LZ4 || data.length > COMPRESSION && data[COMPRESSION] != 0) {
                        requireBlocks(bytes, size, offset);
                    }
                    return;
                }
                default -> {
                    // the order of bytes, after which sums cannot be told, or what the library refuses
                    return;
                }
            }
        }
    }

    private static ByteBuffer inflated(ByteBuffer bytes, int most, int... offset) throws IOException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(bytes);
            ByteBuffer unpacked = ByteBuffer.allocate(most);
            while (unpacked.hasRemaining() && inflater.inflate(unpacked) > 0) {
                // on to the end of the stream, or of the chunk
            }
            if (!inflater.finished()) {
                // the end of the stream may follow the last byte
                inflater.inflate(new byte[1]);
            }
            require(inflater.finished() && inflater.getBytesWritten() <= most, offset);
            return unpacked.flip();
        } catch (DataFormatException e) {
            throw new IOException(
                    "its chunk at " + Arrays.toString(offset) + " is damaged (" + e.getMessage() + ")", e);
        } finally {
            inflater.end();
        }
    }

    /** LZ4's blocks, bit shuffle's too: their size and number follow from what stands before, the bytes of each before it. */
    private static void requireBlocks(ByteBuffer bytes, int size, int... offset) throws IOException {
        ByteBuffer blocks = bytes.slice().order(ByteOrder.BIG_ENDIAN);
        require(blocks.remaining() >= Long.BYTES + Integer.BYTES, offset);
        long total = blocks.getLong();
        int block = blocks.getInt();
        require(total >= 0 && total <= size && block > 0 && block <= Math.max(size, MAX_CHUNK), offset);
        for (long i = Math.max(1, total / block); i > 0; i--) {
            require(blocks.remaining() >= Integer.BYTES, offset);
            int length = blocks.getInt();
            require(length >= 0 && length <= blocks.remaining(), offset);
            blocks.position(blocks.position() + length);
        }
    }

    /** The bytes before their Fletcher-32 checksum, which is right. */
    private static ByteBuffer summed(ByteBuffer bytes, int... offset) throws IOException {
        require(bytes.remaining() >= Integer.BYTES, offset);
        ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        data.limit(data.limit() - Integer.BYTES);
        int stored = bytes.slice().order(ByteOrder.LITTLE_ENDIAN).getInt(data.limit());
        int sum = fletcher32(data);
        // HDF5 before 1.6.3 exchanged the bytes of both halves on little-endian machines
        int exchanged = (sum & 0xff00ff) << Byte.SIZE | sum >>> Byte.SIZE & 0xff00ff;
        if (stored != sum && stored != exchanged) {
            throw new IOException("its chunk at " + Arrays.toString(offset)
                    + " is damaged (its checksum is another); restore the file");
        }
        return data;
    }

    private static int fletcher32(ByteBuffer data) {
        long one = 0;
        long two = 0;
        for (int i = data.position(); i < data.limit(); i += 2) {
            int low = i + 1 < data.limit() ? data.get(i + 1) & 0xff : 0;
            one = (one + ((data.get(i) & 0xff) << Byte.SIZE | low)) % 0xffff;
            two = (two + one) % 0xffff;
        }
        return (int) (two << Short.SIZE | one);
    }

    private static void require(boolean condition, int... offset) throws IOException {
        if (!condition) {
            throw new IOException(
                    "its chunk at " + Arrays.toString(offset) + " unpacks to another size than a chunk has");
        }
    }
}
