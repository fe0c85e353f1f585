package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.blocks.Tuning;
import io.mdnc4j.blocks.backends.NativeConvolutions;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Networks whose convolutions are computed in ways that were tried, or given. */
@EnabledIf("own")
class TunedNetworksTest {
    private static final long[] SHAPE = {2, 1, 12, 12};

    @TempDir
    Path folder;

    private final INDArray x = Nd4j.rand(DataType.FLOAT, SHAPE);

    @AfterEach
    void clear() {
        System.clearProperty(Tuning.PROPERTY);
        System.clearProperty(Tuning.FILE);
    }

    private static InPlaceComputationGraph network() {
        return (InPlaceComputationGraph) NetworkModel.builder("resnet.unet2d")
                .inputShape(1, 12, 12)
                .channel(16)
                .layers(1, 1)
                .seed(5)
                .updater(new Sgd(0.1))
                .task(Task.REGRESSION)
                .build()
                .init();
    }

    static boolean own() {
        return NativeConvolutions.description().startsWith("oneDNN");
    }

    private void tuneTo(Path file) {
        System.setProperty(Tuning.PROPERTY, "on");
        System.setProperty(Tuning.FILE, file.toString());
    }

    private static void close(INDArray expected, INDArray actual) {
        double difference = expected.sub(actual).amaxNumber().doubleValue();
        assertTrue(difference <= 1e-4 * Math.max(1, expected.amaxNumber().doubleValue()), "" + difference);
    }

    private Map<String, List<String>> kernelsOfAStep(InPlaceComputationGraph network) {
        network.fit(new DataSet(x, network.outputSingle(x)));
        return network.layerKernels();
    }

    @Test
    void byRuleAllPredictionsAreEqual() {
        InPlaceComputationGraph network = network();
        INDArray first = network.outputSingle(x);
        Map<String, List<String>> kernels = network.layerKernels();
        for (int i = 0; i < 40; i++) {
            assertEquals(first, network.outputSingle(x));
        }
        assertEquals(kernels, network.layerKernels());
        assertEquals(first, network().outputSingle(x));
        assertEquals("off, convolutions are computed by fixed rules", NativeConvolutions.tuning());
    }

    /** Not before the 20th, a few before each, and kept in the file when all are done. */
    @Test
    void manyPredictionsTry() throws IOException {
        INDArray expected = network().outputSingle(x);
        Path file = folder.resolve("tuning.json");
        tuneTo(file);
        InPlaceComputationGraph network = network();
        for (int i = 0; i < 20; i++) {
            assertEquals(expected, network.outputSingle(x));
        }
        assertFalse(Files.exists(file));
        for (int i = 0; i < 2_000 && !Files.exists(file); i++) {
            close(expected, network.outputSingle(x));
        }
        int choices = new ObjectMapper().readTree(file.toFile()).size();
        assertTrue(choices >= 5, "" + choices);
        assertEquals("on, " + file + ", " + choices + " choices", NativeConvolutions.tuning());
        close(expected, network.outputSingle(x));
    }

    @Test
    void givenWaysAreTakenWhereTheySuitAndTrainingsKeepToTheRules() throws IOException {
        InPlaceComputationGraph byRule = network();
        INDArray expected = byRule.outputSingle(x);
        Map<String, String> tried = byRule.tuneKernels(SHAPE);
        assertTrue(tried.keySet().stream().anyMatch(key -> key.contains(": weights ")), tried.toString());
        assertEquals(expected, byRule.outputSingle(x));
        Map<String, String> blocked = new TreeMap<>();
        tried.keySet().forEach(key -> blocked.put(key, "blocked"));
        Map<String, List<String>> rules = kernelsOfAStep(byRule);

        InPlaceComputationGraph given = network();
        given.setKernelChoices(blocked);
        close(expected, given.outputSingle(x));
        Map<String, List<String>> kernels = kernelsOfAStep(given);
        assertTrue(kernels.toString().contains("blocked jit"), kernels.toString());
        close(byRule.params(), given.params());
        assertEquals(kernels, kernelsOfAStep((InPlaceComputationGraph) given.clone()));

        Path file = folder.resolve("tuning.json");
        new ObjectMapper().writeValue(file.toFile(), blocked);
        tuneTo(file);
        InPlaceComputationGraph predicting = network();
        close(expected, predicting.outputSingle(x));
        assertEquals(rules, kernelsOfAStep(predicting));
    }
}
