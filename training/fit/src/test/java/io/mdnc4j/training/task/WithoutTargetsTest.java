package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.Augmentation;
import io.mdnc4j.training.data.DataEntry.Part;
import io.mdnc4j.training.data.DataListing;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Noisy files without clean ones, in all forms that a data set can have. */
class WithoutTargetsTest {
    private static final int EXAMPLES = 8;

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(2);

    private void write(String name, long... shape) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        double[] values =
                random.doubles(Arrays.stream(shape).reduce(1, (a, b) -> a * b)).toArray();
        ArrayFiles.write(
                file, new StoredArray(Nd4j.createFromArray(values).reshape('c', shape), true, ElementType.FLOAT32));
    }

    private void files(String of, long... shape) throws IOException {
        for (int i = 0; i < EXAMPLES; i++) {
            write(of + "/" + i + ".npy", shape);
        }
    }

    private DataSource.Builder source(String name, Supervision supervision) {
        return DataSource.builder(folder.resolve(name).toString())
                .supervision(supervision)
                .splitSeed(3);
    }

    private TrainingData blind(String name, int dimensions) {
        return source(name, Supervision.BLIND_SPOTS)
                .dimensions(dimensions)
                .build()
                .load(note -> {});
    }

    private static long known(INDArray target) {
        return IntStream.range(0, (int) target.length())
                .filter(i -> !Float.isNaN(target.data().getFloat(i)))
                .count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aFolderOfNoisyFilesIsEnough(int dimensions) throws IOException {
        long[] shape = {2, 12, 10, 8};
        files("noisy", Arrays.copyOf(shape, dimensions + 1));
        TrainingData data = blind("noisy", dimensions);
        assertEquals(Task.DENOISING, data.task());
        assertEquals(2, data.outputChannels());
        assertEquals(8, data.validation().size(), "one example with eight sets of spots");
        assertEquals(1, data.test().size(), "each once: intervals are over them");
        for (Example example : List.of(
                data.training().draw(0, random),
                data.validation().get(1),
                data.test().get(0))) {
            long positions = example.input().length() / 2;
            assertEquals(2 * Math.max(1, Math.round(0.02 * positions)), known(example.target()), example.name());
        }
        Baseline.Method filter = data.baselines().get(1).fit().apply(data.test());
        assertTrue(filter.settings().containsKey("sigma"));
        assertEquals(
                List.of("noisy_rmse", "noisy_mae"),
                List.copyOf(data.measures().metrics(new double[] {1, 1, 1}).keySet()));
        assertTrue(data.overview().lines().toString().contains("blind spots"));
        assertThrows(ArgumentException.class, () -> data.lossFunction(Losses.SSIM));
    }

    /** What is measured of folds is put together, so it has to be the same. */
    @Test
    void foldsAreTestedAlike() throws IOException {
        files("noisy", 1, 40);
        files("clean", 1, 40);
        StringBuilder list = new StringBuilder("input,target\n");
        for (int i = 0; i < EXAMPLES; i++) {
            list.append("noisy/" + i + ".npy,").append(i < EXAMPLES / 2 ? "clean/" + i + ".npy\n" : "\n");
        }
        Files.writeString(folder.resolve("some.csv"), list);
        DataSource some =
                source("some.csv", Supervision.BLIND_SPOTS).dimensions(1).build();
        String message = assertThrows(DataException.class, () -> some.folds(EXAMPLES, note -> {}))
                .getMessage();
        assertTrue(message.contains("4 of 8 examples of the data"), message);

        DataFolds none =
                source("noisy", Supervision.BLIND_SPOTS).dimensions(1).build().folds(2, note -> {});
        assertEquals(Supervision.BLIND_SPOTS, none.get(1).tested());
    }

    @Test
    void cleanTargetsServeTheTestPartOnly() throws IOException {
        files("set/train", 1, 40);
        files("set/test/noisy", 1, 40);
        files("set/test/clean", 1, 40);
        TrainingData data = blind("set", 1);
        assertEquals(EXAMPLES, data.test().size());
        assertEquals(40, known(data.test().get(0).target()));
        assertEquals(Supervision.CLEAN, data.tested());
        assertEquals(
                "snr_db",
                data.measures().metrics(new double[7]).keySet().iterator().next());
        assertEquals(
                ArrayFiles.read(folder.resolve("set/test/clean/0.npy")).values().getFloat(5),
                data.test().get(0).target().getFloat(5));
        assertTrue(data.overview().lines().toString().contains("clean values"));
    }

    /** What is paired is not shown to the network where it learns from inputs alone. */
    @Test
    void pairedTargetsAreNotLearnedFrom() throws IOException {
        files("pairs/noisy", 1, 40);
        files("pairs/clean", 1, 40);
        TrainingData data = blind("pairs", 1);
        Example drawn = data.training().draw(0, random);
        INDArray noisy =
                ArrayFiles.read(folder.resolve("pairs").resolve(drawn.name())).values();
        for (int i = 0; i < 40; i++) {
            float target = drawn.target().getFloat(i);
            assertTrue(Float.isNaN(target) || target == noisy.getFloat(i));
        }
    }

    @Test
    void listsAndHdf5NeedNoTargetsEither() throws IOException {
        files("x", 1, 30);
        StringBuilder list = new StringBuilder("input,part\n");
        for (int i = 0; i < EXAMPLES; i++) {
            list.append("x/" + i + ".npy," + (i < 5 ? "train" : "test") + "\n");
        }
        Files.writeString(folder.resolve("list.csv"), list);
        assertEquals(3, blind("list.csv", 1).test().size());
        try (WritableHdfFile file = HdfFile.write(folder.resolve("set.h5"))) {
            float[][] all = new float[6][30];
            for (float[] one : all) {
                for (int i = 0; i < one.length; i++) {
                    one[i] = random.nextFloat();
                }
            }
            file.putDataset("inputs", all);
        }
        assertEquals(1, blind("set.h5", 1).test().size());
        assertThrows(ArgumentException.class, () -> DataListing.of(folder.resolve("set.h5"), null));
        assertThrows(DataException.class, () -> DataListing.of(folder.resolve("list.csv"), null));
    }

    @Test
    void noisyTargetsAreMeasuredAsSuch() throws IOException {
        files("pairs/noisy", 1, 40);
        files("pairs/clean", 1, 40);
        TrainingData data =
                source("pairs", Supervision.NOISY_TARGETS).dimensions(1).build().load(note -> {});
        assertEquals(40, known(data.training().draw(0, random).target()));
        assertEquals(40, known(data.test().get(0).target()));
        assertEquals(
                "noisy_rmse",
                data.measures().metrics(new double[3]).keySet().iterator().next());
        assertEquals("noisy-targets", data.describe("m").properties().get("supervision"));
    }

    @Test
    void whatDoesNotSuitIsRefused() throws IOException {
        files("noisy", 1, 40);
        for (Augmentation.Change change : Augmentation.Change.values()) {
            Augmentation augment = new Augmentation(Set.of(change));
            DataSource.Builder builder =
                    source("noisy", Supervision.BLIND_SPOTS).augment(augment);
            if (Set.of(Augmentation.Change.FLIP, Augmentation.Change.SIDES, Augmentation.Change.GAIN)
                    .contains(change)) {
                builder.build();
            } else {
                assertThrows(ArgumentException.class, builder::build, change.code());
            }
        }
        for (Task task : Task.values()) {
            DataSource.Builder builder =
                    source("noisy", Supervision.NOISY_TARGETS).task(task);
            if (task == Task.DENOISING) {
                builder.build();
            } else {
                assertThrows(ArgumentException.class, builder::build, task.code());
            }
        }
        for (String shipped : List.of("digits", "brain")) {
            DataSource source = DataSource.builder(shipped)
                    .supervision(Supervision.BLIND_SPOTS)
                    .build();
            assertEquals(
                    "supervision",
                    assertThrows(ArgumentException.class, () -> source.load(note -> {}))
                            .argument());
        }
        DataSource larger =
                source("noisy", Supervision.BLIND_SPOTS).dimensions(1).patch(48).build();
        ArgumentException mirrored = assertThrows(ArgumentException.class, () -> larger.load(note -> {}));
        assertTrue(
                mirrored.argument().equals("patch") && mirrored.getMessage().contains("mirror"), mirrored.getMessage());
        write("noisy/8.npy", 1, 1);
        assertTrue(assertThrows(DataException.class, () -> blind("noisy", 1))
                .getMessage()
                .contains("8.npy has one element"));
        files("colours/noisy", 3, 9, 9);
        files("colours/clean", 1, 9, 9);
        assertTrue(assertThrows(DataException.class, () -> blind("colours", 2))
                .getMessage()
                .contains("the inputs' channels"));
        Files.writeString(
                folder.resolve("mixed.csv"),
                "input,target,part\nnoisy/0.npy,,train\nnoisy/1.npy,,validation\nnoisy/2.npy,,test\n"
                        + "noisy/3.npy,noisy/4.npy,test\n");
        assertTrue(assertThrows(DataException.class, () -> blind("mixed.csv", 1))
                .getMessage()
                .contains("give all or none"));
    }

    @Test
    void partsAreKept() throws IOException {
        files("parts/train", 1, 20);
        files("parts/validation", 1, 20);
        files("parts/test/inner", 1, 20);
        assertArrayEquals(
                new long[] {EXAMPLES, EXAMPLES, EXAMPLES},
                Arrays.stream(Part.values())
                        .mapToLong(part -> DataListing.of(folder.resolve("parts"), null, null, null, true).stream()
                                .filter(entry -> entry.part() == part && entry.isInputAlone())
                                .count())
                        .toArray());
    }
}
