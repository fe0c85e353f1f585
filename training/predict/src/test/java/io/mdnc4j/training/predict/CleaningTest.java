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
import io.mdnc4j.training.objects.ClassMap;
import io.mdnc4j.training.objects.Components;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ModelFolds;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Postprocessing;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Classes that are cleaned as a model says, and models of several folds in one file. */
class CleaningTest {
    private static final List<Postprocessing> STEPS =
            List.of(new Postprocessing(1, true, 0, true), new Postprocessing(2, false, 3, false));

    private static final ModelDescription DESCRIPTION = new ModelDescription(
            "conv.unet2d",
            "segmentation",
            List.of(1L, 8L, 8L),
            new Normalization(Normalization.By.SAMPLE, List.of(), List.of(), false),
            List.of("none", "some", "more"),
            null,
            null,
            List.of(2.0, 1.0),
            Map.of());

    @TempDir
    Path folder;

    private static ComputationGraph network(long seed) {
        ComputationGraph network = NetworkModel.builder("conv.unet2d")
                .outPlanes(3)
                .channel(2)
                .layers(1, 1)
                .task(Task.CLASSIFICATION)
                .seed(seed)
                .build()
                .init();
        // so that all classes occur
        network.params().muli(3);
        return network;
    }

    private Path picture(String name, Grid grid, long... shape) {
        Path file = folder.resolve(name);
        INDArray values = Nd4j.rand(DataType.FLOAT, shape).muli(1000);
        ArrayFiles.write(file, new StoredArray(values, false, ElementType.INT16, grid, List.of(), null));
        return file;
    }

    private int[] written(Predictor predictor, Path file) {
        FilePredictions files = FilePredictions.builder(predictor)
                .folder(folder.resolve("out"))
                .probabilities(true)
                .build();
        files.write(List.of(file));
        return ArrayFiles.read(files.target(file)).values().dup('c').data().asInt();
    }

    /** Files that are read and written in slabs have the same classes as whole arrays, and probabilities as they were. */
    @ParameterizedTest
    @ValueSource(strings = {"a.npy", "a.nii.gz", "a.h5"})
    void filesAreCleanedAsAWhole(String name) {
        Grid grid = Grid.of(List.of(2.0, 1.0), "");
        Path file = picture(name, name.startsWith("a.nii") ? grid : Grid.UNKNOWN, 45, 14);
        Predictor predictor = Predictor.builder(network(1), DESCRIPTION.withPostprocessing(STEPS))
                .build();
        INDArray output = predictor.predict(ArrayFiles.read(file).withDimensions(2));
        int[] found = predictor.decision().classes(output);
        int[] cleaned = predictor.classes(output, grid);
        assertFalse(Arrays.equals(found, cleaned), "a test of something");
        assertArrayEquals(
                new ClassMap(found.clone(), 45, 14)
                        .keepLargest(1)
                        .fillHoles(1)
                        .removeSmaller(2, 3)
                        .classes(),
                cleaned);
        assertEquals(1, Components.of(i -> cleaned[i] == 1, 45, 14).count());
        assertArrayEquals(cleaned, written(predictor, file));

        Predictor plain = Predictor.builder(network(1), DESCRIPTION.withPostprocessing(STEPS))
                .postprocessing(false)
                .build();
        assertArrayEquals(found, plain.classes(output, grid));
        assertArrayEquals(found, written(plain, file));
    }

    /** Twice as many elements on an axis: components of as large an area are kept. */
    @Test
    void sizesFollowTheGrid() {
        Cleaning cleaning =
                new Cleaning(List.of(new Postprocessing(1, false, 3, false)), Grid.of(List.of(2.0, 1.0), ""));
        int[] classes = {1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1};
        int[] same = classes.clone();
        cleaning.apply(same, Grid.UNKNOWN, 1, 12);
        assertArrayEquals(classes, same);
        cleaning.apply(classes, Grid.of(List.of(1.0, 1.0), ""), 1, 12);
        assertArrayEquals(new int[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}, classes);
    }

