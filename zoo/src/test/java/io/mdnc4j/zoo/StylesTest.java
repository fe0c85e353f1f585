package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.Activator;
import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.LayerOrder;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.blocks.graph.Stage;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import io.mdnc4j.zoo.export.ExportFormat;
import io.mdnc4j.zoo.summary.LayerTable;
import io.mdnc4j.zoo.weights.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Networks of all normalisers, activations and orders. */
class StylesTest {
    @TempDir
    Path folder;

    static Stream<BlockStyle> styles() {
        return Arrays.stream(Normalizer.values())
                .flatMap(normalizer -> Arrays.stream(Activator.values())
                        .flatMap(activator -> Arrays.stream(LayerOrder.values())
                                .map(order -> new BlockStyle(normalizer, activator, order))));
    }

    private static NetworkModel.Builder<? extends NetworkModel> styled(
            NetworkModel.Builder<? extends NetworkModel> builder, BlockStyle style) {
        return builder.normalizer(style.normalizer())
                .activator(style.activator())
                .layerOrder(style.order());
    }

    private static INDArray random(long... shape) {
        Nd4j.getRandom().setSeed(5);
        return Nd4j.randn(DataType.FLOAT, shape);
    }

    /** The encoder put together by hand from the blocks has the same parameters by name, and the same outputs. */
    @ParameterizedTest
    @MethodSource("styles")
    void networksAreThoseOfTheBlocks(BlockStyle style) {
        ComputationGraph network = styled(
                        ResEncoder.builder()
                                .inputShape(2, 9, 8)
                                .channel(3)
                                .layers(2, 1)
                                .block(BlockKind.PLAIN)
                                .outLength(0),
                        style)
                .task(Task.REGRESSION)
                .build()
                .init();
        GraphBuilder builder =
                new NeuralNetConfiguration.Builder().graphBuilder().addInputs("input");
        BlockGraph graph = new BlockGraph(builder, SpatialDims.TWO, style, null);
        Geometry down = Geometry.scaling(Scaler.DOWN, 3, 3);
        String last = graph.convolution("netbody.0", "input", 2, 3, new int[] {5, 5}, false);
        last = Stage.add(graph, BlockKind.PLAIN, "netbody.1", last, 2, 3, 3, 3, down, false)
                .output();
        last = Stage.add(graph, BlockKind.PLAIN, "netbody.2", last, 1, 3, 6, 6, down, false)
                .output();
        last = graph.convolution("netbody.3", last, 6, 6, new int[] {3, 3}, true);
        builder.addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), last);
        ComputationGraph byHand = new InPlaceComputationGraph(builder.setOutputs("output")
                .setInputTypes(SpatialDims.TWO.inputType(2, 9, 8))
                .build());
        byHand.init();
        assertEquals(StateDict.of(byHand).keySet(), StateDict.of(network).keySet());
        StateDict.of(byHand)
                .forEach((key, values) -> values.assign(StateDict.of(network).get(key)));
        INDArray input = random(2, 2, 9, 8);
        INDArray target = random(2, 6, 3, 2);
        assertEquals(byHand.outputSingle(input), network.outputSingle(input));
        byHand.setInputs(input);
        byHand.setLabels(target);
        network.setInputs(input);
        network.setLabels(target);
        byHand.computeGradientAndScore();
        network.computeGradientAndScore();
        assertEquals(byHand.score(), network.score(), 1e-6);
        StateDict.gradientsOf(byHand)
                .forEach((key, gradient) ->
                        assertEquals(gradient, StateDict.gradientsOf(network).get(key), key));
    }

    /** Model file, safetensors and torch file, the last two read without being told more than they cannot say. */
    @ParameterizedTest
    @MethodSource("styles")
    void filesGiveEqualNetworks(BlockStyle style) throws Exception {
        NetworkModel model = styled(
                        ConvUNet.builder().inputShape(1, 16).channel(2).layers(1, 1), style)
                .build();
        ComputationGraph network = model.init();
        INDArray input = random(2, 1, 16);
        network.fit(new DataSet(input, input.mul(0.5))); // so that running statistics are not those of the start
        INDArray expected = network.outputSingle(input);
        assertFalse(expected.isNaN().any());

        Path zip = folder.resolve("model.zip");
        ModelFiles.write(network, zip);
        assertEquals(expected, ModelFiles.read(zip).outputSingle(input));
        SpecValues known = SpecValues.NONE.with(SpecOption.ACTIVATOR, style.activator());
        for (ExportFormat format : List.of(ExportFormat.SAFETENSORS, ExportFormat.PTH)) {
            Path file = folder.resolve("model." + format.code());
            format.write(network, null, file);
            Weights weights = Weights.load(file);
            assertEquals(expected, weights.network(weights.spec(known)).outputSingle(input), format.code());
        }
    }

    @Test
    void theDefaultIsWhatItWas() {
        ConvUNet plain =
                ConvUNet.builder().inputShape(1, 8, 8).channel(4).layers(1, 2).build();
        NetworkModel told = styled(
                        ConvUNet.builder().inputShape(1, 8, 8).channel(4).layers(1, 2), BlockStyle.DEFAULT)
                .build();
        assertEquals(plain.spec(), told.spec());
        assertEquals(plain.conf().toJson(), told.conf().toJson());
        assertEquals(plain.init().params(), told.init().params());
    }

    @Test
    void tablesShowTheStyle() {
        NetworkSpec spec = styled(ResUNet.builder().channel(4).layers(1, 1), BlockStyle.DEFAULT)
                .normalizer(Normalizer.BATCH)
                .activator(Activator.RELU)
                .build()
                .spec();
        List<String> types = LayerTable.of("any", spec, 8, 8).rows().stream()
                .map(LayerTable.Row::type)
                .toList();
        assertTrue(types.contains("BatchNorm2d") && types.contains("ReLU"), types.toString());
        assertFalse(types.contains("InstanceNorm2d") || types.contains("PReLU"), types.toString());
    }
}
