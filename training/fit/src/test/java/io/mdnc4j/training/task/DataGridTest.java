package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.data.MedianGrid;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.training.predict.GridPolicy;
import io.mdnc4j.zoo.ModelDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Data of several grids become those of one. */
class DataGridTest {
    private static final Grid USUAL = Grid.of(List.of(2.0, 2.0, 2.0), "SAR");

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    /** Values and classes that tell where in the same body of 24 mm an element lies: the head up to 15 mm is of class 1. */
    private void write(String name, Grid grid) throws IOException {
        long[] size =
                grid.spacing().stream().mapToLong(step -> Math.round(24 / step)).toArray();
        INDArray input = Nd4j.createUninitialized(DataType.FLOAT, size);
        INDArray target = Nd4j.createUninitialized(DataType.FLOAT, size);
        int feetToHead =
                Math.max(grid.orientation().indexOf('S'), grid.orientation().indexOf('I'));
        boolean down = grid.orientation().indexOf('I') >= 0;
        for (int i = 0; i < input.length(); i++) {
            long[] place = new Axes(size).place(i);
            double at = (place[feetToHead] + 0.5) * grid.spacing().get(feetToHead);
            double height = down ? 24 - at : at;
            // a little apart, for copies go to one part
            input.putScalar(i, Math.sin(height / 5) + 1e-4 * Math.floorMod(name.hashCode(), 100));
            target.putScalar(i, height < 15 ? 1 : 0);
        }
        for (String part : List.of("images", "masks")) {
            Files.createDirectories(folder.resolve(part));
            boolean image = part.equals("images");
            ArrayFiles.write(
                    folder.resolve(part).resolve(name),
                    new StoredArray(image ? input : target, false, image ? ElementType.FLOAT32 : ElementType.UINT8)
                            .on(grid));
        }
    }

    private DataSource.Builder scans() throws IOException {
        for (int i = 0; i < 5; i++) {
            write("usual-" + i + ".nii", USUAL);
        }
        write("fine.nii", Grid.of(List.of(1.0, 1.5, 1.0), "SAR"));
        write("turned.nii", Grid.of(List.of(2.0, 2.0, 2.0), "LIP"));
        write("both.nii", Grid.of(List.of(3.0, 1.0, 2.0), "PSL"));
        return DataSource.builder(folder.toString()).patch(6, 6, 6);
    }

    private static List<Example> all(TrainingData data) {
        List<Example> all = new ArrayList<>();
        for (Examples part : List.of(data.validation(), data.test())) {
            for (int i = 0; i < part.size(); i++) {
                all.add(part.get(i));
            }
        }
        return all;
    }

    @Test
    void examplesComeToTheMedianGrid() throws IOException {
        for (long seed = 0; seed < 4; seed++) {
            notes.clear();
            TrainingData data = scans().splitSeed(seed).build().load(notes::add);
            ModelDescription description = data.description();
            assertEquals(List.of(2.0, 2.0, 2.0), description.spacing());
            assertEquals("SAR", description.orientation());
            assertEquals(
                    "data: 3 of 8 examples are brought to another grid (geometry; spacing or rate choose it):",
                    notes.get(0));
            assertTrue(notes.get(1).matches("  .*: from .* to 2 x 2 x 2 mm, SAR"), notes.get(1));
            for (int i = 0; i < data.validation().size(); i++) {
                Example window = data.validation().get(i);
                // each window is one of eight: the lower or upper half of the body
                boolean upper = window.target().getDouble(0, 5, 0, 0) == 0;
                for (int z = 0; z < 6; z++) {
                    double height = 2 * (z + 0.5) + (upper ? 12 : 0);
                    assertEquals(Math.sin(height / 5), window.input().getDouble(0, z, 3, 2), 0.02, window.name());
                    assertEquals(height < 15 ? 1 : 0, window.target().getDouble(0, z, 1, 4), window.name());
                }
            }
            for (int i = 0; i < data.test().size(); i++) {
                Example whole = data.test().get(i);
                assertArrayEquals(
                        whole.grid().spacing().stream()
                                .mapToLong(step -> Math.round(24 / step))
                                .toArray(),
                        Axes.size(whole.input()),
                        "measured on its own grid");
            }
        }
    }

