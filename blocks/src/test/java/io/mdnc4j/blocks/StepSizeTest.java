package io.mdnc4j.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** N equal samples take the step of one, whoever divides gradients by N, or training is refused. */
class StepSizeTest {
    private static final InputType INPUT = SpatialDims.TWO.inputType(2, 6, 5);

    @TempDir
    Path folder;

    /**
     * How a network comes about.
     *
     * @param miniBatch of the network that it begins with
     * @param inPlace whether that is an {@link InPlaceComputationGraph}
     * @param tuned {@code miniBatch} of the FineTuneConfiguration; {@code null} where unset
     */
    private record Mixture(
            boolean miniBatch, boolean inPlace, Change change, Boolean tuned, boolean newHead, Container container) {
        /** Whether the loss layer sees a configuration that leaves the division to nobody it knows. */
        boolean isRefused() {
            boolean headSays = newHead ? tuned == null || tuned : tuned == null ? miniBatch : tuned;
            return switch (change) {
                case NONE ->
                    container == Container.PLAIN && !miniBatch
                            || container == Container.AS_IT_IS && !inPlace && !miniBatch;
                default -> container != Container.IN_PLACE && !headSays;
            };
        }
    }

    private enum Change {
        NONE,
        FINE_TUNED,
        FROZEN
    }

    /** What the network is trained as: what it is; a restored plain or in-place graph. */
    private enum Container {
        AS_IT_IS,
        PLAIN,
        IN_PLACE
    }

