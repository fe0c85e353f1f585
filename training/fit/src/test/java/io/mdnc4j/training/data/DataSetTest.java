package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.data.DataEntry.Part;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Data sets in files: what is listed, what is found out by reading it, and what examples come of it. */
class DataSetTest {
    private static final int SIZE = 4;

    @TempDir
    Path folder;

    @Test
    void inputsAndTargetsOfTheSameNames() throws IOException {
        for (int i = 0; i < 3; i++) {
            image("images/" + i + ".png", i);
            image("masks/" + i + ".tif", i % 2);
        }
        Files.writeString(folder.resolve("images/notes.txt"), "not data");
        image("images/.hidden.png", 1);
        List<DataEntry> entries = listed(folder, null);
        assertEquals(
                List.of("images/0.png", "images/1.png", "images/2.png"),
                entries.stream().map(entry -> entry.name().replace('\\', '/')).toList());
        Example second = new FileExamples(entries, 2, List.of("0", "1")).get(1);
        assertArrayEquals(new long[] {1, SIZE, SIZE}, second.input().shape());
        assertEquals(SIZE * SIZE, second.input().sumNumber().intValue());
        assertEquals(SIZE * SIZE, second.target().sumNumber().intValue());
    }

    @Test
    void targetsInAnotherFolder() throws IOException {
        array("recordings/a/1.npy", 1);
        array("truth/a/1.npy", 2);
        List<DataEntry> entries = listed(folder.resolve("recordings"), folder.resolve("truth"));
        assertEquals(1, entries.size());
        assertEquals(2, new FileExamples(entries, 1, List.of()).get(0).target().getInt(0, 0));
        array("recordings/b.npy", 1);
        refused("has no target of the same name", folder.resolve("recordings"), folder.resolve("truth"));
        array("truth/b.npy", 1);
        image("truth/b.png", 1);
        refused("the same name but for the suffix", folder.resolve("recordings"), folder.resolve("truth"));
    }

    /** Here two files of one stem are two examples. */
    @Test
    void classesAreFolders() throws IOException {
        image("cat/1.png", 1);
        image("cat/1.tif", 2);
        image("dog/1.png", 3);
        List<DataEntry> entries = listed(folder, null);
        assertEquals(
                List.of("cat", "cat", "dog"),
                entries.stream().map(DataEntry::label).toList());
        assertEquals(
                1,
                new FileExamples(entries, 2, List.of("cat", "dog"))
                        .get(2)
                        .target()
                        .getInt(0));
    }

    @Test
    void partsAreFoldersAndNamesDiffer() throws IOException {
        for (String part : List.of("train", "val", "test")) {
            image(part + "/inputs/1.png", 1);
            image(part + "/targets/1.png", 1);
        }
        List<DataEntry> entries = listed(folder, null);
        assertEquals(
                List.of(Part.TEST, Part.TRAINING, Part.VALIDATION),
                entries.stream().map(DataEntry::part).toList());
        assertEquals(3, new HashSet<>(entries.stream().map(DataEntry::name).toList()).size());
    }

    @Test
    void listsNameFilesRelativeToThemselves() throws IOException {
        array("in/1.npy", 1);
        array("out/1.npy", 3);
        Path list =
                Files.writeString(folder.resolve("list.csv"), "Input,Target,Part,Group\nin/1.npy,out/1.npy,val,anna\n");
        assertTrue(DataListing.isList(list));
        DataEntry entry = listed(list, null).get(0);
        assertEquals(Part.VALIDATION, entry.part());
        assertEquals("anna", entry.group());
        assertEquals(
                3,
                new FileExamples(List.of(entry), 1, List.of()).get(0).target().getInt(0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "input,part\\na.npy,test|give input and target",
                "input,other\\na.npy,b|line 2: other is \"b\", no finite number",
                "input,target\\na.npy,|line 2",
                "input,target,class\\na.npy,b.npy,c|either a target or a class",
                "input,class,part\\na.npy,c,tset|part \"tset\" is not one of",
                "input,class\\n\"a.npy,c|cannot be listed",
                "input,class|holds no files",
                "time,volts\\n0,1|no list with a column",
            })
    void badListsAreRefused(String text, String expected) throws IOException {
        Path list = Files.writeString(folder.resolve("list.csv"), text.replace("\\n", "\n"));
        refused(expected, list, null);
    }

    @Test
    void emptyAndMissingFoldersAreRefused() throws IOException {
        refused("is not there", folder.resolve("nowhere"), null);
        refused("has no folders", folder, null);
        Files.createDirectory(folder.resolve("class"));
        refused("holds no files", folder, null);
    }

    @Test
    void targetsOfAnotherSizeAndValuesThatAreNotFiniteAreRefused() throws IOException {
        array("inputs/size.npy", 1, 1, 1);
        array("targets/size.npy", 1, 1);
        array("inputs/nan.npy", 1, Float.NaN);
        array("targets/nan.npy", 1, 1);
        array("inputs/right.npy", 1, 1);
        array("targets/right.npy", 1, 1);
        DataScan scan = DataScan.of(listed(folder, null), 1, false);
        assertEquals(1, scan.found().size());
        assertTrue(scan.skipped().get(0).contains("not finite"), scan.skipped()::toString);
        assertTrue(scan.skipped().get(1).contains("targets of the same size"), scan.skipped()::toString);
    }

    /** The digest tells any changed value of an input, target or label; statistics are those of all values together. */
    @Test
    void digestAndStatistics() throws IOException {
        array("inputs/1.npy", 1, 2);
        array("inputs/2.npy", 3, 6, 3, 6);
        array("targets/1.npy", 0, 0);
        array("targets/2.npy", 0, 0, 0, 0);
        DataScan scan = DataScan.of(listed(folder, null), 1, true);
        double[] statistics = DataScan.statistics(scan.found())[0];
        assertEquals(3.5, statistics[0], 1e-12);
        assertEquals(Math.sqrt(21.5 / 6), statistics[1], 1e-12);
        String before = scan.fingerprint();
        assertEquals(before, fingerprint(folder, 1));
        array("targets/1.npy", 0, 1);
        String after = fingerprint(folder, 1);
        assertNotEquals(before, after);
        array("inputs/1.npy", 2, 1);
        assertNotEquals(after, fingerprint(folder, 1));
        array("inputs/1.npy", 1, 2);
        assertEquals(after, fingerprint(folder, 1));
        Files.move(folder.resolve("inputs"), folder.resolve("class"));
        Files.move(folder.resolve("targets"), folder.resolve("other"));
        String labelled = fingerprint(folder, 1);
        Files.move(folder.resolve("other"), folder.resolve("another"));
        assertNotEquals(labelled, fingerprint(folder, 1));
    }

    private static String fingerprint(Path data, int dimensions) {
        return DataScan.of(listed(data, null), dimensions, true).fingerprint();
    }

    private static List<DataEntry> listed(Path data, Path targets) {
        return DataListing.of(data, targets, null, null);
    }

    private static void refused(String expected, Path data, Path targets) {
        DataException e = assertThrows(DataException.class, () -> listed(data, targets));
        assertTrue(e.getMessage().contains(expected), e::getMessage);
    }

    private void image(String name, int value) throws IOException {
        write(name, Nd4j.valueArrayOf(new long[] {1, SIZE, SIZE}, (float) value), ElementType.UINT8);
    }

    private void array(String name, float... values) throws IOException {
        write(name, Nd4j.createFromArray(values).reshape('c', 1, values.length), ElementType.FLOAT32);
    }

    private void write(String name, INDArray values, ElementType type) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ArrayFiles.write(file, new StoredArray(values, true, type));
    }
}
