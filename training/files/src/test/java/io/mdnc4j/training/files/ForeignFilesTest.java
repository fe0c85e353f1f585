package io.mdnc4j.training.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.arrays.OnHeap;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Files as other programs write them; those in the folder are made by {@code make.py} there. */
class ForeignFilesTest {
    private static final Path FOREIGN = Path.of("src/test/resources/foreign");

    @TempDir
    Path folder;

    private static StoredArray read(String name) {
        return ArrayFiles.read(FOREIGN.resolve(name));
    }

    private static INDArray input(String name, Channels channels) {
        return read(name).with(channels).values();
    }

    @ParameterizedTest
    @CsvSource({"palette.png", "palette.tif", "rgba.png", "palette-transparent.png", "rgb.png"})
    void picturesAsInputsHaveTheirColours(String name) {
        INDArray expected = read("rgb.png").values();
        // colours of TIFF palettes have 16 bits, which not all round alike
        double rounding = name.endsWith("tif") ? 1 : 0;
        assertTrue(expected.equalsWithEps(input(name, Channels.COLOURS), rounding));
        assertTrue(expected.equalsWithEps(input(name, Channels.RGB), rounding));
        assertTrue(read("grey.png").values().equalsWithEps(input(name, Channels.GRAY), 0.51 + rounding));
        assertEquals(
                name.startsWith("rgba") || name.contains("transparent"),
                read(name).hasOpacity());
    }

    @Test
    void numbersOfPalettesAreForMasks() {
        StoredArray mask = read("palette.png");
        assertTrue(mask.hasPalette());
        assertEquals(Set.of(2, 5, 7), distinct(mask.values()));
        assertEquals(Set.of(0, 1), distinct(read("bilevel.png").values()));
        assertEquals(Set.of(0, 255), distinct(input("bilevel.png", Channels.COLOURS)), "an input's grey has 8 bits");
        assertArrayEquals(
                new long[] {1, 4, 6},
                input("grey-palette.png", Channels.COLOURS).shape());
        assertTrue(input("grey-palette.png", Channels.COLOURS)
                .equalsWithEps(read("grey.png").values(), 1));
    }

    private static Set<Integer> distinct(INDArray values) {
        return new java.util.HashSet<>(
                Arrays.stream(OnHeap.ints(values)).boxed().toList());
    }

    @Test
    void opacityIsAChannelOnlyWhereItIsWanted() {
        assertArrayEquals(new long[] {4, 4, 6}, input("rgba.png", Channels.ALL).shape());
        assertArrayEquals(
                new long[] {4, 4, 6},
                input("palette-transparent.png", Channels.ALL).shape());
        assertEquals(0, input("palette-transparent.png", Channels.ALL).getInt(3, 0, 5), "number 2 is transparent");
        assertArrayEquals(
                new long[] {1, 4, 6}, input("grey-alpha.png", Channels.COLOURS).shape());
        assertArrayEquals(
                new long[] {3, 4, 6}, input("grey-alpha.png", Channels.RGB).shape());
        DataException e =
                assertThrows(DataException.class, () -> read("first.nii.gz").with(Channels.GRAY));
        assertTrue(e.getMessage().contains("is no picture"), e.getMessage());
    }

    @Test
    void coloursHaveNumbersAndNames() {
        StoredArray colours = read("rgb.png").colourNumbers();
        assertArrayEquals(new long[] {1, 4, 6}, colours.values().shape());
        assertEquals("#323cdc", StoredArray.colourName(colours.values().getDouble(0, 0, 0)));
        assertEquals("#c80a14", StoredArray.colourName(colours.values().getDouble(0, 3, 0)));
        assertEquals("255", StoredArray.colourName(255));
    }

    /** The same volume in both versions; what is written like the second is like the first. */
    @Test
    void secondNiftiIsReadAsTheFirst() throws IOException {
        StoredArray first = read("first.nii.gz");
        StoredArray second = read("second.nii.gz");
        assertEquals(first.values(), second.values());
        assertArrayEquals(new long[] {2, 3, 4}, second.values().shape());
        assertEquals(first.grid(), second.grid());
        Path ofFirst = folder.resolve("first.nii");
        Path ofSecond = folder.resolve("second.nii");
        ArrayFiles.write(ofFirst, first);
        ArrayFiles.write(ofSecond, second);
        assertArrayEquals(Files.readAllBytes(ofFirst), Files.readAllBytes(ofSecond));
        assertEquals("", NiftiFormat.difference(first, second));
        StoredArray moved = read("moved.nii.gz");
        assertTrue(NiftiFormat.difference(second, moved).contains("up to 7"), NiftiFormat.difference(second, moved));
    }

