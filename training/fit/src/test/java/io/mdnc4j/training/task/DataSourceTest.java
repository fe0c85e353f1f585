package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.Augmentation;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.Channels;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.GridPolicy;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class DataSourceTest {
    private static final DataSource ALL = DataSource.builder("scans")
            .samplingRate(250)
            .spacing(2, 0.5)
            .geometry(GridPolicy.REFUSE)
            .targets("masks")
            .inputPath("x")
            .targetPath("y")
            .task(Task.DENOISING)
            .dimensions(2)
            .patch(16, 24)
            .normalize(Normalization.By.SAMPLE)
            .augment(new Augmentation(Set.of(Augmentation.Change.NOISE, Augmentation.Change.FLIP)))
            .split(0.1, 0.25)
            .splitSeed(-4)
            .strict(true)
            .cache(64)
            .channels(Channels.GRAY)
            .classes("0:0,255:1")
            .labels("nucleus", "cell wall")
            .supervision(Supervision.NOISY_TARGETS)
            .build();

    @TempDir
    Path folder;

    @Test
    void everythingTravels() {
        assertEquals(ALL, DataSource.fromJson(ALL.toJson()));
        assertEquals(DataSource.names(), ALL.toMap().keySet(), "each option is given, and written");
        DataSource least = DataSource.builder("ecg").build();
        assertEquals("{\"data\":\"ecg\"}", least.toJson());
        assertEquals(least, DataSource.fromJson(least.toJson()));
    }

    /** As the command line of version 0.1 wrote it. */
    @Test
    void readsTheFilesOfOldRuns() {
        DataSource old = DataSource.fromJson("""
                        {"model": "conv.unet2d", "data": "scans", "sampling_rate": 250.0, "targets": "masks",
                         "input_path": "x", "target_path": "y", "task": "Denoising", "dimensions": 2,
                         "patch": "16,24", "normalize": "SAMPLE", "augment": "flip,noise", "split": "0.1, 0.25",
                         "split_seed": -4, "strict": true, "cache": 64, "batch": 4, "versions": {"java": "17"}}""");
        Map<String, Object> same = new HashMap<>(ALL.toMap());
        same.keySet().removeAll(List.of("spacing", "geometry", "channels", "classes", "supervision", "labels"));
        assertEquals(same, old.toMap());
        assertEquals(GridPolicy.RESAMPLE, old.geometry());
        assertEquals(
                List.of(16L, 24L),
                DataSource.of(Map.of("data", "scans", "patch", List.of(16, 24))).patch());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sampling_rate|0|samplingRate",
                "sampling_rate|fast|samplingRate",
                "spacing|1,0|spacing",
                "spacing|-1|spacing",
                "geometry|guess|geometry",
                "task|guess|task",
                "labels|a,a|labels",
                "dimensions|4|dimensions",
                "patch|16,0|patch",
                "patch|16,x|patch",
                "normalize|batch|normalize",
                "augment|flip,blur|augment",
                "split|0.5|split",
                "split|0.5,0.6|split",
                "split_seed|1.5|splitSeed",
                "cache|0|cache",
                "channels|cmyk|channels",
                "classes|0|classes",
                "classes|a:0,b:1|classes",
                "supervision|self|supervision"
            })
    void refusesWhatCannotBe(String name, String value, String argument) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> DataSource.of(Map.of("data", "scans", name, value)));
        assertEquals(argument, e.getMessage().split(":")[0]);
    }

    /** What comes along has its own targets, windows and rates: no option is passed over. */
    @ParameterizedTest
    @ValueSource(strings = {"ecg", "digits"})
    void refusesWhatDoesNotApplyToShippedData(String data) {
        for (Map.Entry<String, Object> option : ALL.toMap().entrySet()) {
            // an electrocardiogram has noise to be taken out in any way
            boolean suits = data.equals("ecg") && option.getKey().equals("supervision");
            if (!suits && !option.getKey().equals("data")) {
                DataSource source = DataSource.of(Map.of("data", data, option.getKey(), option.getValue()));
                ArgumentException e = assertThrows(ArgumentException.class, () -> source.load(note -> {}));
                assertEquals(option.getKey().replace("_", ""), e.argument().toLowerCase(java.util.Locale.ROOT));
            }
        }
    }

    private void write(String name, long... shape) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ArrayFiles.write(file, new StoredArray(Nd4j.rand(shape), name.endsWith(".png"), ElementType.FLOAT32));
    }

    @Test
    void aFolderHasNoDatasets() throws IOException {
        for (int i = 0; i < 6; i++) {
            write("inputs/" + i + ".npy", 12);
            write("targets/" + i + ".npy", 12);
        }
        for (String option : List.of("input_path", "target_path")) {
            DataSource source = DataSource.of(Map.of("data", folder.toString(), option, 1));
            ArgumentException e = assertThrows(ArgumentException.class, () -> source.load(note -> {}));
            assertEquals(option.replace("_", ""), e.argument().toLowerCase(java.util.Locale.ROOT));
        }
        Path list = Files.writeString(folder.resolve("list.csv"), "input,target\n");
        DataSource source =
                DataSource.builder(list.toString()).targets("targets").build();
        assertEquals(
                "targets",
                assertThrows(ArgumentException.class, () -> source.load(note -> {}))
                        .argument());
    }

    @Test
    void tellsTheDimensionsWhereItCan() throws IOException {
        for (int i = 0; i < 6; i++) {
            write("signals/inputs/" + i + ".npy", 12);
            write("signals/targets/" + i + ".npy", 12);
            write("images/inputs/" + i + ".npy", 12, 10);
            write("images/targets/" + i + ".npy", 12, 10);
        }
        DataSource signals =
                DataSource.builder(folder.resolve("signals").toString()).build();
        assertArrayEquals(new long[] {1, 12}, signals.load(note -> {}).inputShape());
        DataSource.Builder images = DataSource.builder(folder.resolve("images").toString());
        ArgumentException e =
                assertThrows(ArgumentException.class, () -> images.build().load(note -> {}));
        assertEquals("dimensions", e.argument());
        assertArrayEquals(
                new long[] {12, 10},
                images.dimensions(1).build().load(note -> {}).inputShape());
        assertArrayEquals(
                new long[] {1, 12, 10},
                images.dimensions(2).build().load(note -> {}).inputShape());
        assertArrayEquals(
                new long[] {1, 8, 6},
                DataSource.builder(folder.resolve("images").toString())
                        .patch(8, 6)
                        .build()
                        .load(note -> {})
                        .inputShape());
    }

    @Test
    void aTrainedNetworkHasItsOwnWindowsAndLevels() throws IOException {
        for (int i = 0; i < 6; i++) {
            write("inputs/" + i + ".npy", 12);
            write("targets/" + i + ".npy", 12);
        }
        DataSource.Builder source = DataSource.builder(folder.toString());
        ModelDescription model = source.patch(6).build().load(note -> {}).describe("conv.ae1d");
        ArgumentException e =
                assertThrows(ArgumentException.class, () -> source.build().load(model, false, note -> {}));
        assertEquals("patch", e.argument());
        source.patch();
        assertEquals(6, source.build().load(model, true, note -> {}).test().size());
        assertArrayEquals(
                new long[] {1, 6}, source.build().load(model, false, note -> {}).inputShape());
        e = assertThrows(
                ArgumentException.class, () -> source.splitSeed(3).build().load(model, true, note -> {}));
        assertEquals("splitSeed", e.argument());
    }
}