    static Stream<Mixture> mixtures() {
        List<Mixture> all = new ArrayList<>();
        for (boolean miniBatch : new boolean[] {true, false}) {
            for (boolean inPlace : new boolean[] {true, false}) {
                for (Container container : Container.values()) {
                    all.add(new Mixture(miniBatch, inPlace, Change.NONE, null, false, container));
                    for (boolean newHead : new boolean[] {true, false}) {
                        all.add(new Mixture(miniBatch, inPlace, Change.FROZEN, null, newHead, container));
                        for (Boolean tuned : new Boolean[] {null, true, false}) {
                            all.add(new Mixture(miniBatch, inPlace, Change.FINE_TUNED, tuned, newHead, container));
                        }
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("mixtures")
    void stepsDoNotDependOnTheNumberOfSamples(Mixture mixture) throws IOException {
        if (mixture.isRefused()) {
            ComputationGraph network = network(mixture);
            ArgumentException e = assertThrows(ArgumentException.class, () -> step(network, 4));
            assertEquals("miniBatch", e.argument());
            return;
        }
        INDArray one = step(network(mixture), 1);
        INDArray four = step(network(mixture), 4);
        assertTrue(one.norm2Number().doubleValue() > 1e-3);
        assertTrue(one.equalsWithEps(four, 1e-5), () -> one.norm2Number() + " for 1, " + four.norm2Number() + " for 4");
    }

    /** Stock layers beside ours, with one of each frozen where asked for. */
    private ComputationGraph network(Mixture mixture) throws IOException {
        ComputationGraphConfiguration conf = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(5)
                .updater(new Sgd(0.1))
                .miniBatch(mixture.miniBatch)
                .graphBuilder()
                .addInputs("input")
                .addLayer(
                        "first",
                        new Convolution.Builder(3, 3).padding(1).nOut(3).build(),
                        "input")
                .addLayer("stock", stock(3, 3), "first")
                .addLayer("third", new Convolution.Builder(1, 1).nOut(3).build(), "stock")
                .addLayer("last", new Convolution.Builder(1, 1).nOut(2).build(), "third")
                .addLayer("output", loss(), "last")
                .setOutputs("output")
                .setInputTypes(INPUT)
                .build();
        ComputationGraph network = mixture.inPlace ? new InPlaceComputationGraph(conf) : new ComputationGraph(conf);
        network.init();
        ComputationGraph changed = changed(network, mixture);
        return switch (mixture.container) {
            case AS_IT_IS -> changed;
            case PLAIN -> {
                changed.save(folder.resolve("model.zip").toFile());
                yield ModelSerializer.restoreComputationGraph(
                        folder.resolve("model.zip").toFile());
            }
            case IN_PLACE -> {
                ComputationGraph copy = new InPlaceComputationGraph(changed.getConfiguration());
                copy.init(changed.params(), true);
                yield copy;
            }
        };
    }

    private static ComputationGraph changed(ComputationGraph network, Mixture mixture) {
        if (mixture.change == Change.NONE) {
            return network;
        }
        TransferLearning.GraphBuilder builder = new TransferLearning.GraphBuilder(network);
        if (mixture.change == Change.FINE_TUNED) {
            FineTuneConfiguration.Builder tuning =
                    new FineTuneConfiguration.Builder().seed(5).updater(new Sgd(0.1));
            builder.fineTuneConfiguration(
                    mixture.tuned == null
                            ? tuning.build()
                            : tuning.miniBatch(mixture.tuned).build());
        } else {
            builder.setFeatureExtractor("stock");
        }
        if (mixture.newHead) {
            builder.removeVertexAndConnections("output")
                    .removeVertexAndConnections("last")
                    .addLayer("last", stock(3, 2), "third")
                    .addLayer("output", loss(), "last")
                    .setOutputs("output");
        }
        return builder.build();
    }

    /** Also where no stock layer takes part, so that the losses divide. */
    @Test
    void inPlaceGraphsTakeTheStepsOfPlainOnes() {
        INDArray expected = null;
        for (boolean miniBatch : new boolean[] {true, false}) {
            for (boolean inPlace : new boolean[] {false, true}) {
                if (!miniBatch && !inPlace) {
                    continue; // refused
                }
                ComputationGraphConfiguration conf = Graphs.network(
                                new NeuralNetConfiguration.Builder()
                                        .dataType(DataType.DOUBLE)
                                        .seed(5)
                                        .updater(new Sgd(0.1))
                                        .miniBatch(miniBatch),
                                SpatialDims.TWO,
                                2,
                                new BlockStyle(Normalizer.BATCH, Activator.PRELU, LayerOrder.NEW),
                                graph -> BlockKind.PLAIN.add(graph, "body", "input", 2, 2, Geometry.keeping(3, 3)))
                        .getConfiguration();
                ComputationGraph network = inPlace ? new InPlaceComputationGraph(conf) : new ComputationGraph(conf);
                network.init();
                INDArray step = step(network, 4);
                expected = expected == null ? step : expected;
                assertTrue(
                        expected.equalsWithEps(step, 1e-9),
                        () -> conf.getDefaultConfiguration().isMiniBatch() + "");
            }
        }
    }

    private static ConvolutionLayer stock(int in, int out) {
        return new ConvolutionLayer.Builder(1, 1)
                .nIn(in)
                .nOut(out)
                .updater(new Sgd(0.1))
                .build();
    }

    private static SpatialLossLayer loss() {
        return new SpatialLossLayer.Builder(new LossMSE()).build();
    }

    @Test
    void multiLayerNetworksToo() {
        INDArray one = step(layers(true), 1);
        assertTrue(one.equalsWithEps(step(layers(true), 4), 1e-5));
        MultiLayerNetwork undivided = layers(false);
        ArgumentException e = assertThrows(ArgumentException.class, () -> step(undivided, 4));
        assertTrue(e.getMessage().contains("FineTuneConfiguration"), e.getMessage());
        MultiLayerNetwork tuned = new TransferLearning.Builder(undivided)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Sgd(0.1))
                        .miniBatch(true)
                        .build())
                .build();
        assertTrue(one.equalsWithEps(step(tuned, 4), 1e-5));
    }

    private static MultiLayerNetwork layers(boolean miniBatch) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(5)
                .updater(new Sgd(0.1))
                .miniBatch(miniBatch)
                .list()
                .layer(new Convolution.Builder(3, 3).nOut(3).build())
                .layer(stock(3, 2))
                .layer(loss())
                .setInputType(INPUT)
                .build());
        network.init();
        return network;
    }

    private static INDArray repeat(INDArray sample, int count) {
        INDArray[] samples = new INDArray[count];
        Arrays.fill(samples, sample);
        return Nd4j.concat(0, samples);
    }

    /** What a step of N equal samples adds to the parameters. */
    private static INDArray step(Model network, int samples) {
        long[] shape = network instanceof MultiLayerNetwork ? new long[] {1, 2, 4, 3} : new long[] {1, 2, 6, 5};
        INDArray x = Nd4j.linspace(-1, 1, 60, DataType.DOUBLE).reshape('c', 1, 2, 6, 5);
        INDArray y = Nd4j.linspace(2, 3, shape[1] * shape[2] * shape[3], DataType.DOUBLE)
                .reshape('c', shape);
        INDArray before = network.params().dup();
        DataSet batch = new DataSet(repeat(x, samples), repeat(y, samples));
        if (network instanceof MultiLayerNetwork layers) {
            layers.fit(batch);
        } else {
            ((ComputationGraph) network).fit(batch);
        }
        return network.params().sub(before);
    }
}