    @Test
    void tooManyPositionsAreRefusedBeforeTheyAreComputed() {
        String message = assertThrows(DataException.class, () -> Cleaning.requireRoom("a.nii", 2000, 2000, 2000))
                .getMessage();
        assertTrue(message.contains("a.nii") && message.contains("no-postprocessing"), message);
    }

    @Test
    void stepsMustSuitTheModel() {
        for (ModelDescription wrong : List.of(
                DESCRIPTION.withPostprocessing(List.of(new Postprocessing(3, true, 0, false))),
                DESCRIPTION.withPostprocessing(List.of(new Postprocessing(0, true, 0, false))))) {
            assertThrows(
                    ArgumentException.class,
                    () -> Predictor.builder(network(1), wrong).build());
            assertThrows(IOException.class, () -> ModelDescription.fromJson(wrong.toJson()));
        }
    }

    @Test
    void stepsTravelWithTheModel() throws IOException {
        ModelDescription described = DESCRIPTION.withPostprocessing(STEPS);
        assertEquals(described, ModelDescription.fromJson(described.toJson()));
        assertFalse(DESCRIPTION.toJson().contains("postprocessing"));
    }

    /** Of models that say different things none is obeyed, and that is said. */
    @Test
    void differentStepsAreNotMixed() {
        List<String> notes = new ArrayList<>();
        Predictor predictor = Predictor.builder(network(1), DESCRIPTION.withPostprocessing(STEPS))
                .average(network(2), DESCRIPTION)
                .notes(notes::add)
                .build();
        assertTrue(predictor.cleaning().isEmpty());
        assertTrue(notes.get(0).contains("postprocessing"), notes::toString);
    }

    /** One file answers with the mean of what its folds answer, each with its own normalisation. */
    @Test
    void foldsOfOneFileAreAveraged() throws IOException {
        List<ModelDescription> descriptions = new ArrayList<>();
        List<Predictor> members = new ArrayList<>();
        for (int fold = 0; fold < 3; fold++) {
            ModelDescription own = new ModelDescription(
                    "conv.unet2d",
                    "segmentation",
                    DESCRIPTION.inputShape(),
                    new Normalization(Normalization.By.SET, List.of(0.1 * fold), List.of(1.0 + fold), false),
                    DESCRIPTION.classes(),
                    null,
                    null,
                    DESCRIPTION.spacing(),
                    Map.of());
            descriptions.add(own);
            members.add(Predictor.builder(network(fold), own).build());
        }
        Path file = folder.resolve("model.zip");
        ModelFolds.write(network(0), descriptions, fold -> network(fold).params(), file);
        INDArray input = Nd4j.rand(DataType.FLOAT, 1, 11, 9);
        INDArray mean = members.get(0)
                .predict(input)
                .add(members.get(1).predict(input))
                .addi(members.get(2).predict(input))
                .divi(3);
        try (Predictor together = Predictor.read(file)) {
            assertTrue(mean.equalsWithEps(together.predict(input), 1e-5));
            assertTrue(together.predictUncertain(input).deviation().maxNumber().doubleValue() > 0);
        }
        assertEquals(descriptions.subList(1, 3), ModelFolds.others(file));
        assertEquals(network(0).params(), ModelFiles.read(file).params(), "alone, it is that of the first fold");

        Path lacking = folder.resolve("lacking.zip");
        ModelFiles.write(
                network(0),
                lacking,
                Map.of(
                        ModelDescription.NOTE,
                        descriptions.get(0).toJson(),
                        ModelFolds.NOTE,
                        "[" + descriptions.get(1).toJson() + "]"));
        assertThrows(ArgumentException.class, () -> Predictor.read(lacking));
        Path broken = folder.resolve("broken.zip");
        ModelFiles.write(
                network(0),
                broken,
                Map.of(ModelDescription.NOTE, descriptions.get(0).toJson(), ModelFolds.NOTE, "[{\"spacing\":[-1]}]"));
        assertThrows(IOException.class, () -> Predictor.read(broken));
        assertTrue(Files.size(file) < 3 * Files.size(lacking), "without the state of updaters");
    }
}