    @Test
    void anotherGridIsChosen() throws IOException {
        TrainingData data = scans().spacing(3).build().load(notes::add);
        assertEquals(List.of(3.0, 3.0, 3.0), data.description().spacing());
        assertEquals("SAR", data.description().orientation());
        assertArrayEquals(new long[] {1, 6, 6, 6}, data.inputShape());
        assertTrue(notes.get(0).startsWith("data: 8 of 8 examples"), notes.get(0));
        assertEquals(
                "spacing",
                assertThrows(
                                ArgumentException.class,
                                () -> scans().spacing(1, 2).build().load(notes::add))
                        .argument());
        assertEquals(
                "samplingRate",
                assertThrows(
                                ArgumentException.class,
                                () -> scans().samplingRate(10).build().load(notes::add))
                        .argument());
    }

    @Test
    void othersAreRefusedOrIgnored() throws IOException {
        DataException refusal = assertThrows(
                DataException.class,
                () -> scans().geometry(GridPolicy.REFUSE).build().load(notes::add));
        assertTrue(refusal.getMessage().contains("its grid is"), refusal.getMessage());
        TrainingData data = scans().geometry(GridPolicy.IGNORE).build().load(notes::add);
        assertEquals(List.of(), data.description().spacing());
        assertNull(data.description().orientation());
        assertEquals(List.of(), notes);
    }

    /** A network is measured on each file's own grid, in windows on its own. */
    @Test
    void measuredOnFilesOfOtherGrids() throws IOException {
        TrainingData trained = scans().build().load(notes::add);
        ModelDescription model = trained.describe("any").withGrid(null, List.of(4.0, 4.0, 4.0), "IAL");
        TrainingData data = DataSource.builder(folder.toString()).build().load(model, true, notes::add);
        assertEquals(8, data.test().size());
        assertEquals(model.spacing(), data.description().spacing());
        for (Example example : all(data)) {
            assertTrue(example.grid().isKnown());
        }
        assertEquals(
                Grid.of(List.of(4.0, 4.0, 4.0), "IAL"), data.validation().get(0).grid());
    }

    @Test
    void signalsOfOtherRates() throws IOException {
        for (int i = 0; i < 8; i++) {
            int rate = i == 7 ? 250 : 500;
            INDArray wave = Nd4j.createUninitialized(DataType.FLOAT, 1, rate);
            for (int t = 0; t < rate; t++) {
                wave.putScalar(t, (0.5 + i / 100.0) * Math.sin(2 * Math.PI * 9 * (t + 0.5) / rate));
            }
            for (String part : List.of("noisy", "clean")) {
                Files.createDirectories(folder.resolve(part));
                ArrayFiles.write(
                        folder.resolve(part + "/" + i + ".wav"),
                        new StoredArray(wave, true, ElementType.INT32).on(Grid.ofRate(rate)));
            }
        }
        DataSource.Builder source = DataSource.builder(folder.toString()).patch(100);
        TrainingData data = source.build().load(notes::add);
        assertEquals(500, data.description().samplingRate());
        assertEquals(2, notes.size(), notes.toString());
        assertTrue(notes.get(1).endsWith("7.wav: from 250 Hz to 500 Hz"), notes.get(1));
        data = source.samplingRate(250).build().load(notes::add);
        assertEquals(250, data.description().samplingRate());
    }

    /** Tables do not say their rate; the one that is stated becomes the network's. */
    @Test
    void ratesOfTablesAreStated() throws IOException {
        for (int i = 0; i < 6; i++) {
            for (String part : List.of("noisy", "clean")) {
                Files.createDirectories(folder.resolve(part));
                Files.writeString(folder.resolve(part + "/" + i + ".csv"), "1\n2\n3\n".repeat(20) + i + "\n");
            }
        }
        DataSource.Builder source = DataSource.builder(folder.toString()).patch(16);
        assertNull(source.build().load(notes::add).description().samplingRate());
        assertEquals(List.of(), notes);
        assertEquals(
                200,
                source.samplingRate(200).build().load(notes::add).description().samplingRate());
        assertEquals(List.of("data: 6 of 6 examples do not say their grid, which is taken to be 200 Hz"), notes);
    }

    @Test
    void mediansAreGridsThatThereAre() {
        List<Grid> grids = List.of(
                Grid.of(List.of(5.0, 1.0, 1.0), "SAR"),
                Grid.of(List.of(0.5, 0.9, 3.0), "LPI"),
                Grid.UNKNOWN,
                Grid.of(List.of(2.0, 2.0, 2.0), "SAR"),
                Grid.of(List.of(4.0, 4.0), ""));
        assertEquals(Grid.of(List.of(3.0, 1.0, 1.0), "SAR"), MedianGrid.of(grids, 3));
        assertEquals(Grid.UNKNOWN, MedianGrid.of(List.of(Grid.UNKNOWN), 3));
        assertEquals(Grid.ofRate(500), MedianGrid.of(List.of(Grid.ofRate(500), Grid.ofRate(250)), 1));
    }
}
