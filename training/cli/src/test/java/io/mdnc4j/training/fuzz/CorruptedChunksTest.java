package io.mdnc4j.training.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.Hdf5Slices;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** HDF5 files that HDF5 1.10.8 wrote (h5py 3.7.0), of 24 x 16 numbers in chunks of 8 x 5, whole and damaged. */
class CorruptedChunksTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROWS = 24;
    private static final int COLUMNS = 16;

    /** The numbers are those from 0 on, and again from 0 on after these. */
    private static final int PERIOD = 97;

    private static final long HEAP = 64 << 20;

    @TempDir
    Path folder;

    @BeforeEach
    void limit() {
        System.setProperty(ArrayFiles.MAX_ARRAY, FuzzTarget.MAX_ARRAY);
    }

    @AfterEach
    void noLimit() {
        System.clearProperty(ArrayFiles.MAX_ARRAY);
    }

    private static byte[] file(String name) throws IOException {
        String resource = FuzzedReaders.class.getSimpleName() + "Inputs/hdf5/" + name + ".h5";
        try (var in = CorruptedChunksTest.class.getResourceAsStream(resource)) {
            return in.readAllBytes();
        }
    }

    private INDArray read(byte[] bytes) throws IOException {
        Path file = folder.resolve("a.h5");
        // another file each time: the last one may still be mapped
        Files.deleteIfExists(file);
        return ArrayFiles.read(Files.write(file, bytes)).values();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contiguous",
                "chunked",
                "deflate",
                "shuffle",
                "checksum",
                "lzf",
                "latest",
                "extensible",
                "single",
                "btree2"
            })
    void wholeFiles(String name) throws IOException {
        INDArray values = read(file(name));
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            assertEquals(i % PERIOD, values.getInt(i / COLUMNS, i % COLUMNS), name);
        }
        INDArray row = Hdf5Slices.read(folder.resolve("a.h5"), "data", 9).values();
        assertEquals(values.getRow(9).toDoubleVector()[7], row.getDouble(7));
    }

    /** Bytes of each chunk are others: checksums tell, those of HDF5 and those inside of deflate's streams. */
    @ParameterizedTest
    @CsvSource({"checksum, 12", "deflate, 12", "shuffle, 12"})
    void damageInChunksIsToldByTheirChecksums(String name, int chunks) throws IOException {
        byte[] whole = file(name);
        int found = 0;
        for (int start = 0; start < whole.length - 1; start++) {
            // how zlib's streams begin at level 6
            if (whole[start] == 0x78 && (whole[start + 1] == (byte) 0x9c || whole[start + 1] == 0x5e)) {
                found++;
                for (int at = start; at < start + 20; at += 4) {
                    byte[] damaged = whole.clone();
                    damaged[at] ^= 0x10;
                    String message = assertThrows(DataException.class, () -> read(damaged), name + " " + at)
                            .getMessage();
                    assertTrue(message.contains("chunk at ["), message);
                }
            }
        }
        assertEquals(chunks, found);
        Path file = folder.resolve("a.h5");
        assertThrows(DataException.class, () -> Hdf5Slices.read(file, "data", ROWS - 1));
    }

    /** A chunk that unpacks to a thousand times its size: the size of the dataset's chunks bounds it. */
    @Test
    void bombsInChunks() throws IOException {
        byte[] bomb = file("bomb");
        long before = THREADS.getCurrentThreadAllocatedBytes();
        String message = assertThrows(DataException.class, () -> read(bomb)).getMessage();
        assertTrue(message.contains("unpacks to another size"), message);
        assertTrue(THREADS.getCurrentThreadAllocatedBytes() - before < HEAP);
    }

    /** Sizes that the file states for itself, all over it: nothing takes memory for more than there is. */
    @ParameterizedTest
    @ValueSource(strings = {"chunked", "checksum", "single", "btree2"})
    void anySizeStated(String name) throws IOException {
        states(name, 179);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"contiguous", "compact", "chunked", "deflate", "checksum", "lzf", "latest", "single", "btree2"})
    @Tag("long")
    void anySizeStatedAnywhere(String name) throws IOException {
        states(name, 3);
    }

    private void states(String name, int step) throws IOException {
        byte[] whole = file(name);
        read(whole);
        for (int at = 0; at < whole.length - Integer.BYTES; at += step) {
            for (int size : new int[] {1 << 28, Integer.MAX_VALUE}) {
                byte[] damaged = whole.clone();
                ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putInt(at, size);
                long before = THREADS.getCurrentThreadAllocatedBytes();
                try {
                    read(damaged);
                } catch (DataException e) {
                    assertTrue(e.getMessage().contains("a.h5"), e.getMessage());
                }
                long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
                assertTrue(taken < HEAP, name + " at " + at + " takes " + taken);
            }
        }
    }
}
