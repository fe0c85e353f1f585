package io.mdnc4j.training.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mdnc4j.blocks.ArgumentException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Small files that ask for much are refused like any other bad one. The time is for what would hang for good. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileFilesTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    @AfterEach
    void limit() {
        System.clearProperty(ArrayFiles.MAX_ARRAY);
    }

    /** Reads a file that must be refused; returns the message, which a terminal can show. */
    private String refused(String name, byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve(name), bytes);
        String message =
                assertThrows(DataException.class, () -> ArrayFiles.read(file)).getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        assertTrue(message.length() < file.toString().length() + 1000, () -> message.length() + " characters");
        return message;
    }

    private static byte[] gzipped(String start, String repeated, int times) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(start.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < times; i += 1000) {
                out.write(repeated.repeat(Math.min(1000, times - i)).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void tableOfAMillionColumns() throws IOException {
        byte[] file = gzipped("", "1,", 1_000_000);
        assertTrue(file.length < 5000);
        assertTrue(refused("wide.csv.gz", file).contains("characters"));
    }

    @Test
    void lineThatNeverEnds() throws IOException {
        assertTrue(refused("line.csv.gz", gzipped("", "1", 50 * MIB)).contains("characters"));
        assertTrue(refused("quote.csv.gz", gzipped("1\n\"", "1\n", 20 * MIB)).contains("characters"));
        assertTrue(refused("blank.csv.gz", gzipped("1\n", "\n", 20 * MIB)).contains("characters"));
        assertTrue(refused("word.csv", ("1\n" + "x".repeat(100_000)).getBytes(StandardCharsets.US_ASCII))
                .contains("not a number"));
    }

    @Test
    void tableOfManyEqualLines() throws IOException {
        byte[] file = gzipped("", "0\n", 200_000);
        System.setProperty(ArrayFiles.MAX_ARRAY, "8");
        String message = refused("equal.csv.gz", file);
        assertTrue(message.contains("line 131073: is beyond 131072 numbers"), message);
        System.setProperty(ArrayFiles.MAX_ARRAY, "16");
        assertEquals(
                200_000, ArrayFiles.read(folder.resolve("equal.csv.gz")).values().length());
    }

    @Test
    void manyColumnsTakeMemoryForThoseOnly() throws IOException {
        Path file = folder.resolve("wide.csv");
        Files.writeString(file, "1,".repeat(99_999) + "2\n" + "3,".repeat(99_999) + "4\n");
        StoredArray read = ArrayFiles.read(file);
        assertArrayEquals(new long[] {100_000, 2}, read.values().shape());
        assertEquals(4, read.values().getDouble(99_999, 1));
    }

    /** A TIFF of one grey pixel, and where the next directory is. */
    private static byte[] tiff(int next, int exif) {
        int[][] entries = {
            {256, 1}, {257, 1}, {258, 8}, {259, 1}, {262, 1}, {273, 4}, {277, 1}, {278, 1}, {279, 1}, {34665, exif}
        };
        ByteBuffer file = ByteBuffer.allocate(10 + entries.length * 12 + 4).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
        file.putShort((short) entries.length);
        for (int[] entry : entries) {
            file.putShort((short) entry[0]).putShort((short) 4).putInt(1).putInt(entry[1]);
        }
        return file.putInt(next).array();
    }

    @Test
    void tiffWhosePagesLeadInACircle() throws IOException {
        assertTrue(refused("circle.tif", tiff(8, 8)).contains("lead back"));
        Path single = Files.write(folder.resolve("single.tif"), tiff(0, 8));
        assertArrayEquals(new long[] {1, 1, 1}, ArrayFiles.read(single).values().shape());
    }

    private static void chunk(DataOutputStream out, String type, byte... data) throws IOException {
        ByteArrayOutputStream checked = new ByteArrayOutputStream();
        checked.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
        checked.writeBytes(data);
        CRC32 check = new CRC32();
        check.update(checked.toByteArray());
        out.writeInt(data.length);
        checked.writeTo(out);
        out.writeInt((int) check.getValue());
    }

    private static byte[] deflated(int zeros) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(bytes)) {
            for (int i = 0; i < zeros; i += MIB) {
                out.write(new byte[Math.min(MIB, zeros - i)]);
            }
        }
        return bytes.toByteArray();
    }

    /**
     * A PNG whose pixels are all 0.
     *
     * @param text bytes of a text that is packed in it
     */
    private static byte[] png(int size, int bits, int colours, int text, byte... pixels) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(0x89504e470d0a1a0aL);
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(size)
                        .putInt(size)
                        .put((byte) bits)
                        .put((byte) colours)
                        .array());
        if (colours == 3) {
            chunk(out, "PLTE", new byte[3]);
        }
        if (text > 0) {
            byte[] packed = deflated(text);
            chunk(
                    out,
                    "zTXt",
                    ByteBuffer.allocate(packed.length + 3)
                            .put((byte) 'x')
                            .putShort((short) 0)
                            .put(packed)
                            .array());
        }
        chunk(out, "IDAT", pixels);
        chunk(out, "IEND");
        return bytes.toByteArray();
    }

    @Test
    void pngThatClaimsToBeLarge() throws IOException {
        String message = refused("large.png", png(11_500, 16, 6, 0, new byte[70_000]));
        assertTrue(message.contains(ArrayFiles.MAX_ARRAY), message);
    }

    @Test
    void pngWithALongText() throws IOException {
        Path grey = Files.write(folder.resolve("grey.png"), png(2, 8, 0, 300 * MIB, deflated(6)));
        assertArrayEquals(new long[] {1, 2, 2}, ArrayFiles.read(grey).values().shape());
        assertTrue(refused("palette.png", png(2, 8, 3, 100 * MIB, deflated(6))).contains("texts"));
        byte[] cut = png(2, 8, 0, 0, deflated(6));
        ByteBuffer.wrap(cut).putInt(33, Integer.MAX_VALUE);
        refused("claim.png", cut);
    }

    @Test
    void jpegOfManyScans() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersBySuffix("jpg").next();
        ImageWriteParam progressive = writer.getDefaultWriteParam();
        progressive.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(
                    null,
                    new IIOImage(new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY), null, null),
                    progressive);
        }
        byte[] whole = bytes.toByteArray();
        Path file = Files.write(folder.resolve("whole.jpg"), whole);
        assertArrayEquals(new long[] {1, 64, 64}, ArrayFiles.read(file).values().shape());
        int last = whole.length - 2;
        while ((whole[last] & 0xff) != 0xff || (whole[last + 1] & 0xff) != 0xda) {
            last--;
        }
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(whole, 0, last);
        for (int i = 0; i < 200; i++) {
            many.write(whole, last, whole.length - 2 - last);
        }
        many.write(whole, whole.length - 2, 2);
        assertTrue(refused("many.jpg", many.toByteArray()).contains("scans"));
    }

    private static byte[] npy(String type, String shape) {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        ByteBuffer file = ByteBuffer.allocate(10 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).putShort((short) 1);
        file.putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        return file.array();
    }

    /** Bytes that no compression makes shorter, so that the file could hold what it claims. */
    private static byte[] ballast(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(1).nextBytes(bytes);
        return bytes;
    }

    private static byte[] npz(byte[]... parts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            for (byte[] part : parts) {
                zip.write(part);
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void archivesWithinTheRatioOfCompression() throws IOException {
        String message = refused("bomb.npz", npz(npy("<i2", "500, 1000, 1000"), ballast(MIB)));
        assertTrue(message.contains(ArrayFiles.MAX_ARRAY), message);

        ByteArrayOutputStream nifti = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(nifti)) {
            ByteBuffer header = ByteBuffer.allocate(352).order(ByteOrder.LITTLE_ENDIAN);
            header.putInt(0, 348)
                    .putShort(40, (short) 3)
                    .putShort(70, (short) 4)
                    .putFloat(108, 352);
            header.putShort(42, (short) 1000).putShort(44, (short) 1000).putShort(46, (short) 500);
            header.put(344, "n+1\0".getBytes(StandardCharsets.US_ASCII));
            out.write(header.array());
            out.write(ballast(MIB));
        }
        message = refused("bomb.nii.gz", nifti.toByteArray());
        assertTrue(message.contains(ArrayFiles.MAX_ARRAY), message);
    }

    @Test
    void theLimitCanBeRaised() throws IOException {
        byte[] file = npz(npy("<f4", "600, 1000"), new byte[4 * 600 * 1000]);
        System.setProperty(ArrayFiles.MAX_ARRAY, "1");
        assertTrue(refused("a.npz", file).endsWith(ArrayFiles.MAX_ARRAY + "=3"));
        // one that is large itself may
        Path large = folder.resolve("large.npy");
        ArrayFiles.write(large, new StoredArray(Nd4j.ones(DataType.FLOAT, 600, 1000), false, ElementType.FLOAT32));
        assertEquals(600_000, ArrayFiles.read(large).values().sumNumber().intValue());
        System.setProperty(ArrayFiles.MAX_ARRAY, "3");
        assertArrayEquals(
                new long[] {600, 1000},
                ArrayFiles.read(folder.resolve("a.npz")).values().shape());
        for (String wrong : new String[] {"0", "-1", "1g", "", "9223372036854775807"}) {
            System.setProperty(ArrayFiles.MAX_ARRAY, wrong);
            assertThrows(ArgumentException.class, () -> ArrayFiles.read(large), wrong);
        }
    }

    @Test
    void moreAxesThanThereAre() throws IOException {
        assertTrue(refused("axes.npy", npy("<f4", "1, ".repeat(5000))).contains("5000 axes"));
    }

    /** The JDK's reader calls itself for each. */
    @Test
    void gzipOfManyEmptyParts() throws IOException {
        byte[] empty = gzipped("", "", 0);
        byte[] file = new byte[empty.length * 100_000];
        for (int i = 0; i < file.length; i += empty.length) {
            System.arraycopy(empty, 0, file, i, empty.length);
        }
        refused("parts.csv.gz", file);
        refused("parts.nii.gz", file);
    }

    /** Opening a pipe waits for another program, reading a device may never end. */
    @ParameterizedTest
    @ValueSource(strings = {".nii", ".npy", ".npz", ".h5", ".csv", ".png", ".wav"})
    void onlyRegularFilesAreRead(String suffix) throws Exception {
        Path pipe = folder.resolve("pipe" + suffix);
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo here");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path link = Files.createSymbolicLink(folder.resolve("zero" + suffix), Path.of("/dev/zero"));
        Path inner = Files.createDirectory(folder.resolve("folder" + suffix));
        for (Path file : Arrays.asList(pipe, link, inner)) {
            String message = assertThrows(DataException.class, () -> ArrayFiles.read(file))
                    .getMessage();
            assertTrue(message.startsWith(file + ": is no regular file; "), message);
        }
        if (suffix.equals(".h5")) {
            assertThrows(DataException.class, () -> Hdf5Slices.shapes(pipe));
        }
        if (suffix.equals(".csv")) {
            assertThrows(IOException.class, () -> TableFormat.read(pipe));
        }
    }

    @Test
    void callersMistakesAreTheirs() {
        StoredArray five = new StoredArray(Nd4j.ones(DataType.FLOAT, 2, 1, 1, 2, 2), true, ElementType.FLOAT32);
        for (String name : new String[] {"a.nii", "a.csv", "a.png", "a.tif", "a.wav", "a.xyz"}) {
            Path file = folder.resolve(name);
            assertThrows(ArgumentException.class, () -> ArrayFiles.write(file, five), name);
            assertTrue(Files.notExists(file));
        }
        ArrayFiles.write(folder.resolve("a.h5"), five);
        assertThrows(ArgumentException.class, () -> Hdf5Slices.read(folder.resolve("a.h5"), "data", 2));
        assertThrows(ArgumentException.class, () -> five.withoutChannels(3));
    }
}
