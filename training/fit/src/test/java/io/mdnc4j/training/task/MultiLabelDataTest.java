package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Targets of which several may apply at once: lists of labels, columns and channels of 0 and 1. */
class MultiLabelDataTest {
    private static final int LENGTH = 12;

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    private static DataSource.Builder source(Path data) {
        return DataSource.builder(data.toString()).dimensions(1).splitSeed(3);
    }

    private static DataSource whole(Path data) {
        return DataSource.builder(data.toString()).build();
    }

    private TrainingData load(Path data) {
        return source(data).build().load(notes::add);
    }

    private void refused(DataSource.Builder source, String... words) {
        Exception refused =
                assertThrows(RuntimeException.class, () -> source.build().load(notes::add));
        assertTrue(refused instanceof ArgumentException || refused instanceof DataException, refused::toString);
        for (String word : words) {
            assertTrue(refused.getMessage().contains(word), refused.getMessage() + " lacks " + word);
        }
    }

    private void write(String name, ElementType type, double[] values, long... shape) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ArrayFiles.write(file, new StoredArray(Nd4j.createFromArray(values).reshape('c', shape), true, type));
    }

    /** Signals with a constant of their own, and a line of a list for each. */
    private Path list(String header, int count, IntFunction<String> target) throws IOException {
        StringBuilder list = new StringBuilder(header + "\n");
        for (int i = 0; i < count; i++) {
            double[] values = new double[LENGTH];
            java.util.Arrays.setAll(values, j -> j);
            values[0] = i;
            write("x" + i + ".npy", ElementType.FLOAT32, values, 1, LENGTH);
            list.append("x" + i + ".npy," + target.apply(i) + "\n");
        }
        Path file = folder.resolve("list.csv");
        Files.writeString(file, list);
        return file;
    }

    private static String named(int i) {
        return (i % 2 == 0 ? "dog; " : "") + (i % 3 == 0 ? "cat" : "") + (i % 4 == 1 ? "|emu" : "");
    }

    private static float[] labels(int i) {
        return new float[] {i % 3 == 0 ? 1 : 0, i % 2 == 0 ? 1 : 0, i % 4 == 1 ? 1 : 0};
    }

    private static void requireLabels(Examples examples) {
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            assertArrayEquals(
                    labels((int) example.input().getFloat(0)), example.target().toFloatVector(), example.name());
        }
    }

    @Test
    void listsNameLabels() throws IOException {
        TrainingData data = load(list("input,labels", 24, MultiLabelDataTest::named));
        assertEquals(Task.MULTI_LABEL_CLASSIFICATION, data.task());
        assertEquals(List.of("cat", "dog", "emu"), data.description().classes());
        assertEquals(3, data.outputChannels());
        requireLabels(data.test());
        requireLabels(data.validation());
        assertEquals(List.of(), notes);
        DataSet batch = data.training(4, 1).next();
        assertArrayEquals(new long[] {4, 3}, batch.getLabels().shape());
        assertTrue(data.overview().facts().get("classes").contains("cat"), data.overview()::toString);
        // a network knows its own labels, whichever of them a list has
        Path few = list("input,labels", 6, i -> i == 0 ? "emu" : "");
        TrainingData measured = whole(few).load(data.description(), true, notes::add);
        assertEquals(List.of("cat", "dog", "emu"), measured.description().classes());
        assertArrayEquals(new float[] {0, 0, 1}, measured.test().get(0).target().toFloatVector());
        Path other = list("input,labels", 6, i -> "gnu");
        DataException unknown =
                assertThrows(DataException.class, () -> whole(other).load(data.description(), true, notes::add));
        assertTrue(unknown.getMessage().contains("gnu"), unknown.getMessage());
    }

    @Test
    void columnsOfZeroAndOneAreLabels() throws IOException {
        IntFunction<String> cells = i -> (int) labels(i)[0] + "," + (i == 5 ? -1 : (int) labels(i)[1]);
        Path list = list("input,cat,dog", 24, cells);
        TrainingData data = load(list);
        assertEquals(Task.MULTI_LABEL_CLASSIFICATION, data.task());
        assertEquals(List.of("cat", "dog"), data.description().classes());
        assertTrue(notes.get(0).contains("cat, dog") && notes.get(0).contains("estimation"), notes::toString);
        assertEquals(
                Task.ESTIMATION,
                source(list).task(Task.ESTIMATION).build().load(notes::add).task());
        TrainingData named = source(list).labels("feline", "canine").build().load(notes::add);
        assertEquals(List.of("feline", "canine"), named.description().classes());
        assertEquals(
                Task.ESTIMATION,
                load(list("input,cat,dog", 24, i -> i % 2 + "," + i)).task());
        refused(source(folder.resolve("list.csv")).task(Task.MULTI_LABEL_CLASSIFICATION), "dog=2", "0 where not");
    }

    @Test
    void arraysHoldLabelsOfWholeExamplesAndOfPositions() throws IOException {
        Path file = folder.resolve("data.h5");
        int[][] wholes = new int[20][2];
        float[][][] inputs = new float[20][1][LENGTH];
        int[][][] positions = new int[20][2][LENGTH];
        for (int i = 0; i < wholes.length; i++) {
            wholes[i] = new int[] {i % 2, i % 3 == 0 ? 1 : 0};
            for (int j = 0; j < LENGTH; j++) {
                inputs[i][0][j] = i + j;
                positions[i][0][j] = j > 3 && j < 8 ? 1 : 0;
                positions[i][1][j] = j == 0 ? -1 : j > 5 ? 1 : 0;
            }
        }
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putDataset("x", inputs);
            hdf.putDataset("whole", wholes);
            hdf.putDataset("y", positions);
        }
        TrainingData whole = source(file).targetPath("whole").build().load(notes::add);
        assertEquals(Task.MULTI_LABEL_CLASSIFICATION, whole.task());
        assertEquals(List.of("whole[0]", "whole[1]"), whole.description().classes());

        TrainingData data = source(file).labels("early", "late").build().load(notes::add);
        assertEquals(Task.MULTI_LABEL_SEGMENTATION, data.task());
        assertEquals(List.of("early", "late"), data.description().classes());
        INDArray target = data.test().get(0).target();
        assertArrayEquals(new long[] {2, LENGTH}, target.shape());
        assertArrayEquals(
                new float[] {-1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1},
                target.slice(1).dup().toFloatVector());
        assertArrayEquals(
                new long[] {4, 2, LENGTH},
                data.training(4, 1).next().getLabels().shape());
        refused(source(file).labels("early"), "labels", "2 channels");
        refused(source(file).classes("0:0,1:1"), "classes", "each channel is a label");
        refused(source(file).task(Task.SEGMENTATION), "multi-label-segmentation");
    }

    @Test
    void otherValuesAreRefusedAndRealOnesAreValues() throws IOException {
        for (int i = 0; i < 12; i++) {
            double[] values = new double[2 * LENGTH];
            values[i] = 1;
            values[LENGTH + i] = i == 7 ? 2 : 1;
            write("d/inputs/" + i + ".npy", ElementType.FLOAT32, values, 2, LENGTH);
            write("d/targets/" + i + ".npy", ElementType.UINT8, values, 2, LENGTH);
            values[LENGTH + i] = 1;
            write("r/inputs/" + i + ".npy", ElementType.FLOAT32, values, 2, LENGTH);
            write("r/targets/" + i + ".npy", ElementType.FLOAT32, values, 2, LENGTH);
        }
        refused(source(folder.resolve("d")).task(Task.MULTI_LABEL_SEGMENTATION), "inputs/7.npy", "0 and 1");
        assertEquals(Task.REGRESSION, load(folder.resolve("d")).task());
        TrainingData real = load(folder.resolve("r"));
        assertEquals(Task.REGRESSION, real.task());
        assertEquals(
                Task.MULTI_LABEL_SEGMENTATION.code(),
                new AutoConfiguration(real).task().value());
        assertEquals(
                Task.MULTI_LABEL_SEGMENTATION,
                source(folder.resolve("r"))
                        .task(Task.MULTI_LABEL_SEGMENTATION)
                        .build()
                        .load(notes::add)
                        .task());
    }

    /** -1 means what is not known; where nothing is 0, it is a number like 1. */
    @Test
    void signsAreNoLabels() throws IOException {
        assertEquals(
                Task.ESTIMATION,
                load(list("input,up,left", 24, i -> (i % 2 == 0 ? "1" : "-1") + (i % 3 == 0 ? ",1" : ",-1")))
                        .task());
        for (int i = 0; i < 12; i++) {
            double[] values = new double[2 * LENGTH];
            java.util.Arrays.setAll(values, j -> j % 3 == 0 ? -1 : 1);
            write("signs/targets/" + i + ".npy", ElementType.INT8, values.clone(), 2, LENGTH);
            values[0] = i; // copies of one input would stay in one part
            write("signs/inputs/" + i + ".npy", ElementType.FLOAT32, values, 2, LENGTH);
        }
        assertEquals(Task.REGRESSION, load(folder.resolve("signs")).task());
    }

    @Test
    void masksOfOtherChannelsAreRefusedInFolds() throws IOException {
        for (int i = 0; i < 12; i++) {
            int channels = i == 0 ? 3 : 2;
            double[] values = new double[channels * LENGTH];
            java.util.Arrays.setAll(values, j -> j % 2);
            values[0] = 1 - values[0];
            write("mixed/inputs/" + i + ".npy", ElementType.FLOAT32, new double[LENGTH], 1, LENGTH);
            write("mixed/targets/" + i + ".npy", ElementType.INT8, values, channels, LENGTH);
        }
        DataSource source = source(folder.resolve("mixed")).build();
        DataException refused = assertThrows(DataException.class, () -> source.folds(2, notes::add));
        assertTrue(refused.getMessage().contains("a target of shape"), refused.getMessage());
    }

    @Test
    void whatCannotBeLearnedIsRefused() throws IOException {
        assertThrows(
                ArgumentException.class, () -> source(folder).labels("a", "a").build());
        assertThrows(
                ArgumentException.class, () -> source(folder).labels("a", " ").build());
        refused(source(list("input,labels", 9, i -> i == 3 ? "a;b;a" : "b")), "line 5", "twice");
        refused(source(list("input,labels", 9, i -> "")), "no example has a label");
        refused(source(list("input,labels", 9, i -> i % 2 == 0 ? "macro" : "b")), "f1_macro", "rename");
        refused(source(list("input,labels,class", 9, i -> "a,b")), "one of target, class and labels");
        refused(source(list("input,a,b", 9, i -> i % 2 + ",0")), "no example to train on", "label b");
        refused(source(list("input,labels", 9, i -> "a")).labels("b"), "examples name theirs");
        refused(source(list("input,labels", 9, i -> i % 2 == 0 ? "a" : "b")).task(Task.CLASSIFICATION), "multi-label");
        refused(
                source(list("input,class", 9, i -> i % 2 == 0 ? "a" : "b")).task(Task.MULTI_LABEL_CLASSIFICATION),
                "a class for each example");
        TrainingData exclusive = load(list("input,labels", 24, i -> i % 2 == 0 ? "a" : "b"));
        assertTrue(
                exclusive.overview().warnings().stream().anyMatch(line -> line.contains("exactly one label")),
                exclusive.overview()::toString);
    }

    /** The rarest label of an example decides where it goes, so that rare ones are in every fold. */
    @Test
    void foldsShareOutTheRarestLabels() throws IOException {
        Path list = list(
                "input,labels",
                30,
                i -> (i % 10 == 0 ? "rare;" : "") + (i % 5 == 0 ? "some;" : "") + (i % 2 == 0 ? "often" : ""));
        DataFolds folds = source(list).build().folds(3, notes::add);
        for (int fold = 0; fold < 3; fold++) {
            TrainingData data = folds.get(fold);
            assertEquals(List.of("often", "rare", "some"), data.description().classes());
            float[] counts = new float[3];
            for (int i = 0; i < data.test().size(); i++) {
                float[] labels = data.test().get(i).target().toFloatVector();
                for (int k = 0; k < counts.length; k++) {
                    counts[k] += labels[k];
                }
            }
            assertArrayEquals(new float[] {5, 1, 2}, counts, "fold " + fold);
        }
        Path once = list("input,labels", 30, i -> i == 4 ? "once;often" : i % 2 == 0 ? "often" : "");
        DataException refused =
                assertThrows(DataException.class, () -> source(once).build().folds(3, notes::add));
        assertTrue(refused.getMessage().contains("once"), refused.getMessage());
        assertFalse(source(once).build().toMap().containsKey("labels"));
    }
}
