package io.mdnc4j.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.conf.BatchNormalization;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.CropVertex;
import io.mdnc4j.blocks.conf.InstanceNormalization;
import io.mdnc4j.blocks.conf.Linear;
import io.mdnc4j.blocks.conf.LinearUpsampling;
import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.conf.SumVertex;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.blocks.graph.Stage;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Wrong arguments are named when a block or layer is described. */
class BlockArgumentsTest {
    private static final double[] ONE = {1, 1};

    private static BlockGraph graph() {
        return new BlockGraph(
                new NeuralNetConfiguration.Builder().graphBuilder().addInputs("input"), SpatialDims.TWO);
    }

    private static Geometry geometry(int kernel, double stride, int padding, Scaler scaler, long... outputSize) {
        return new Geometry(
                new int[] {kernel, kernel},
                new double[] {stride, stride},
                new int[] {padding, padding},
                scaler,
                outputSize.length == 0 ? null : outputSize);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("kernelSize", () -> geometry(0, 1, 0, Scaler.DOWN)),
                wrong("stride", () -> geometry(3, 0, 1, Scaler.DOWN)),
                wrong("stride", () -> geometry(3, 1.5, 1, Scaler.DOWN)),
                wrong("stride", () -> geometry(3, -1, 1, Scaler.UP)),
                wrong("padding", () -> geometry(3, 1, -1, Scaler.DOWN)),
                wrong("outputSize", () -> geometry(3, 1, 1, Scaler.DOWN, 9, 9)),
                wrong("outputSize", () -> geometry(3, 1, 1, Scaler.UP, 9)),
                wrong("outputSize", () -> geometry(3, 1, 1, Scaler.UP, 9, 0)),
                wrong(
                        "stride",
                        () -> new Geometry(new int[] {3, 3}, new double[] {1}, new int[] {1, 1}, Scaler.DOWN, null)),
                wrong("padding", () -> new Geometry(new int[] {3, 3}, ONE, new int[] {1}, Scaler.DOWN, null)),
                wrong("dimensions", () -> Geometry.keeping(3, 3, 3, 3)),
                wrong(
                        "padding",
                        () -> BlockKind.PLAIN.add(graph(), "b", "input", 4, 4, geometry(5, 1, 1, Scaler.DOWN))),
                wrong(
                        "padding",
                        () -> BlockKind.BOTTLENECK.add(graph(), "b", "input", 4, 4, geometry(1, 1, 1, Scaler.DOWN))),
                wrong(
                        "padding",
                        () -> BlockKind.PLAIN.add(graph(), "b", "input", 4, 4, geometry(2, 1, 1, Scaler.DOWN))),
                wrong("kernelSize", () -> BlockKind.CONV.add(graph(), "b", "input", 4, 4, Geometry.keeping(3))),
                wrong("inChannels", () -> BlockKind.CONV.add(graph(), "b", "input", 0, 4, Geometry.keeping(3, 3))),
                wrong("outChannels", () -> BlockKind.CONV.add(graph(), "b", "input", 4, -1, Geometry.keeping(3, 3))),
                wrong("normalizer", () -> Coded.parse(Normalizer.class, "normalizer", "layer")),
                wrong("activator", () -> Coded.parse(Activator.class, "activator", "gelu")),
                wrong("layerOrder", () -> Coded.parse(LayerOrder.class, "layerOrder", "mid")),
                wrong("scaler", () -> Coded.parse(Scaler.class, "scaler", "side")),
                wrong("kernelSize", () -> new Convolution.Builder(3, 0).nOut(1).build()),
                wrong(
                        "stride",
                        () -> new Convolution.Builder(3, 3)
                                .stride(1, 1, 1)
                                .nOut(1)
                                .build()),
                wrong(
                        "activation",
                        () -> new Convolution.Builder(3)
                                .nOut(1)
                                .activation(Activation.RELU)
                                .build()),
                wrong(
                        "activation",
                        () -> new Linear.Builder()
                                .nOut(1)
                                .activation(Activation.TANH)
                                .build()),
                wrong(
                        "activation",
                        () -> new InstanceNormalization.Builder()
                                .activation(Activation.RELU)
                                .build()),
                wrong(
                        "activation",
                        () -> new Convolution.Builder(3).nOut(1).build().setActivationFn(new ActivationReLU())),
                wrong("nOut", () -> new Convolution.Builder(3).build()),
                wrong("nOut", () -> new Linear.Builder().build()),
                wrong("eps", () -> new InstanceNormalization.Builder().eps(0).build()),
                wrong("scale", () -> new LinearUpsampling.Builder().build()),
                wrong("scale", () -> new LinearUpsampling.Builder().scale(0).build()),
                wrong("size", () -> new LinearUpsampling.Builder().size(4, -1).build()),
                wrong("size", () -> CropVertex.toSize(0)),
                wrong("dimensions", () -> SpatialDims.of(4)),
                wrong("dimensions", () -> CropVertex.toSize(1, 2, 3, 4)),
                wrong("kernel", () -> SpatialDims.TWO.perAxis("kernel", 3, 3, 3)),
                wrong("size", () -> SpatialDims.TWO.inputType(1, 8)),
                wrong("inputType", () -> SpatialDims.of(InputType.feedForward(3))),
                wrong("inputType", () -> SpatialDims.of(InputType.convolutional(8, 8, 3, CNN2DFormat.NHWC))),
                wrong(
                        "inputType",
                        () -> new Linear.Builder().nOut(1).build().getOutputType(0, SpatialDims.ONE.inputType(2, 8))),
                wrong(
                        "inputType",
                        () -> new SumVertex(false)
                                .getOutputType(0, SpatialDims.ONE.inputType(2, 8), SpatialDims.ONE.inputType(3, 8))),
                wrong("size", () -> CropVertex.toSize(4).getOutputType(0, SpatialDims.TWO.inputType(2, 8, 8))),
                wrong(
                        "scale",
                        () -> new LinearUpsampling.Builder()
                                .scale(2)
                                .build()
                                .getOutputType(0, SpatialDims.TWO.inputType(2, 8, 8))),
                wrong(
                        "scale",
                        () -> new LinearUpsampling.Builder().scale(2).size(3).build()),
                wrong(
                        "eps",
                        () -> new BatchNormalization.Builder().eps(Double.NaN).build()),
                wrong(
                        "momentum",
                        () -> new BatchNormalization.Builder().momentum(1.5).build()),
                wrong(
                        "initialSlope",
                        () -> new PReLU.Builder().initialSlope(Double.NaN).build()),
                wrong(
                        "blocks",
                        () -> Stage.add(
                                graph(), BlockKind.CONV, "s", "input", 0, 4, 4, 4, Geometry.keeping(3, 3), false)),
                wrong(ComputePath.PROPERTY, () -> ComputePath.parse("gpu")));
    }

    private static Arguments wrong(String argument, Executable description) {
        return Arguments.of(argument, description);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongArgumentsAreNamed(String argument, Executable description) {
        ArgumentException e = assertThrows(ArgumentException.class, description);
        assertEquals(argument, e.argument(), e.getMessage());
    }

    @Test
    void mismatchesAreFoundWhenTypesAreSet() {
        ArgumentException channels = assertThrows(
                ArgumentException.class,
                () -> Graphs.network(
                        new NeuralNetConfiguration.Builder(),
                        SpatialDims.TWO,
                        3,
                        BlockStyle.DEFAULT,
                        graph -> graph.convolution("conv", "input", 2, 2, new int[] {3, 3}, true)));
        assertEquals("nIn", channels.argument(), channels.getMessage());
        ArgumentException size = assertThrows(
                ArgumentException.class,
                () -> Graphs.network(
                        new NeuralNetConfiguration.Builder(),
                        SpatialDims.ONE,
                        1,
                        BlockStyle.DEFAULT,
                        graph -> graph.layer(
                                "conv", new Convolution.Builder(9).nIn(1).nOut(1), "input")));
        assertEquals("kernelSize", size.argument(), size.getMessage());
    }

    @Test
    void theDefaultActivationIsForLayersWithoutAnyOfTheirOwn() {
        ComputationGraph network = Graphs.network(
                new NeuralNetConfiguration.Builder().activation(Activation.RELU),
                SpatialDims.TWO,
                2,
                BlockStyle.DEFAULT,
                graph -> graph.convolution("conv", "input", 2, 2, new int[] {3, 3}, true));
        Convolution conv = (Convolution) network.getLayer("conv").conf().getLayer();
        assertEquals(new ActivationIdentity(), conv.getActivationFn());
        // fine tuning means all layers, so that it cannot be obeyed
        assertThrows(
                ArgumentException.class,
                () -> new TransferLearning.GraphBuilder(network)
                        .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                                .activation(Activation.RELU)
                                .build())
                        .build());
    }

    @ParameterizedTest
    @EnumSource(names = "HALF")
    void narrowTypesAreRefused(DataType type) {
        ArgumentException e = assertThrows(
                ArgumentException.class,
                () -> Graphs.network(
                        SpatialDims.TWO,
                        type,
                        2,
                        BlockStyle.DEFAULT,
                        new NoOp(),
                        graph -> graph.convolution("conv", "input", 2, 2, new int[] {3, 3}, true)));
        assertEquals("dataType", e.argument());
        assertTrue(e.remedy().contains("FLOAT or DOUBLE"), e.remedy());
        // a loss layer behind stock layers, too
        var stock = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .graphBuilder()
                .addInputs("input")
                .addLayer("dense", new DenseLayer.Builder().nIn(2).nOut(2).build(), "input")
                .addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), "dense")
                .setOutputs("output")
                .build();
        assertThrows(ArgumentException.class, () -> new ComputationGraph(stock).init());
    }

    /** As the reference: upsampling by a fraction, and by a scale of 1 for a shortcut that widens. */
    @ParameterizedTest
    @EnumSource
    void scalesOfAllKinds(BlockKind kind) {
        BlockGraph graph = graph();
        String up = kind.add(graph, "up", "input", 4, 4, geometry(3, 1.5, 1, Scaler.UP));
        String wider = kind.add(graph, "wider", up, 4, 6, geometry(3, 1, 1, Scaler.UP));
        assertTrue(wider.startsWith("wider"));
        assertEquals(
                kind != BlockKind.CONV,
                graph.steps().stream().anyMatch(step -> step.outputs().contains("wider.in_node.0")));
    }
}