    @Test
    void bigTiffIsNamed() {
        DataException e = assertThrows(DataException.class, () -> read("big.tif"));
        assertTrue(e.getMessage().contains("is a BigTIFF"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"texts.h5, cs, c\u00e1t", "texts.h5, fixed, cow", "set.npz, y, c\u00e1t"})
    void labelsMayBeTexts(String name, String labels, String third) {
        Path file = FOREIGN.resolve(name);
        assertTrue(StackedArrays.textNames(file).contains(labels));
        assertEquals(List.of("cat", "dog", third, "cat", "dog", third), StackedArrays.texts(file, labels));
        assertEquals(Set.of("x"), StackedArrays.shapes(file).keySet());
        assertArrayEquals(
                new double[] {8, 9, 10, 11},
                StackedArrays.read(file, "x", 2).values().toDoubleVector());
        assertThrows(IllegalArgumentException.class, () -> StackedArrays.read(file, "x", 6));
    }

    @Test
    void oneZipHoldsASet() {
        Path file = FOREIGN.resolve("numbers.npz");
        assertArrayEquals(new long[] {6, 4}, StackedArrays.shapes(file).get("inputs"));
        StoredArray one = StackedArrays.read(file, "targets", 3);
        assertArrayEquals(new long[] {1}, one.values().shape());
        assertEquals(1, one.values().getInt(0));
        assertTrue(one.type().isInteger());
    }

    /** As spreadsheets save them in a country of decimal commas, and in one of decimal points. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UTF-8|Zeit;Wert\\n0,5;1\\n1,5;-2,25e1",
                "UTF-8|\ufeffZeit;Wert\\r\\n0,5;1\\r\\n1,5;-22,5\\r\\n",
                "UTF-16LE|\ufeffZeit;Wert\\r\\n0,5;1\\r\\n1,5;-22,5\\r\\n",
                "UTF-16BE|\ufeffZeit\\tWert\\r\\n0,5\\t1\\r\\n1,5\\t-22,5\\r\\n",
                "windows-1252|\u00c4ra;Wert\\r\\n0,5;1\\r\\n1,5;-22,5\\r\\n",
                "UTF-8|sep=;\\r\\nZeit;Wert\\r\\n0.5;1\\r\\n1.5;-22.5\\r\\n",
                "UTF-8|\"a;b\",c\\n0.5,1\\n1.5,-22.5",
                "UTF-8|0,5;1\\n1,5;-22,5",
                "UTF-8|\ufeff0.5,1\\n1.5,-22.5",
                "UTF-8|0.5;1\\n1.5;-22.5",
            })
    void tablesOfSpreadsheets(String charset, String text) throws IOException {
        Path file = folder.resolve("a.csv");
        Files.write(
                file,
                text.replace("\\n", "\n")
                        .replace("\\r", "\r")
                        .replace("\\t", "\t")
                        .getBytes(Charset.forName(charset)));
        StoredArray table = ArrayFiles.read(file);
        assertArrayEquals(
                new double[][] {{0.5, 1.5}, {1, -22.5}}, table.values().toDoubleMatrix());
        Path copy = folder.resolve("b.csv");
        ArrayFiles.write(copy, table);
        assertEquals(table.values(), ArrayFiles.read(copy).values());
        String written = Files.readString(copy);
        assertEquals(text.contains(";1"), written.contains(";1"), written);
        assertEquals(text.contains("0,5;"), written.contains("0,5;"), written);
        assertFalse(written.contains("\ufeff") || written.contains("\ufffd"), written);
        ArrayFiles.write(folder.resolve("c.tsv"), table);
        assertEquals(table.values(), ArrayFiles.read(folder.resolve("c.tsv")).values());
    }

    @Test
    void aTableOfCommasStaysOne() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "1,5\n2,25\n");
        assertArrayEquals(new long[] {2, 2}, ArrayFiles.read(file).values().shape());
        try (BufferedReader reader = DelimitedText.reader(Files.newInputStream(file))) {
            assertEquals(',', DelimitedText.separator(reader));
            assertEquals("1,5", reader.readLine());
        }
        Files.writeString(file, "mV\n1,5\n2,25\n");
        assertArrayEquals(
                new double[] {1.5, 2.25}, ArrayFiles.read(file).values().toDoubleMatrix()[0]);
        Files.writeString(file, "a;b\n1,5;x\n", StandardCharsets.UTF_16);
        DataException e = assertThrows(DataException.class, () -> ArrayFiles.read(file));
        assertTrue(e.getMessage().contains("line 2: \"x\" is not a number"), e.getMessage());
    }
}
