package io.mdnc4j.blocks.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Graphs;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockGraph;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** Networks that update in place train to the same numbers as DL4J's. */
class InPlaceComputationGraphTest {
    private static final SpatialDims DIMS = SpatialDims.TWO;

    private INDArray x;
    private INDArray labels;

    @BeforeEach
    void data() {
        x = Graphs.input(DIMS, DataType.FLOAT, 2);
        labels = Nd4j.randn(DataType.FLOAT, x.shape());
    }

    @Test
    void trainsToTheNumbersOfDl4j() {
        for (IUpdater updater : new IUpdater[] {new Sgd(0.1), new Nesterovs(0.05, 0.9), new TorchAdam(0.01)}) {
            for (boolean decay : new boolean[] {false, true}) {
                ComputationGraph stock =
                        Graphs.network(global(updater, decay), DIMS, 2, BlockStyle.DEFAULT, this::body);
                ComputationGraph inPlace = inPlace(stock);
                INDArray before = stock.params().dup();
                for (int step = 0; step < 5; step++) {
                    stock.fit(new DataSet(x, labels));
                    inPlace.fit(new DataSet(x, labels));
                }
                assertNotEquals(before, stock.params());
                // sums are added up in another order
                assertTrue(stock.params().equalsWithEps(inPlace.params(), 1e-4));
                assertEquals(stock.score(), inPlace.score(), 1e-5);
                assertTrue(stock.updaterState() == null && inPlace.updaterState() == null
                        || stock.updaterState().equalsWithEps(inPlace.updaterState(), 1e-4));
                Map<String, INDArray> gradients = inPlace.gradient().gradientForVariable();
                assertEquals(stock.gradient().gradientForVariable().keySet(), gradients.keySet());
                stock.gradient()
                        .gradientForVariable()
                        .forEach((name, gradient) ->
                                assertTrue(gradient.equalsWithEps(gradients.get(name), 1e-4), name));
            }
        }
    }

    @Test
    void parametersAndGradientsAreViewsThatStay() {
        ComputationGraph network =
                inPlace(Graphs.network(global(new Sgd(0.1), false), DIMS, 2, BlockStyle.DEFAULT, this::body));
        network.fit(new DataSet(x, labels));
        assertSame(network.params(), network.params());
        assertSame(network.getFlattenedGradients(), network.gradient().gradient());
        assertEquals(1, network.params().rank());
        String name = network.paramTable().keySet().iterator().next();
        network.params().assign(2);
        assertEquals(2, network.getParam(name).maxNumber().doubleValue());
        network.setParams(network.params().dup().assign(3));
        assertEquals(3, network.getParam(name).minNumber().doubleValue());
    }

    @Test
    void clonesAreOfTheSameKindAndIndependent() {
        ComputationGraph network = inPlace(
                Graphs.network(global(new Nesterovs(0.05, 0.9), true), DIMS, 2, BlockStyle.DEFAULT, this::body));
        network.fit(new DataSet(x, labels));
        ComputationGraph clone = network.clone();
        assertInstanceOf(InPlaceComputationGraph.class, clone);
        assertEquals(network.params(), clone.params());
        assertEquals(network.updaterState(), clone.updaterState());
        INDArray before = network.params().dup();
        clone.fit(new DataSet(x, labels));
        assertEquals(before, network.params());
        network.fit(new DataSet(x, labels));
        assertEquals(clone.params(), network.params());
    }

    @Test
    void clonesStayFrozen() {
        ComputationGraph network =
                inPlace(Graphs.network(global(new Sgd(0.1), false), DIMS, 2, BlockStyle.DEFAULT, this::body));
        network.getVertex("first").setLayerAsFrozen();
        ComputationGraph clone = network.clone();
        INDArray frozen = clone.getParam("first_weight").dup();
        INDArray free = clone.getParam("last_weight").dup();
        clone.fit(new DataSet(x, labels));
        assertEquals(frozen, clone.getParam("first_weight"));
        assertNotEquals(free, clone.getParam("last_weight"));
    }

    private static InPlaceComputationGraph inPlace(ComputationGraph stock) {
        ComputationGraphConfiguration copy = stock.getConfiguration().clone();
        InPlaceComputationGraph network = new InPlaceComputationGraph(copy);
        network.init(stock.params().dup(), false);
        return network;
    }

    private static NeuralNetConfiguration.Builder global(IUpdater updater, boolean decay) {
        NeuralNetConfiguration.Builder global = new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .seed(3)
                .updater(updater);
        return decay
                ? global.weightDecay(0.01)
                        .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                        .gradientNormalizationThreshold(0.1)
                : global;
    }

    private String body(BlockGraph graph) {
        int[] kernel = DIMS.perAxis("kernel", 3);
        return graph.convolution("last", graph.convolution("first", "input", 2, 3, kernel, true), 3, 2, kernel, false);
    }
}
