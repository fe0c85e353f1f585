package io.mdnc4j.training.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.arrays.Grid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

/** Where files say that their elements lie. */
class StoredGridsTest {
    @TempDir
    Path folder;

    private static StoredArray volume(String name) throws Exception {
        return ArrayFiles.read(Path.of(
                StoredGridsTest.class.getResource("grids/" + name + ".nii").toURI()));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "grids/grids.csv", numLinesToSkip = 1)
    void niftiIsReadAsNibabelDoes(String name, String spacing, String orientation) throws Exception {
        Grid grid = volume(name).grid();
        assertEquals(orientation == null ? "" : orientation, grid.orientation());
        double[] expected = spacing == null
                ? new double[0]
                : Arrays.stream(spacing.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
        assertEquals(expected.length, grid.spacing().size());
        for (int axis = 0; axis < expected.length; axis++) {
            assertEquals(expected[axis], grid.spacing().get(axis), 1e-5 * expected[axis]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "both-differ, sform and qform differ",
        "oblique, by up to 23 degrees from SAR",
        "oblique-qform, by up to 19 degrees from SLA",
        "sform, ''",
        "exchanged, ''",
        "no-code, ''"
    })
    void whatIsDoubtfulIsSaid(String name, String remark) throws Exception {
        List<String> remarks = volume(name).remarks();
        assertEquals(remark.isEmpty() ? 0 : 1, remarks.size(), remarks.toString());
        assertTrue(remark.isEmpty() || remarks.get(0).contains(remark), remarks.toString());
    }

    /** A file like the one that was read keeps its header, and so its grid; a fresh one gets that of the array. */
    @ParameterizedTest
    @CsvSource({"nii, exchanged", "nii.gz, left-handed", "nii, micrometres", "nii, no-code"})
    void niftiIsWrittenWithItsGrid(String suffix, String name) throws Exception {
        StoredArray read = volume(name);
        Path like = folder.resolve("like." + suffix);
        ArrayFiles.write(like, read.with(read.values().reshape(1, 2, 3, 4)));
        assertEquals(read.grid(), ArrayFiles.read(like).grid());
        Path fresh = folder.resolve("fresh." + suffix);
        ArrayFiles.write(fresh, new StoredArray(read.values(), false, ElementType.FLOAT32).on(read.grid()));
        Grid grid = ArrayFiles.read(fresh).grid();
        assertEquals(read.grid().orientation(), grid.orientation());
        for (int axis = 0; axis < 3; axis++) {
            assertEquals(
                    read.grid().spacing().get(axis),
                    grid.spacing().get(axis),
                    1e-6 * grid.spacing().get(axis));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.2", "0.00021, 0.00021", "25, 30"})
    void tiffKeepsTheSizeOfPixels(double rows, double columns) {
        Path file = folder.resolve("image.tif");
        Grid grid = Grid.of(List.of(rows, columns), "");
        ArrayFiles.write(file, new StoredArray(Nd4j.rand(3, 5, 6).muli(255), true, ElementType.UINT8).on(grid));
        assertSame(grid, ArrayFiles.read(file).grid());
        Path stack = folder.resolve("stack.tif");
        Grid volume = Grid.of(List.of(0.5, rows, columns), "");
        ArrayFiles.write(stack, new StoredArray(Nd4j.rand(1, 4, 5, 6), true, ElementType.FLOAT32).on(volume));
        assertSame(volume, ArrayFiles.read(stack).grid());
        Path plain = folder.resolve("plain.tif");
        ArrayFiles.write(plain, new StoredArray(Nd4j.rand(1, 5, 6), true, ElementType.UINT8));
        assertEquals(Grid.UNKNOWN, ArrayFiles.read(plain).grid());
    }

    private static void assertSame(Grid expected, Grid found) {
        assertEquals(expected.spacing().size(), found.spacing().size(), found.toString());
        for (int axis = 0; axis < found.spacing().size(); axis++) {
            assertEquals(
                    expected.spacing().get(axis),
                    found.spacing().get(axis),
                    1e-3 * found.spacing().get(axis));
        }
    }

    /** A page of 2 x 1 pixels as other programs write it. */
    private StoredArray tiff(int unit, long perUnit, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer tiff = ByteBuffer.allocate(200 + bytes.length).order(ByteOrder.BIG_ENDIAN);
        tiff.put((byte) 'M').put((byte) 'M').putShort((short) 42).putInt(16);
        tiff.position(16);
        tiff.putShort((short) 11);
        entry(tiff, 256, 3, 1, 2 << 16);
        entry(tiff, 257, 3, 1, 1 << 16);
        entry(tiff, 258, 3, 1, 8 << 16);
        entry(tiff, 259, 3, 1, 1 << 16);
        entry(tiff, 262, 3, 1, 1 << 16);
        entry(tiff, 270, 2, bytes.length, 200);
        entry(tiff, 273, 4, 1, 8);
        entry(tiff, 279, 4, 1, 2);
        entry(tiff, 282, 5, 1, 180);
        entry(tiff, 283, 5, 1, 180);
        entry(tiff, 296, 3, 1, unit << 16);
        tiff.position(180);
        tiff.putInt((int) perUnit).putInt(10);
        tiff.position(200);
        tiff.put(bytes);
        Path file = folder.resolve("other.tif");
        Files.write(file, tiff.array());
        return ArrayFiles.read(file);
    }

    private static void entry(ByteBuffer tiff, int tag, int type, int count, int value) {
        tiff.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
    }

    @Test
    void tiffOfOtherPrograms() throws Exception {
        assertSame(
                Grid.of(List.of(0.0254, 0.0254), ""), tiff(2, 10_000, "a scan").grid());
        assertSame(Grid.of(List.of(0.01, 0.01), ""), tiff(3, 10_000, "a scan").grid());
        assertSame(
                Grid.of(List.of(0.0002, 0.0002), ""),
                tiff(1, 50, "ImageJ=1.53\nunit=micron\nmin=0").grid());
        assertSame(
                Grid.of(List.of(0.0002, 0.0002), ""),
                tiff(1, 50, "ImageJ=1.53\nunit=\\u00B5m\n").grid());
        assertSame(
                Grid.of(List.of(0.0015, 0.0002, 0.0002), ""),
                tiff(1, 50, "ImageJ=1.53\nunit=um\nspacing=1.5\n").grid());
        for (String unknown : List.of("ImageJ=1.53\nunit=pixel\n", "ImageJ=1.53\nunit=sec\n", "no program")) {
            assertEquals(Grid.UNKNOWN, tiff(1, 50, unknown).grid(), unknown);
        }
        assertEquals(Grid.UNKNOWN, tiff(2, 720, "72 an inch mean nothing").grid());
        assertEquals(Grid.UNKNOWN, tiff(3, 0, "nor do none").grid());
    }
}
