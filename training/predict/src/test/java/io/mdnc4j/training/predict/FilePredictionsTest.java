package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Files in slabs, against whole arrays. */
class FilePredictionsTest {
    private static final Normalization OWN = new Normalization(Normalization.By.SAMPLE, List.of(), List.of(), false);

    private static final ComputationGraph NETWORK = NetworkModel.builder("conv.unet3d")
            .outPlanes(3)
            .channel(2)
            .layers(1, 1)
            .task(Task.CLASSIFICATION)
            .build()
            .init();

    @TempDir
    Path folder;

    private static Predictor.Builder predictor() {
        return Predictor.builder(
                NETWORK,
                new ModelDescription(
                        "conv.unet3d",
                        "segmentation",
                        List.of(1L, 8L, 8L, 8L),
                        OWN,
                        List.of("none", "some", "more"),
                        null,
                        null,
                        List.of(),
                        Map.of()));
    }

    private Path volume(String name, long... shape) {
        Path file = folder.resolve(name);
        ArrayFiles.write(
                file,
                new StoredArray(
                        Nd4j.rand(DataType.FLOAT, shape).muli(1000),
                        false,
                        ElementType.INT16,
                        Grid.of(List.of(3.0, 2.0, 1.5), ""),
                        List.of(),
                        null));
        return file;
    }

    private List<String> names(Path where) throws IOException {
        try (Stream<Path> all = Files.list(where)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** The same bits, whatever the order in which slabs are complete. */
    @ParameterizedTest
    @CsvSource({
        "a.nii.gz, 37, 0.5, NONE, 16",
        "a.npy, 37, 0.25, NONE, 1",
        "a.nii, 21, 0, REFLECT, 5",
        "a.npz, 5, 0.5, ZERO, 16",
        "a.nii.gz, 8, 0.5, NONE, 16"
    })
    void asInOnePiece(String name, int length, double overlap, Padding padding, int batch) {
        Path file = volume(name, length, 9, 6);
        Predictor predictor = predictor()
                .overlap(overlap)
                .padding(padding)
                .batch(batch)
                .flip(2)
                .threshold(0.35)
                .build();
        FilePredictions files = FilePredictions.builder(predictor)
                .folder(folder.resolve("out"))
                .probabilities(true)
                .uncertainty(true)
                .build();
        List<Path> results = new ArrayList<>();
        files.write(List.of(file), new FilePredictions.Listener() {
            @Override
            public void written(Path input, List<Path> written) {
                results.addAll(written);
            }
        });
        assertEquals(files.target(file), results.get(0));
        Uncertain whole = predictor.predictUncertain(ArrayFiles.read(file).withDimensions(3));
        StoredArray classes = ArrayFiles.read(results.get(0));
        assertArrayEquals(new long[] {length, 9, 6}, classes.values().shape());
        assertEquals(ElementType.UINT8, classes.type());
        assertArrayEquals(
                predictor.decision().classes(whole.output()),
                classes.values().dup('c').data().asInt());
        assertEquals(whole.output(), ArrayFiles.read(results.get(1)).values());
        INDArray largest = whole.deviation().max(0);
        INDArray found = ArrayFiles.read(results.get(2)).withDimensions(3).slice(0);
        assertEquals(largest, found);
        assertTrue(largest.maxNumber().doubleValue() > 0);
        assertEquals(ArrayFiles.read(file).grid(), classes.grid());
    }

    /** Files share batches; one that is bad, or turns out to be in its middle, takes no other with it. */
    @Test
    void badFilesAmongGoodOnes() throws IOException {
        Path first = volume("first.nii.gz", 9, 8, 8);
        Path broken = Files.writeString(folder.resolve("broken.nii.gz"), "nothing");
        Path flat = volume("flat.npy", 5, 5);
        Path infinite = folder.resolve("infinite.npy");
        INDArray values = Nd4j.rand(DataType.FLOAT, 40, 8, 8);
        values.putScalar(new int[] {33, 5, 6}, Float.NaN);
        ArrayFiles.write(infinite, new StoredArray(values, false, ElementType.FLOAT32));
        Path last = volume("last.nii", 20, 8, 8);
        Path missing = folder.resolve("missing.nii");
        List<Path> inputs = List.of(first, broken, flat, missing, infinite, last);
        FilePredictions files = FilePredictions.builder(predictor().build())
                .folder(folder.resolve("out"))
                .build();
        List<String> problems = new ArrayList<>();
        List<Path> done = new ArrayList<>();
        files.write(inputs, new FilePredictions.Listener() {
            @Override
            public void written(Path input, List<Path> written) {
                done.add(input);
            }

            @Override
            public void failed(Path input, RuntimeException problem) {
                assertTrue(problem instanceof DataException, problem::toString);
                assertTrue(problem.getMessage().startsWith(input + ": "), problem.getMessage());
                problems.add(problem.getMessage());
            }
        });
        assertEquals(List.of(first, last), done);
        assertEquals(4, problems.size());
        assertTrue(problems.get(3).contains("NaN at [0, 33, 5, 6]"), problems.get(3));
        assertEquals(List.of("first.nii.gz", "last.nii"), names(folder.resolve("out")));
        FilePredictions alone = FilePredictions.builder(predictor().build())
                .folder(folder.resolve("alone"))
                .build();
        alone.write(List.of(last));
        assertEquals(
                ArrayFiles.read(alone.target(last)).values(),
                ArrayFiles.read(files.target(last)).values());
        assertThrows(DataException.class, () -> alone.write(List.of(infinite)));
        assertEquals(List.of("last.nii"), names(folder.resolve("alone")), "nothing half-written");
    }

    @Test
    void progressReachesTheEnd() {
        Path file = volume("a.nii", 30, 8, 8);
        List<String> seen = new ArrayList<>();
        FilePredictions.builder(predictor().batch(2).build())
                .folder(folder.resolve("out"))
                .build()
                .write(List.of(file), new FilePredictions.Listener() {
                    @Override
                    public void progress(Path input, int done, int all) {
                        seen.add(done + "/" + all);
                    }
                });
        assertEquals(List.of("1/7", "2/7", "3/7", "4/7", "5/7", "6/7", "7/7"), seen);
    }

    @Test
    void nothingIsWrittenOver() {
        Path file = volume("a.nii", 9, 8, 8);
        FilePredictions same =
                FilePredictions.builder(predictor().build()).folder(folder).build();
        assertThrows(ArgumentException.class, () -> same.write(List.of(file)));
        FilePredictions npy = FilePredictions.builder(predictor().build())
                .folder(folder.resolve("out"))
                .suffix("npy")
                .build();
        Path other = volume("a.nii.gz", 9, 8, 8);
        assertThrows(ArgumentException.class, () -> npy.write(List.of(file, other)));
        assertFalse(Files.exists(folder.resolve("out")));
    }

    /** Formats that hold no real numbers get a neighbour that does. */
    @Test
    void whereRealNumbersGo() {
        FilePredictions files =
                FilePredictions.builder(predictor().build()).folder(folder).build();
        for (String[] names : new String[][] {
            {"a.tif", "a-probabilities.npy"}, {"a.nii.gz", "a-probabilities.nii.gz"}, {"a.npy", "a-probabilities.npy"}
        }) {
            assertEquals(
                    folder.resolve(names[1]), files.target(Path.of(names[0]), FilePredictions.Result.PROBABILITIES));
        }
    }
}
