package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** A file that is whole, allowed, and larger than all memory. */
class ScarceMemoryTest {
    private static final long BYTES = 1L << 40;

    private static final String HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + BYTES / 8 + ",), }";

    @TempDir
    Path folder;

    private final List<DataEntry> entries = new ArrayList<>();

    @BeforeEach
    void files() throws IOException {
        System.setProperty(ArrayFiles.MAX_ARRAY, "" + (BYTES >> 19));
        Path large = folder.resolve("large.npy");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.write(ByteBuffer.allocate(10 + HEADER.length())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) 0x93)
                    .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                    .putShort((short) 1)
                    .putShort((short) HEADER.length())
                    .put(HEADER.getBytes(StandardCharsets.US_ASCII))
                    .array());
            // takes no room on the disk
            file.setLength(BYTES + 10 + HEADER.length());
        }
        Path small = folder.resolve("small.npy");
        ArrayFiles.write(small, new StoredArray(Nd4j.rand(DataType.FLOAT, 8), false, ElementType.FLOAT32));
        for (Path file : List.of(large, small)) {
            String name = file.getFileName().toString();
            entries.add(new DataEntry(name, new ArrayReference(file), null, "a", null, ""));
        }
    }

    @AfterEach
    void limit() {
        System.clearProperty(ArrayFiles.MAX_ARRAY);
    }

    @Tag("long")
    @Test
    void isLeftOutAndNamed() {
        DataScan scan = DataScan.of(entries, 1, false);
        assertEquals("small.npy", scan.found().get(0).entry().name());
        assertEquals(1, scan.skipped().size());
        String skipped = scan.skipped().get(0);
        assertTrue(skipped.startsWith("large.npy: takes more memory than there is"), skipped);
        assertEquals(1, DataScan.dimensions(entries));
        assertThrows(DataException.class, () -> DataScan.of(entries, 1, true));
    }
}
