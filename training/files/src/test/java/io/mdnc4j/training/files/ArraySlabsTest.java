package io.mdnc4j.training.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

class ArraySlabsTest {
    @TempDir
    Path folder;

    /** A file of whole numbers with a header, and what stands in it. */
    private Path file(String name, boolean channels, ElementType type, long... shape) {
        INDArray values = Nd4j.rand(DataType.FLOAT, shape).muli(200);
        Path file = folder.resolve(name);
        List<Double> spacing = shape.length < 3 ? List.of() : List.of(3.0, 2.0, 1.5);
        ArrayFiles.write(file, new StoredArray(values, channels, type).on(Grid.of(spacing, "")));
        return file;
    }

    private static INDArray rows(INDArray array, long from, long to) {
        return array.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to)).dup('c');
    }

    /** Every format, whether it can be read in parts or not. */
    @ParameterizedTest
    @CsvSource({
        "a.nii, false, INT16, 3, 11 4 5",
        "a.nii.gz, false, UINT8, 3, 11 4 5",
        "a.nii.gz, true, FLOAT32, 3, 3 11 4 5",
        "a.nii, true, FLOAT64, 3, 2 11 4 5",
        "a.npy, false, FLOAT32, 3, 11 4 5",
        "a.npy, false, INT32, 3, 3 11 4 5",
        "a.npy, false, FLOAT32, 1, 11",
        "a.npy, false, FLOAT32, 2, 1 1 11 4",
        "a.npz, false, FLOAT32, 3, 11 4 5",
        "a.csv, true, FLOAT64, 1, 2 11",
        "a.png, true, UINT8, 2, 3 11 4",
        "a.tif, true, UINT16, 2, 1 11 4",
        "a.wav, true, INT16, 1, 2 11"
    })
    void slabsAreThoseOfTheWhole(String name, boolean channels, ElementType type, int dimensions, String sizes) {
        long[] shape =
                Arrays.stream(sizes.split(" ")).mapToLong(Long::parseLong).toArray();
        Path file = file(name, channels, type, shape);
        StoredArray stored = ArrayFiles.read(file);
        INDArray whole = stored.withDimensions(dimensions);
        try (ArraySlabs slabs = ArrayFiles.open(file, dimensions)) {
            assertArrayEquals(whole.shape(), slabs.shape());
            assertEquals(stored.type(), slabs.type());
            assertEquals(rows(whole, 0, 2), slabs.read(0, 2));
            assertEquals(rows(whole, 2, 3), slabs.read(2, 3));
            assertEquals(rows(whole, 7, 11), slabs.read(7, 11), "rows between may be passed over");
            assertEquals(
                    stored.grid(),
                    slabs.with(Nd4j.zeros(1, 1), ElementType.UINT8).grid());
        }
    }

    @Test
    void rowsComeForwardsOnly() {
        try (ArraySlabs slabs = ArrayFiles.open(file("a.npy", false, ElementType.FLOAT32, 9, 2, 2), 3)) {
            slabs.read(0, 4);
            assertThrows(ArgumentException.class, () -> slabs.read(3, 5));
            assertThrows(ArgumentException.class, () -> slabs.read(4, 10));
            assertThrows(ArgumentException.class, () -> slabs.read(4, 4));
        }
        Path file = file("b.npy", false, ElementType.FLOAT32, 9, 2, 2);
        String message = assertThrows(DataException.class, () -> ArrayFiles.open(file, 1))
                .getMessage();
        assertTrue(message.startsWith(file + ": holds an array of shape [9, 2, 2]"), message);
    }

    /** The last axis of the file is the first of the array, so no part of the file is a slab. */
    @Test
    void fortransOrder() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 4), }";
        bytes.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        bytes.write(header.getBytes(StandardCharsets.US_ASCII));
        ByteBuffer numbers = ByteBuffer.allocate(24 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 24; i++) {
            numbers.putFloat(i);
        }
        bytes.write(numbers.array());
        Path file = Files.write(folder.resolve("f.npy"), bytes.toByteArray());
        INDArray whole = ArrayFiles.read(file).withDimensions(3);
        assertEquals(1, whole.getDouble(0, 1, 0, 0));
        assertEquals(2, whole.getDouble(0, 0, 1, 0));
        assertEquals(6, whole.getDouble(0, 0, 0, 1));
        try (ArraySlabs slabs = ArrayFiles.open(file, 3)) {
            assertEquals(rows(whole, 1, 2), slabs.read(1, 2));
        }
    }

    /** Sizes are checked before memory is taken, and what is missing is said when it is reached. */
    @Test
    void filesThatSayMoreThanTheyHold() throws IOException {
        byte[] bytes = Files.readAllBytes(file("a.npy", false, ElementType.FLOAT32, 64, 32, 32));
        Path file = folder.resolve("z.npy");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(bytes, 0, bytes.length - 5000);
        }
        try (ArraySlabs slabs = ArrayFiles.open(file, 3)) {
            slabs.read(0, 10);
            String message =
                    assertThrows(DataException.class, () -> slabs.read(10, 64)).getMessage();
            assertTrue(message.startsWith(file + ": it ends before"), message);
        }
        Path cut = Files.write(folder.resolve("c.npy"), Arrays.copyOf(bytes, bytes.length - 5000));
        assertThrows(DataException.class, () -> ArrayFiles.open(cut, 3), "told at once where nothing is compressed");
        Path claims = folder.resolve("b.npy");
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("(64, 32, 32,)", "(64000, 32, 3)");
        Files.write(claims, text.getBytes(StandardCharsets.ISO_8859_1));
        assertThrows(DataException.class, () -> ArrayFiles.open(claims, 3));
    }

    private static byte[] content(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (!file.toString().endsWith(".gz")) {
            return bytes;
        }
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    /** Byte by byte what is written in one piece. */
    @ParameterizedTest
    @CsvSource({
        "a.nii.gz, out.nii.gz, 1, UINT8",
        "a.nii.gz, out.nii.gz, 3, FLOAT32",
        "a.nii, out.nii, 3, FLOAT32",
        "a.nii, out.npy, 2, FLOAT64",
        "a.nii, out.npz, 2, FLOAT32",
        "a.npy, out.npy, 1, INT16",
        "a.npy, out.nii, 1, FLOAT32"
    })
    void slabsMakeTheFileOfTheWhole(String in, String out, int channels, ElementType type) throws IOException {
        Path file = file(in, false, ElementType.INT16, 11, 4, 5);
        INDArray values = Nd4j.rand(DataType.FLOAT, channels, 11, 4, 5).muli(100);
        if (type.isInteger()) {
            // a file that is written in one piece keeps the scale of the input unless that would change numbers
            values = Transforms.round(values);
        }
        Path target = folder.resolve(out);
        try (ArraySlabs slabs = ArrayFiles.open(file, 3);
                ArrayWriter writer = slabs.writer(target, type, channels)) {
            for (int[] part : new int[][] {{0, 3}, {3, 4}, {4, 11}}) {
                writer.write(rows(values, part[0], part[1]));
                assertFalse(Files.exists(target), "not before it is whole");
            }
            assertEquals(target, writer.finish());
        }
        Path expected = folder.resolve("expected-" + out);
        StoredArray whole = ArrayFiles.read(file).with(values, type);
        ArrayFiles.write(expected, channels == 1 ? whole.withoutChannels(11, 4, 5) : whole);
        assertArrayEquals(content(expected), content(target));
        assertEquals(List.of("a" + in.substring(1), "expected-" + out, out), names());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** An earlier file stays, and nothing else is left. */
    @ParameterizedTest
    @ValueSource(strings = {"out.nii.gz", "out.npy", "out.npz"})
    void whatIsNotFinishedLeavesNothing(String name) throws IOException {
        Path file = file("a.nii", false, ElementType.INT16, 11, 4, 5);
        Path target = Files.writeString(folder.resolve(name), "earlier");
        try (ArraySlabs slabs = ArrayFiles.open(file, 3);
                ArrayWriter writer = slabs.writer(target, ElementType.FLOAT32, 2)) {
            writer.write(Nd4j.zeros(2, 5, 4, 5));
            assertThrows(ArgumentException.class, writer::finish);
            assertThrows(ArgumentException.class, () -> writer.write(Nd4j.zeros(2, 7, 4, 5)));
            assertThrows(ArgumentException.class, () -> writer.write(Nd4j.zeros(1, 6, 4, 5)));
        }
        assertEquals("earlier", Files.readString(target));
        assertEquals(List.of("a.nii", name), names());
        try (ArraySlabs slabs = ArrayFiles.open(file, 3)) {
            assertThrows(ArgumentException.class, () -> slabs.writer(folder.resolve("a.xyz"), ElementType.FLOAT32, 1));
        }
    }

    /** Compressed files are read forwards, one stream a channel. */
    @Test
    void gzippedNumbers() throws IOException {
        Path plain = file("a.npy", false, ElementType.FLOAT32, 3, 11, 4);
        Path zipped = folder.resolve("b.npy");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(plain, out);
        }
        try (ArraySlabs first = ArrayFiles.open(plain, 2);
                ArraySlabs second = ArrayFiles.open(zipped, 2)) {
            for (int row = 0; row < 11; row += 2) {
                assertEquals(first.read(row, row + 1), second.read(row, row + 1));
            }
        }
    }
}
