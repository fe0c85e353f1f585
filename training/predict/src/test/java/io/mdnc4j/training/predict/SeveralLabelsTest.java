package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Labels that may apply at once, from a network's answer to what is said of it. */
class SeveralLabelsTest {
    @TempDir
    Path folder;

    private static ModelDescription description(Task task) {
        return new ModelDescription(
                null, task.code(), List.of(1L, 8L), null, List.of("a", "b"), null, null, null, null);
    }

    private static ComputationGraph network(Task task) {
        return NetworkModel.builder("conv.unet1d")
                .inputShape(1, 8)
                .outPlanes(2)
                .channel(2)
                .layers(1, 1)
                .task(task)
                .build()
                .init();
    }

    @Test
    void filesKeepTaskAndLabels() throws IOException {
        Path file = folder.resolve("model.zip");
        ModelFiles.write(network(Task.MULTI_LABEL_SEGMENTATION), description(Task.MULTI_LABEL_SEGMENTATION), file);
        try (Predictor predictor = Predictor.read(file)) {
            assertEquals(Task.MULTI_LABEL_SEGMENTATION, predictor.task());
            assertEquals(List.of("a", "b"), predictor.description().classes());
            INDArray output = predictor.predict(Nd4j.rand(1, 8));
            INDArray sums = output.sum(0);
            assertTrue(Math.abs(sums.getDouble(0) - 1) > 1e-3, "each has a probability of its own: " + sums);
            assertArrayEquals(
                    Probabilities.present(output).toFloatMatrix(),
                    predictor.labels(output).toFloatMatrix());
            assertThrows(IllegalArgumentException.class, () -> predictor.classes(output));
        }
    }

    @Test
    void thresholdsDecideAndOtherDecisionsAreRefused() {
        INDArray output = Nd4j.createFromArray(new float[] {.3f, .29f, 0, 1, .5f, .51f});
        ComputationGraph network = network(Task.MULTI_LABEL_SEGMENTATION);
        Predictor.Builder builder = Predictor.builder(network, description(Task.MULTI_LABEL_SEGMENTATION));
        assertArrayEquals(
                new float[] {0, 0, 0, 1, 0, 1}, builder.build().labels(output).toFloatVector());
        assertArrayEquals(
                new float[] {1, 0, 0, 1, 1, 1},
                builder.threshold(0.3).build().labels(output).toFloatVector());
        assertArrayEquals(
                new float[] {0, 0, 0, 1, 0, 0},
                builder.threshold(1).build().labels(output).toFloatVector());
        INDArray whole = Nd4j.createFromArray(.2f, .9f);
        Predictor predictor = Predictor.builder(network, description(Task.MULTI_LABEL_SEGMENTATION))
                .build();
        assertEquals(List.of("b"), predictor.labelNames(whole));
        assertThrows(IllegalArgumentException.class, () -> predictor.labelNames(output), "six of two labels");
        builder.decision(Decision.regions(List.of(1, 2)));
        assertThrows(IllegalArgumentException.class, builder::build);
        Predictor.Builder uncleaned = Predictor.builder(network, description(Task.MULTI_LABEL_SEGMENTATION))
                .postprocessing(false);
        assertThrows(IllegalArgumentException.class, uncleaned::build);
        Predictor ofClasses = Predictor.builder(network(Task.SEGMENTATION), description(Task.SEGMENTATION))
                .build();
        assertThrows(IllegalArgumentException.class, () -> ofClasses.labels(output));
    }

    /** Weighing keeps the order, and says the same of 0.5 as is said of the threshold. */
    @Property(tries = 200)
    void weighedProbabilitiesAreInTheSameOrder(
            @ForAll @Size(min = 2, max = 20) List<@FloatRange(min = 0, max = 1) Float> probabilities,
            @ForAll @IntRange(min = 1, max = 1000) int thousandths) {
        float threshold = thousandths / 1000f;
        float[] values = new float[probabilities.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = probabilities.get(i);
        }
        float[] moved = Probabilities.withThreshold(Nd4j.createFromArray(values), threshold)
                .toFloatVector();
        for (int i = 0; i < values.length; i++) {
            assertEquals(values[i] >= threshold, Probabilities.isPresent(moved[i]), values[i] + " of " + threshold);
            assertTrue(moved[i] >= 0 && moved[i] <= 1, values[i] + " became " + moved[i]);
            for (int j = 0; j < values.length; j++) {
                assertTrue(values[i] > values[j] || moved[i] <= moved[j], values[i] + " and " + values[j]);
            }
        }
    }
}
