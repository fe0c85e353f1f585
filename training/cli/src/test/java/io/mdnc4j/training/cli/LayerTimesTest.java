package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Task;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class LayerTimesTest {
    private static final int BATCH = 2;

    private static ComputationGraph network() {
        return NetworkModel.builder("conv.unet1d")
                .inputShape(1, 32)
                .channel(2)
                .layers(1, 1)
                .seed(7)
                .updater(new Sgd(0.1))
                .task(Task.REGRESSION)
                .build()
                .init();
    }

    private static ComputationGraph byDl4j(ComputationGraph network) {
        ComputationGraph stock = new ComputationGraph(network.getConfiguration().clone());
        stock.init(network.params().dup(), false);
        return stock;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyLayerHasItsTimesAndTheNumbersStay(boolean own) {
        ComputationGraph plain = network();
        ComputationGraph timed = own ? network() : byDl4j(network());
        LayerTimes times = new LayerTimes(timed, BATCH, LayerTimes.input(1, 32));
        INDArray x = Nd4j.rand(BATCH, 1, 32);
        DataSet data = new DataSet(x, Nd4j.rand(BATCH, 1, 32));
        plain.fit(data);
        timed.fit(data);
        assertArrayEquals(plain.params().toFloatVector(), timed.params().toFloatVector(), 1e-5f);

        List<LayerTimes.Row> rows = times.rows(1);
        Set<String> expected =
                new TreeSet<>(timed.getConfiguration().getVertices().keySet());
        if (own) {
            expected.remove("output"); // the loss is no step of its own
            assertEquals("InstanceNormalization + PReLU", rows.get(1).kind());
        }
        assertEquals(
                expected,
                rows.stream()
                        .flatMap(row -> Stream.of(row.layer().split(" ")))
                        .collect(Collectors.toCollection(TreeSet::new)));
        for (LayerTimes.Row row : rows) {
            assertTrue(row.backwardMillis() > 0, row.toString());
        }
        LayerTimes.Row first = rows.get(0);
        // kernel 5 from 1 to 2 channels at 32 places
        assertEquals(
                new LayerTimes.Row(
                        "conv_first",
                        "Convolution",
                        first.forwardMillis(),
                        first.backwardMillis(),
                        BATCH * 5L * 2 * 32),
                first);

        times.reset();
        timed.outputSingle(x);
        assertTrue(times.rows(1).stream().allMatch(row -> row.backwardMillis() == 0));
        assertTrue(times.rows(1).get(0).forwardMillis() > 0);
    }

    @Test
    void kindsAreSumsAndTheRestIsWhatStaysOfTheStep() {
        List<LayerTimes.Row> kinds = LayerTimes.byKind(
                List.of(
                        new LayerTimes.Row("a", "Norm", 1, 2, 0),
                        new LayerTimes.Row("b", "Convolution", 10, 20, 30),
                        new LayerTimes.Row("c", "Norm", 3, 4, 0)),
                50);
        assertEquals(
                List.of(
                        new LayerTimes.Row("", "Convolution", 10, 20, 30),
                        new LayerTimes.Row("", "Norm", 4, 6, 0),
                        new LayerTimes.Row("", "around the layers", 10, 0, 0)),
                kinds);
    }
}
