package io.mdnc4j.training.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ArrayFilesTest {
    private static final String BRAIN = "colin27-t1-2mm.nii.gz";

    @TempDir
    Path folder;

    @Test
    void whatIsInTheWayOfWritingIsSaid() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Files.delete(gone);
        UncheckedIOException e = assertThrows(
                UncheckedIOException.class,
                () -> ArrayFiles.write(
                        gone.resolve("a.npy"),
                        new StoredArray(Nd4j.zeros(DataType.FLOAT, 1, 2), true, ElementType.FLOAT32)));
        assertTrue(e.getMessage().contains("put back the folder " + gone), e.getMessage());
        assertFalse(e.getMessage().contains("room"), e.getMessage());
    }

    /** What the JVM says where a mapped file was cut off; other errors of its own are no fault of a file. */
    @Test
    void filesThatChangeMeanwhile() {
        Path file = folder.resolve("a.h5");
        InternalError cut =
                new InternalError("a fault occurred in a recent unsafe memory access operation in compiled Java code");
        String message = ArrayFiles.unusable(file, cut).getMessage();
        assertTrue(message.startsWith(file + ": was changed while it was read"), message);
        assertThrows(InternalError.class, () -> ArrayFiles.unusable(file, new InternalError("compiler")));
    }

    /** Every format gives back what was written, in the type of the file. */
    @ParameterizedTest
    @CsvSource({
        "a.nii, FLOAT32, 3 4 5",
        "a.nii, INT16, 2 3 4 5",
        "a.nii.gz, UINT8, 3 4 5",
        "a.nii.gz, FLOAT64, 3 4 5",
        "a.npy, FLOAT64, 7",
        "a.npy, INT32, 3 4 5",
        "a.npy, UINT16, 2 3",
        "a.npz, FLOAT32, 2 3 4 5",
        "a.h5, FLOAT32, 3 4 5",
        "a.hdf5, FLOAT64, 7",
        "a.csv, FLOAT64, 2 7",
        "a.tsv, FLOAT32, 3 7",
        "a.csv.gz, FLOAT64, 1 5",
        "a.png, UINT8, 1 6 5",
        "a.png, UINT16, 1 6 5",
        "a.png, UINT8, 3 6 5",
        "a.png, UINT16, 4 6 5",
        "a.tif, UINT8, 3 6 5",
        "a.tiff, UINT16, 1 6 5",
        "a.tif, FLOAT32, 1 6 5",
        "a.tif, UINT16, 1 3 6 5",
        "a.tif, UINT8, 3 2 6 5",
    })
    void writesAndReadsTheSame(String name, ElementType type, String sizes) {
        long[] shape =
                Arrays.stream(sizes.split(" ")).mapToLong(Long::parseLong).toArray();
        double[] numbers = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = type.isInteger() ? i * 37 % 256 : i * 0.25 - 3;
        }
        INDArray values = Nd4j.createFromArray(numbers).reshape('c', shape);
        boolean channels = !name.endsWith(".nii") && shape.length > 1;
        Path file = folder.resolve(name);
        ArrayFiles.write(file, new StoredArray(values, channels, type));
        StoredArray read = ArrayFiles.read(file);
        assertArrayEquals(shape, read.values().shape());
        assertArrayEquals(numbers, read.values().dup('c').data().asDouble(), 0);
        if (!name.contains("sv")) {
            assertEquals(type, read.type());
        }
    }

    @Test
    void niftiKeepsItsHeader() throws IOException {
        Path file = folder.resolve(BRAIN);
        byte[] bytes = Files.readAllBytes(Path.of("../fit/src/main/resources/io/mdnc4j/training/data", BRAIN));
        Files.write(file, bytes);
        StoredArray head = ArrayFiles.read(file);
        assertArrayEquals(new long[] {90, 108, 90}, head.values().shape());
        assertEquals(List.of(2.0, 2.0, 2.0), head.grid().spacing());
        assertArrayEquals(new long[] {1, 90, 108, 90}, head.withDimensions(3).shape());
        Path copy = folder.resolve("copy.nii");
        ArrayFiles.write(copy, head.with(head.withDimensions(3)));
        byte[] before = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
        assertArrayEquals(before, Files.readAllBytes(copy));
        // probabilities of two classes beside the image: the same place in space, real numbers
        ArrayFiles.write(
                copy, head.with(Nd4j.concat(0, head.withDimensions(3), head.withDimensions(3)), ElementType.FLOAT32));
        byte[] after = Files.readAllBytes(copy);
        assertArrayEquals(Arrays.copyOfRange(before, 252, 344), Arrays.copyOfRange(after, 252, 344));
        assertArrayEquals(
                new long[] {2, 90, 108, 90}, ArrayFiles.read(copy).values().shape());
    }

    @ParameterizedTest
    @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
    void niftiIsScaledInBothOrders(String name) throws IOException {
        ByteOrder order = name.startsWith("B") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Path file = folder.resolve("scaled.nii");
        Files.write(file, nifti(order, 2, 1, 1));
        StoredArray read = ArrayFiles.read(file);
        assertArrayEquals(new long[] {1, 1, 2}, read.values().shape());
        assertArrayEquals(
                new double[] {0.5 * -3 + 10, 0.5 * 400 + 10},
                read.values().data().asDouble(),
                0);
        ArrayFiles.write(file, read);
        assertArrayEquals(nifti(order, 2, 1, 1), Files.readAllBytes(file));
    }

    /** A volume of two 16-bit numbers, whatever its sizes are said to be. */
    private static byte[] nifti(ByteOrder order, int... size) {
        ByteBuffer bytes = ByteBuffer.allocate(356).order(order);
        bytes.putInt(0, 348).putShort(40, (short) 3);
        for (int axis = 1; axis <= 7; axis++) {
            bytes.putShort(40 + 2 * axis, (short) (axis <= size.length ? size[axis - 1] : 1));
        }
        bytes.putShort(70, (short) 4).putShort(72, (short) 16);
        bytes.putFloat(108, 352).putFloat(112, 0.5f).putFloat(116, 10);
        bytes.put(344, "n+1\0".getBytes(StandardCharsets.US_ASCII));
        bytes.putShort(352, (short) -3).putShort(354, (short) 400);
        return bytes.array();
    }

    @Test
    void numpyInColumnOrder() throws IOException {
        Path file = folder.resolve("f.npy");
        Files.write(
                file,
                npy("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", 0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6));
        StoredArray read = ArrayFiles.read(file);
        assertArrayEquals(new long[] {2, 3}, read.values().shape());
        assertArrayEquals(
                new float[] {1, 2, 3, 4, 5, 6}, read.values().dup('c').data().asFloat());
    }

    private static byte[] npy(String header, int... data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        out.write(header.getBytes(StandardCharsets.US_ASCII));
        for (int b : data) {
            out.write(b);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"8", "16", "24", "32"})
    void soundKeepsRateAndBits(int bits) throws IOException {
        int bytes = bits / 8;
        byte[] samples = new byte[2 * bytes * 50];
        new SplittableRandom(1).nextBytes(samples);
        AudioFormat format = new AudioFormat(
                bits == 8 ? AudioFormat.Encoding.PCM_UNSIGNED : AudioFormat.Encoding.PCM_SIGNED,
                8000,
                bits,
                2,
                2 * bytes,
                8000,
                false);
        Path file = folder.resolve("a.wav");
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(samples), format, 50),
                AudioFileFormat.Type.WAVE,
                file.toFile());
        StoredArray read = ArrayFiles.read(file);
        assertArrayEquals(new long[] {2, 50}, read.values().shape());
        assertEquals(8000, read.grid().samplingRate());
        assertTrue(read.values().amaxNumber().doubleValue() <= 1);
        byte[] before = Files.readAllBytes(file);
        ArrayFiles.write(file, read);
        if (bits < 32) { // a float has 24 bits
            assertArrayEquals(before, Files.readAllBytes(file));
        }
        assertEquals(before.length, Files.size(file));
        assertTrue(read.values().equalsWithEps(ArrayFiles.read(file).values(), 1e-6));
    }

    @Test
    void axesAreFittedToTheNetwork() {
        StoredArray image = new StoredArray(Nd4j.zeros(5, 6), false, ElementType.FLOAT32);
        assertArrayEquals(new long[] {1, 5, 6}, image.withDimensions(2).shape());
        assertArrayEquals(new long[] {5, 6}, image.withDimensions(1).shape());
        assertThrows(DataException.class, () -> image.withDimensions(3));
        StoredArray slice = new StoredArray(Nd4j.zeros(4, 1, 5, 6), true, ElementType.FLOAT32);
        assertArrayEquals(new long[] {4, 5, 6}, slice.withDimensions(2).shape());
        assertArrayEquals(new long[] {4, 1, 5, 6}, slice.withDimensions(3).shape());
        StoredArray colours = new StoredArray(Nd4j.zeros(3, 5, 6), true, ElementType.UINT8);
        assertThrows(DataException.class, () -> colours.withDimensions(3));
    }

    @Test
    void arraysOfOneFileAreNamed() {
        Path file = folder.resolve("two.h5");
        try (io.jhdf.WritableHdfFile hdf = io.jhdf.HdfFile.write(file)) {
            hdf.putDataset("x", new int[][] {{1, 2}, {3, 4}});
            hdf.putGroup("g").putDataset("y", new double[] {5, 6});
        }
        assertEquals(4, ArrayFiles.read(file, "x").values().getDouble(1, 1));
        assertEquals(5, ArrayFiles.read(file, "g/y").values().getDouble(0));
        DataException e = assertThrows(DataException.class, () -> ArrayFiles.read(file));
        assertTrue(e.getMessage().contains("[g/y, x]"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "{'descr': '<f8'; 'fortran_order': False; 'shape': (100000; 100000; 1000)}, more than the file can hold",
        "{'descr': '<f8'; 'fortran_order': False; 'shape': (9223372036854775807; 4)}, more than the file can hold",
        "{'descr': '<f8'; 'fortran_order': False; 'shape': (99999999999999999999;)}, 99999",
        "{'descr': '<f8'; 'fortran_order': False; 'shape': (0;)}, empty",
        "{'descr': '|O'; 'fortran_order': False; 'shape': (1;)}, objects",
        "{'descr': [('a'; '<f8')]; 'fortran_order': False; 'shape': (1;)}, objects",
        "{'descr': '<c8'; 'fortran_order': False; 'shape': (1;)}, c8",
        "{'descr': '<f8'; 'fortran_order': False; 'shape': (3;)}, ends before"
    })
    void numpyHeadersAreNotBelieved(String header, String expected) throws IOException {
        Path file = folder.resolve("bad.npy");
        Files.write(file, npy(header.replace(';', ','), new int[24 - 1]));
        DataException e = assertThrows(DataException.class, () -> ArrayFiles.read(file));
        assertTrue(e.getMessage().contains(expected), e.getMessage());
        assertTrue(e.getMessage().contains("bad.npy"), e.getMessage());
    }

    @Test
    void openHdf5FilesAreClosedWhenNobodyReadsThem() throws IOException {
        Path file = folder.resolve("set.h5");
        try (io.jhdf.WritableHdfFile hdf = io.jhdf.HdfFile.write(file)) {
            hdf.putDataset("x", new double[][] {{1, 2}, {3, 4}});
        }
        Hdf5Slices.closeIdle();
        Hdf5Slices.closeIdle(); // what other tests left
        Hdf5Slices.read(file, "x", 0);
        assertEquals(1, Hdf5Slices.closeIdle(), "just read");
        assertEquals(0, Hdf5Slices.closeIdle(), "not read since");
        assertEquals(4, Hdf5Slices.read(file, "x", 1).values().getDouble(1), "opened again");
    }

    /** Written with h5py: the group {@code a} holds the dataset {@code x}, and hard links to itself and to the root. */
    @Test
    void groupsOfHdf5MayHoldThemselves() throws IOException {
        String gzipped =
                "H4sIAAAAAAACA+v0cHHj5ZLiYgABDg4GFgYBBmTwHwoaBFH5MPkEKM0IpTug9AommDgjA4gpARUXhJqPri4kyNUVpPo/GoDZ84AV"
                        + "QnMwjIKRCDxcHQNAdASUD0ulJ5hQ1SWipUcPCu3FlX49mCH8DFbi0q+FwGj6HU2/iPSrACsvWVHVVUDp4tScNHB6Tk/MzENKzxYk"
                        + "2hvs5+8CSsOwdKfAjJY/0NLxKMBVDrBCwowRxoeUCIyMEAFYMQSjmYHyIBlBBXto2DswmHAzmPyHhjcrUBQkz8TExAgpFyDmMTNa"
                        + "cKCWcAxoNetgAh/soQyH0RQyCkbBKBgFo2AUDH8AaVcyw/tFhNqVAkSOF8DaqRrsIyMcAbbMoPKAEQAA";
        Path file = folder.resolve("cycle.h5");
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(gzipped)))) {
            Files.write(file, in.readAllBytes());
        }
        assertArrayEquals(new double[] {1, 2}, ArrayFiles.read(file).values().toDoubleVector());
        assertEquals(Set.of("a/x"), Hdf5Slices.shapes(file).keySet());
    }

    @Test
    void niftiHeadersAreNotBelieved() throws IOException {
        Path file = folder.resolve("huge.nii.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(nifti(ByteOrder.LITTLE_ENDIAN, 32767, 32767, 32767));
        }
        DataException e = assertThrows(DataException.class, () -> ArrayFiles.read(file));
        assertTrue(e.getMessage().contains("more than the file can hold"), e.getMessage());
        Path negative = folder.resolve("negative.nii");
        Files.write(negative, nifti(ByteOrder.BIG_ENDIAN, 2, -1, 1));
        assertThrows(DataException.class, () -> ArrayFiles.read(negative));
    }

    /** Files that are cut or damaged either still can be read or are refused in one way. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a.nii", "a.nii.gz", "a.npy", "a.npz", "a.h5", "a.csv.gz", "a.png", "a.tif", "a.wav", "a.jpg"})
    void brokenFilesAreRefused(String name) throws IOException {
        Path whole = folder.resolve(name);
        boolean flat = name.contains("csv") || name.contains("wav");
        INDArray values = flat ? Nd4j.rand(1, 64) : Nd4j.rand(1, 8, 8).muli(255);
        ArrayFiles.write(whole, new StoredArray(values, true, flat ? ElementType.FLOAT32 : ElementType.UINT8));
        byte[] bytes = Files.readAllBytes(whole);
        Path broken = folder.resolve("broken-" + name);
        SplittableRandom random = new SplittableRandom(7);
        int refused = 0;
        for (int i = 0; i < 150; i++) {
            byte[] bad = Arrays.copyOf(bytes, i % 2 == 0 ? random.nextInt(bytes.length) : bytes.length);
            for (int flips = 0; flips < 3 && i % 2 == 1; flips++) {
                bad[random.nextInt(Math.min(bad.length, 600))] = (byte) random.nextInt(256);
            }
            Files.write(broken, bad);
            try {
                assertFalse(ArrayFiles.read(broken).values().isEmpty());
            } catch (DataException e) {
                refused++;
                assertTrue(e.getMessage().contains(broken.toString()), e.getMessage());
            }
        }
        assertTrue(refused > 20, name + ": " + refused);
    }

    @Test
    void unknownAndMissingFilesAreNamed() {
        assertTrue(assertThrows(DataException.class, () -> ArrayFiles.read(folder.resolve("a.xyz")))
                .getMessage()
                .contains("rename or convert"));
        assertTrue(assertThrows(DataException.class, () -> ArrayFiles.read(folder.resolve("a.npy")))
                .getMessage()
                .contains("is not there"));
        assertEquals("head.T1", ArrayFiles.stem(Path.of("head.T1.nii.gz")));
    }
}
