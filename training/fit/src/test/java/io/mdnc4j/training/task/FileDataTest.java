package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.Augmentation;
import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class FileDataTest {
    private static final int LENGTH = 24;

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    private TrainingData load(Path data, String inputs, String targets, Task task, long... window) {
        return source(data, inputs, targets, task, window).build().load(notes::add);
    }

    private static DataSource.Builder source(Path data, String inputs, String targets, Task task, long... window) {
        return DataSource.builder(data.toString())
                .inputPath(inputs)
                .targetPath(targets)
                .task(task)
                .dimensions(1)
                .patch(window)
                .split(0.2, 0.2)
                .splitSeed(7)
                .cache(1);
    }

    private void write(String name, ElementType type, double... values) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ArrayFiles.write(file, new StoredArray(Nd4j.createFromArray(values), false, type));
    }

    private static double[] ramp(double start, int length) {
        return IntStream.range(0, length).mapToDouble(i -> start + i).toArray();
    }

    private static Set<String> names(Examples examples) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < examples.size(); i++) {
            names.add(examples.get(i).name());
        }
        return names;
    }

    /** Twelve recordings of four people, of different lengths, as a list. */
    private Path list(boolean copies) throws IOException {
        StringBuilder list = new StringBuilder("input,target,group\n");
        for (int i = 0; i < 12; i++) {
            write("x/" + i + ".npy", ElementType.FLOAT32, ramp(copies ? i / 3 : i, LENGTH + (copies ? 0 : i)));
            write("y/" + i + ".npy", ElementType.FLOAT32, ramp(-i, LENGTH + (copies ? 0 : i)));
            list.append("x/" + i + ".npy,y/" + i + ".npy," + (copies ? "" : "person " + i / 3) + "\n");
        }
        Path file = folder.resolve("list.csv");
        Files.writeString(file, list);
        return file;
    }

    @Test
    void groupsAndCopiesStayTogether() throws IOException {
        for (boolean copies : new boolean[] {false, true}) {
            TrainingData data = load(list(copies), null, null, null, 16);
            assertEquals(Task.REGRESSION, data.task());
            Set<String> validation = names(data.validation());
            Set<String> test = names(data.test());
            for (Set<String> part : List.of(validation, test)) {
                Set<Integer> people = new HashSet<>();
                part.forEach(name -> people.add(Integer.parseInt(name.replaceAll("\\D", "")) / 3));
                assertEquals(3 * people.size(), part.size(), "all of some people: " + part);
            }
            assertTrue(validation.stream().noneMatch(test::contains));
            assertEquals(
                    test,
                    names(load(folder.resolve("list.csv"), null, null, null, 16).test()));
        }
        assertEquals(List.of(), notes);
    }

    /** Every recording is tested once, nobody's in two parts, and each fold has the statistics of its own training part. */
    @Test
    void foldsTestEveryExampleOnce() throws IOException {
        DataSource.Builder source = DataSource.builder(list(false).toString()).patch(16);
        DataFolds folds = source.build().folds(4, notes::add);
        Set<String> tested = new HashSet<>();
        Set<Object> statistics = new HashSet<>();
        for (int fold = 0; fold < 4; fold++) {
            TrainingData data = folds.get(fold);
            Set<String> test = names(data.test());
            assertEquals(3, test.size());
            assertTrue(names(data.validation()).stream().noneMatch(test::contains));
            assertEquals(names(data.validation()), names(data.wholeValidation()));
            assertTrue(data.wholeValidation().get(0).input().size(1) > 16);
            tested.addAll(test);
            statistics.add(data.description().normalization());
            assertEquals(
                    test, names(source.build().folds(4, notes::add).get(fold).test()));
        }
        assertEquals(12, tested.size());
        assertTrue(statistics.size() > 1, statistics::toString);
        assertThrows(ArgumentException.class, () -> source.build().folds(5, notes::add), "four people");
        assertThrows(
                ArgumentException.class, () -> source.split(0.2, 0.2).build().folds(3, notes::add), "a split, too");
    }

    @Test
    void windowsOfMixedSizesHaveOneShape() throws IOException {
        TrainingData data = load(list(false), null, null, null, 32);
        EpochIterator batches = data.training(5, 1);
        List<INDArray> first = new ArrayList<>();
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            assertArrayEquals(new long[] {5, 1, 32}, batch.getFeatures().shape());
            assertTrue(Double.isFinite(batch.getFeatures().sumNumber().doubleValue()));
            first.add(batch.getFeatures());
        }
        assertEquals(batches.batchesPerEpoch(), first.size());
        EpochIterator again = data.training(5, 1);
        again.skip(first.size() - 1);
        assertEquals(first.get(first.size() - 1), again.next().getFeatures());
    }

    @Test
    void fingerprintTellsWhetherAnythingChanged() throws IOException {
        Path list = list(false);
        String before = load(list, null, null, null, 16).fingerprint();
        assertEquals(before, load(list, null, null, null, 16).fingerprint());
        write("y/4.npy", ElementType.FLOAT32, ramp(-4.5, LENGTH + 4));
        assertNotEquals(before, load(list, null, null, null, 16).fingerprint());
    }

    @Test
    void unreadableOnesAreCounted() throws IOException {
        Path list = list(false);
        byte[] whole = Files.readAllBytes(folder.resolve("x/3.npy"));
        Files.write(folder.resolve("x/3.npy"), java.util.Arrays.copyOf(whole, whole.length - 5));
        Files.delete(folder.resolve("y/5.npy"));
        load(list, null, null, null, 16);
        assertEquals(3, notes.size(), notes.toString());
        assertTrue(notes.get(0).startsWith("data: 2 of 12 examples cannot be used"), notes.get(0));
        assertTrue(notes.get(1).contains("3.npy"), notes.get(1));
        assertTrue(notes.get(2).contains("5.npy"), notes.get(2));
    }

    /** A few kilobytes that become a million columns. */
    @Test
    void smallOnesThatAskForMuchAreLeftOut() throws IOException {
        for (int i = 0; i < 12; i++) {
            write("classes/" + (i % 2 == 0 ? "even" : "odd") + "/" + i + ".npy", ElementType.FLOAT32, ramp(i, LENGTH));
        }
        try (OutputStream out =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("classes/odd/wide.csv.gz")))) {
            out.write("1,".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII));
        }
        TrainingData data =
                source(folder.resolve("classes"), null, null, null).build().load(notes::add);
        assertTrue(notes.get(0).startsWith("data: 1 of 13 examples cannot be used"), notes.get(0));
        assertTrue(notes.get(1).contains("wide.csv.gz"), notes.get(1));
        assertEquals(
                12,
                data.training().size() + data.validation().size() + data.test().size());
    }

    /** One that never ends would take all memory. */
    @Test
    void dataAreRegularFiles() throws IOException {
        Path zeros = Path.of("/dev/zero");
        assumeTrue(Files.exists(zeros), "no such device here");
        for (String name : List.of("a.csv", "a.h5", "a.tsv")) {
            Path link = Files.createSymbolicLink(folder.resolve(name), zeros);
            DataSource data = DataSource.builder(link.toString()).build();
            assertThrows(DataException.class, () -> data.load(notes::add), name);
            Files.delete(link);
        }
    }

    @Test
    void aFewUnreadableOnesAmongManyAreNamed() throws IOException {
        for (int i = 0; i < 200; i++) {
            write("many/" + (i % 2 == 0 ? "even" : "odd") + "/" + i + ".npy", ElementType.FLOAT32, ramp(i, LENGTH));
        }
        for (int i = 0; i < 14; i += 2) {
            Files.write(folder.resolve("many/even/" + i + ".npy"), new byte[i]);
        }
        DataSource.Builder many = source(folder.resolve("many"), null, null, null);
        TrainingData data = many.build().load(notes::add);
        assertTrue(notes.get(0).startsWith("data: 7 of 200 examples cannot be used"), notes.get(0));
        assertEquals("  and 2 more", notes.get(notes.size() - 1));
        assertEquals(
                193,
                data.training().size() + data.validation().size() + data.test().size());
        DataSource strict = many.strict(true).build();
        DataException refused = assertThrows(DataException.class, () -> strict.load(notes::add));
        assertTrue(refused.getMessage().contains(".npy"), refused.getMessage());
    }

    /** It is read again and again; one that is left out then would change the numbers of the run. */
    @Test
    void aFileThatGoesAfterTheStartEndsTheTrainingAndIsNamed() throws IOException {
        TrainingData data = load(list(false), null, null, null, 16);
        for (int i = 0; i < 12; i++) {
            Files.delete(folder.resolve("x/" + i + ".npy"));
        }
        EpochIterator batches = data.training(4, 1);
        DataException e = assertThrows(DataException.class, batches::next);
        assertTrue(e.getMessage().contains(".npy: is not there; check the path"), e.getMessage());
    }

    /** A class at positions may be in one part alone; nothing is divided by its size in the others. */
    @Test
    void aClassOfPositionsMayLackInAPart() throws IOException {
        StringBuilder list = new StringBuilder("input,target,part\n");
        for (int i = 0; i < 6; i++) {
            String part = List.of("train", "validation", "test").get(i % 3);
            write("x/" + i + ".npy", ElementType.FLOAT32, ramp(i, LENGTH));
            double[] classes = new double[LENGTH];
            java.util.Arrays.fill(classes, 4, 9, part.equals("test") ? 2 : 1);
            write("y/" + i + ".npy", ElementType.INT16, classes);
            list.append("x/" + i + ".npy,y/" + i + ".npy," + part + "\n");
        }
        Files.writeString(folder.resolve("list.csv"), list);
        TrainingData data = load(folder.resolve("list.csv"), null, null, null);
        assertEquals(List.of("0", "1", "2"), data.description().classes());
        INDArray labels = data.training(2, 1).next().getLabels();
        assertArrayEquals(new long[] {2, 3, LENGTH}, labels.shape());
        assertEquals(2 * LENGTH, labels.sumNumber().intValue());
    }

    /** Colour pictures, their channels at levels far apart, with noise on the inputs or with other targets altogether. */
    private Path pictures(boolean noisy) throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 7; i++) {
            double[] input = new double[3 * LENGTH * LENGTH];
            double[] target = new double[input.length];
            for (int k = 0; k < input.length; k++) {
                target[k] = 40 + 60.0 * (k / (LENGTH * LENGTH)) + 30 * Math.sin(0.2 * k + i);
                input[k] = noisy ? target[k] + 10 * random.nextGaussian() : 200 * random.nextDouble();
            }
            for (String part : List.of("inputs", "targets")) {
                Path file = folder.resolve("pictures/" + part + "/" + i + ".npy");
                Files.createDirectories(file.getParent());
                INDArray values = Nd4j.createFromArray(part.equals("inputs") ? input : target)
                        .reshape('c', 3, LENGTH, LENGTH);
                ArrayFiles.write(file, new StoredArray(values, true, ElementType.FLOAT32));
            }
        }
        return folder.resolve("pictures");
    }

    /** A network that answers with noise keeps the levels of colours; one whose input tells little of its target does not. */
    @Test
    void noiseOfImagesIsWhatIsAnswered() throws IOException {
        for (Task task : new Task[] {Task.DENOISING, null}) {
            TrainingData data = DataSource.builder(pictures(true).toString())
                    .task(task)
                    .dimensions(2)
                    .build()
                    .load(notes::add);
            assertEquals(ModelDescription.Output.RESIDUAL, data.description().output());
            assertEquals(
                    ModelDescription.Normalization.By.SET,
                    data.description().normalization().by());
            INDArray labels = data.validation(1).next().getLabels();
            assertEquals(0, labels.meanNumber().doubleValue(), 0.05);
            assertEquals(
                    10,
                    labels.stdNumber().doubleValue()
                            * data.description().normalization().deviation().get(0),
                    1);
            assertEquals(
                    List.of("baseline", "gaussian", "median"),
                    data.baselines().stream().map(Baseline::key).toList());
            Baseline.Method gaussian = data.baselines().get(1).fit().apply(data.test());
            INDArray target = data.test().get(0).target();
            double before = data.test().get(0).input().squaredDistance(target);
            assertTrue(gaussian.answer().apply(data.test().get(0)).squaredDistance(target) < before);
        }
        TrainingData other = DataSource.builder(pictures(false).toString())
                .dimensions(2)
                .build()
                .load(notes::add);
        assertEquals(ModelDescription.Output.PLAIN, other.description().output());
        assertEquals(1, other.baselines().size());
    }

    /** Each channel of a window of signals has its own level and scale; of one channel it is as it was. */
    @Test
    void channelsOfSignalsHaveLevelsOfTheirOwn() throws IOException {
        TrainingData one = load(list(false), null, null, Task.DENOISING, 16);
        assertEquals(
                ModelDescription.Normalization.By.SAMPLE,
                one.description().normalization().by());
        assertEquals(ModelDescription.Output.RESIDUAL, one.description().output());
        for (int i = 0; i < 7; i++) {
            for (String part : List.of("inputs", "targets")) {
                Path file = folder.resolve("leads/" + part + "/" + i + ".npy");
                Files.createDirectories(file.getParent());
                INDArray values = Nd4j.rand(2, LENGTH).addi(i);
                values.slice(1).muli(1000);
                ArrayFiles.write(file, new StoredArray(values, true, ElementType.FLOAT32));
            }
        }
        TrainingData two = load(folder.resolve("leads"), null, null, Task.DENOISING);
        assertEquals(
                ModelDescription.Normalization.By.CHANNEL,
                two.description().normalization().by());
        INDArray features = two.validation(1).next().getFeatures();
        for (int c = 0; c < 2; c++) {
            assertEquals(0, features.slice(0).slice(c).meanNumber().doubleValue(), 1e-5);
            assertEquals(1, features.slice(0).slice(c).stdNumber(false).doubleValue(), 1e-4);
        }
    }

    @Test
    void constantInputsAreNoDivisionByZero() throws IOException {
        for (int i = 0; i < 6; i++) {
            write("set/inputs/" + i + ".npy", ElementType.FLOAT32, new double[LENGTH]);
            write("set/targets/" + i + ".npy", ElementType.FLOAT32, new double[LENGTH]);
        }
        // copies of one input must not be split
        assertThrows(DataException.class, () -> load(folder.resolve("set"), null, null, null));
        for (int i = 0; i < 6; i++) {
            double[] level = new double[LENGTH];
            java.util.Arrays.fill(level, i);
            write("set/inputs/" + i + ".npy", ElementType.FLOAT32, level);
        }
        for (Task task : new Task[] {Task.DENOISING, Task.REGRESSION}) {
            TrainingData data = load(folder.resolve("set"), null, null, task);
            DataSet batch = data.training(2, 1).next();
            assertTrue(Double.isFinite(batch.getFeatures().sumNumber().doubleValue()));
            assertTrue(Double.isFinite(batch.getLabels().sumNumber().doubleValue()));
        }
    }

    @Test
    void wholeNumbersInHdf5AreClasses() throws IOException {
        double[][] inputs = new double[20][];
        int[] classes = new int[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = ramp(i, LENGTH);
            classes[i] = 9 + i % 2;
        }
        Path file = folder.resolve("set.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putDataset("x", inputs);
            hdf.putDataset("y", classes);
        }
        TrainingData data = load(file, null, null, null);
        assertEquals(Task.CLASSIFICATION, data.task());
        assertEquals(List.of("9", "10"), data.description().classes());
        assertArrayEquals(
                new long[] {4, 2}, data.training(4, 1).next().getLabels().shape());
        ArgumentException refused =
                assertThrows(ArgumentException.class, () -> load(file, null, null, Task.SEGMENTATION));
        assertTrue(refused.getMessage().endsWith("use classification"), refused.getMessage());
    }

    /** Twenty recordings with their length in seconds and a rate, as a list. */
    private Path numbers(String header, String... more) throws IOException {
        StringBuilder list = new StringBuilder(header + "\n");
        for (int i = 0; i < 20; i++) {
            write("x/" + i + ".npy", ElementType.FLOAT32, ramp(i, LENGTH));
            list.append("x/" + i + ".npy," + (10 + i) + "," + (60 - 0.5 * i) + "\n");
        }
        for (String line : more) {
            list.append(line).append("\n");
        }
        Path file = folder.resolve("numbers.csv");
        Files.writeString(file, list);
        return file;
    }

    @Test
    void columnsOfNumbersAreEstimated() throws IOException {
        Path list = numbers("input,length,rate");
        for (Task wanted : new Task[] {null, Task.REGRESSION, Task.ESTIMATION}) {
            TrainingData data = load(list, null, null, wanted);
            assertEquals(Task.ESTIMATION, data.task());
            assertEquals(2, data.outputChannels());
            ModelDescription.Output output = data.description().output();
            assertEquals(List.of("length", "rate"), output.names());
            // a batch of all training examples has mean 0 and deviation 1, whatever the units
            INDArray labels = data.training(data.training().size(), 1).next().getLabels();
            assertArrayEquals(new long[] {data.training().size(), 2}, labels.shape());
            for (int k = 0; k < 2; k++) {
                assertEquals(0, labels.getColumn(k).meanNumber().doubleValue(), 1e-5);
                assertEquals(1, labels.getColumn(k).stdNumber(false).doubleValue(), 1e-5);
            }
            INDArray target = data.test().get(0).target();
            assertEquals(60 - 0.5 * (target.getDouble(0) - 10), target.getDouble(1), 1e-5);
        }
        assertEquals("data: the numbers of each example are length, rate", notes.get(0));
        DataException twice =
                assertThrows(DataException.class, () -> load(numbers("input,rate,Rate"), null, null, null));
        assertTrue(twice.getMessage().contains("several columns"), twice.getMessage());
        TrainingData comma = load(numbers("input,\"rate, Hz\",length"), null, "rate, Hz", null);
        assertEquals(List.of("rate, Hz"), comma.description().output().names());
        numbers("input,length,rate");
        TrainingData one = load(list, null, "rate", null);
        assertEquals(List.of("rate"), one.description().output().names());
        ArgumentException e = assertThrows(ArgumentException.class, () -> load(list, null, "height", null));
        assertTrue(e.getMessage().contains("height") && e.getMessage().endsWith("length, rate"), e.getMessage());
        e = assertThrows(ArgumentException.class, () -> load(list, null, null, Task.CLASSIFICATION));
        assertTrue(e.getMessage().endsWith("use estimation"), e.getMessage());
    }

    /** A network answers with the numbers that it was trained on, whatever else a list has, and in whatever order. */
    @Test
    void anotherListIsMeasuredWithTheNumbersOfTheNetwork() throws IOException {
        ModelDescription model =
                load(numbers("input,length,rate"), null, null, null).description();
        Path other = numbers("input,rate,length");
        TrainingData data = DataSource.builder(other.toString()).build().load(model, true, notes::add);
        assertEquals(model.output(), data.description().output());
        assertEquals(60, data.test().get(0).target().getDouble(0), "length is the second column");
    }

    @Test
    void numbersThatCannotBeAreNamed() throws IOException {
        for (String wrong : new String[] {"NA", "", "NaN", "1e999"}) {
            Path list = numbers("input,length,rate", "x/0.npy,3," + wrong);
            DataException e = assertThrows(DataException.class, () -> load(list, null, null, null));
            assertTrue(e.getMessage().contains("line 22: rate is \"" + wrong + '"'), e.getMessage());
            assertEquals(1, load(list, null, "length", null).outputChannels());
        }
        StringBuilder same = new StringBuilder("input,target\n");
        for (int i = 0; i < 9; i++) {
            write("x/" + i + ".npy", ElementType.FLOAT32, ramp(i, LENGTH));
            same.append("x/" + i + ".npy,4.5\n");
        }
        Path list = folder.resolve("same.csv");
        Files.writeString(list, same);
        DataException e = assertThrows(DataException.class, () -> load(list, null, null, null));
        assertTrue(e.getMessage().contains("target is 4.5 in all examples"), e.getMessage());
    }

    @Test
    void numbersInHdf5AreEstimated() throws IOException {
        double[][] inputs = new double[20][];
        double[] real = new double[inputs.length];
        int[] whole = new int[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = ramp(i, LENGTH);
            real[i] = 0.5 * i;
            whole[i] = i % 5;
        }
        Path file = folder.resolve("numbers.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putDataset("x", inputs);
            hdf.putDataset("y", real);
            hdf.putDataset("stars", whole);
        }
        TrainingData data = load(file, null, null, null);
        assertEquals(Task.ESTIMATION, data.task());
        assertEquals(List.of("y"), data.description().output().names());
        assertEquals(Task.CLASSIFICATION, load(file, null, "stars", null).task());
        TrainingData stars = load(file, null, "stars", Task.REGRESSION);
        assertEquals(Task.ESTIMATION, stars.task());
        assertEquals(List.of("stars"), stars.description().output().names());
    }

    /** What an input is multiplied with in augmentation is no matter of a number that belongs to the whole of it. */
    @Test
    void numbersAreNotAugmented() throws IOException {
        TrainingData data = DataSource.builder(numbers("input,length,rate").toString())
                .augment(Augmentation.parse(List.of("gain", "flip")))
                .build()
                .load(notes::add);
        INDArray labels = data.training(data.training().size(), 1).next().getLabels();
        assertEquals(1, labels.getColumn(0).stdNumber(false).doubleValue(), 1e-5);
    }

    @Test
    void positionsMayBeUnlabelled() throws IOException {
        for (int i = 0; i < 8; i++) {
            write("set/inputs/" + i + ".npy", ElementType.FLOAT32, ramp(i, LENGTH));
            double[] classes = new double[LENGTH];
            for (int k = 0; k < LENGTH; k++) {
                classes[k] = k < 4 ? -1 : k % 3 * 2;
            }
            write("set/targets/" + i + ".npy", ElementType.INT16, classes);
        }
        TrainingData data = load(folder.resolve("set"), null, null, null);
        assertEquals(Task.SEGMENTATION, data.task());
        assertEquals(List.of("0", "2", "4"), data.description().classes());
        INDArray labels = data.validation(1).next().getLabels();
        assertArrayEquals(new long[] {1, 3, LENGTH}, labels.shape());
        assertEquals(LENGTH - 4, labels.sumNumber().intValue());
    }
}
