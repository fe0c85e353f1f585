package io.mdnc4j.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.CropVertex;
import io.mdnc4j.blocks.conf.Linear;
import io.mdnc4j.blocks.conf.LinearUpsampling;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.blocks.learning.TorchAdam;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The layers and vertices do what DL4J's users expect of any. */
class LayersInDl4jTest {
    private static final BlockStyle BATCH = new BlockStyle(Normalizer.BATCH, Activator.RELU, LayerOrder.OLD);

    /** Has every layer and vertex: two blocks with a shortcut, upsampling, crops of all kinds. */
    private static String everything(BlockGraph graph) {
        SpatialDims dims = graph.dims();
        int[] kernel = dims.perAxis("kernel", 3);
        String first = graph.convolution("first", "input", 2, 4, kernel, true);
        String down = BlockKind.PLAIN.add(graph, "down", first, 4, 6, Geometry.scaling(Scaler.DOWN, kernel));
        String up = BlockKind.CONV.add(graph, "up", down, 6, 4, Geometry.scaling(Scaler.UP, kernel));
        String joined = graph.vertex("joined", CropVertex.andConcatenate(), up, first);
        String cropped = graph.vertex("cropped", CropVertex.toReference(), joined, "input");
        String cut = graph.vertex("cut", CropVertex.toSize(dims.perAxis("size", 3L)), cropped);
        String sized = graph.layer("sized", new LinearUpsampling.Builder().size(Graphs.size(dims)), cut);
        return graph.convolution("last", sized, 8, 2, kernel, true);
    }

    private static NeuralNetConfiguration.Builder global() {
        return new NeuralNetConfiguration.Builder().seed(5).updater(new TorchAdam(1e-2));
    }

    private static ComputationGraph network(NeuralNetConfiguration.Builder global, SpatialDims dims, BlockStyle style) {
        return Graphs.network(global, dims, 2, style, LayersInDl4jTest::everything);
    }

    private static DataSet batch(SpatialDims dims, DataType type) {
        return new DataSet(
                Graphs.input(dims, type, 2), Graphs.input(dims, type, 2).mul(0.5));
    }

    @ParameterizedTest
    @EnumSource
    void configurationSurvivesJsonAndYaml(SpatialDims dims) {
        for (BlockStyle style : new BlockStyle[] {BlockStyle.DEFAULT, BATCH}) {
            ComputationGraphConfiguration conf = network(global(), dims, style).getConfiguration();
            ComputationGraphConfiguration fromJson = ComputationGraphConfiguration.fromJson(conf.toJson());
            assertEquals(conf, fromJson);
            assertEquals(conf.hashCode(), fromJson.hashCode());
            assertEquals(conf.toJson(), fromJson.toJson());
            assertEquals(conf, ComputationGraphConfiguration.fromYaml(conf.toYaml()));
            assertEquals(conf, conf.clone());
        }
    }

    @Test
    void configurationsOfDifferentLayersDiffer() {
        Convolution.Builder three = new Convolution.Builder(3).nIn(1).nOut(2);
        assertEquals(three.build().toString(), three.build().toString());
        assertNotEquals(
                new Convolution.Builder(3).nIn(1).nOut(2).build(),
                new Convolution.Builder(3).stride(2).nIn(1).nOut(2).build());
        assertNotEquals(CropVertex.toSize(3), CropVertex.toSize(4));
        assertNotEquals(CropVertex.toReference(), CropVertex.andConcatenate());
    }

    @ParameterizedTest
    @EnumSource
    void savedAndClonedNetworksGoOnAlike(SpatialDims dims, @TempDir Path folder) throws IOException {
        ComputationGraph network = network(global(), dims, BATCH);
        DataSet batch = batch(dims, DataType.FLOAT);
        network.fit(batch);
        File file = folder.resolve("model.zip").toFile();
        ModelSerializer.writeModel(network, file, true);
        ComputationGraph restored = ModelSerializer.restoreComputationGraph(file, true);
        ComputationGraph clone = network.clone();
        INDArray input = batch.getFeatures();
        assertEquals(network.outputSingle(input), restored.outputSingle(input));
        assertEquals(network.outputSingle(input), clone.outputSingle(input));
        network.fit(batch);
        restored.fit(batch);
        assertEquals(network.params(), restored.params());
        assertTrue(network.summary().contains("Convolution"));
    }

    @ParameterizedTest
    @EnumSource
    void workspacesChangeNothing(SpatialDims dims) {
        INDArray[] parameters = new INDArray[2];
        INDArray[] outputs = new INDArray[2];
        DataSet batch = batch(dims, DataType.FLOAT);
        for (WorkspaceMode mode : new WorkspaceMode[] {WorkspaceMode.ENABLED, WorkspaceMode.NONE}) {
            int i = mode == WorkspaceMode.NONE ? 1 : 0;
            ComputationGraph network = network(
                    global().trainingWorkspaceMode(mode).inferenceWorkspaceMode(mode), dims, BlockStyle.DEFAULT);
            for (int step = 0; step < 3; step++) {
                network.fit(batch);
            }
            parameters[i] = network.params();
            outputs[i] = network.outputSingle(batch.getFeatures());
        }
        assertEquals(parameters[1], parameters[0]);
        assertEquals(outputs[1], outputs[0]);
    }

    @ParameterizedTest
    @EnumSource
    void doublesAgreeWithFloats(SpatialDims dims) {
        ComputationGraph floats = network(global().dataType(DataType.FLOAT), dims, BlockStyle.DEFAULT);
        ComputationGraph doubles = network(global().dataType(DataType.DOUBLE), dims, BlockStyle.DEFAULT);
        doubles.setParams(floats.params().castTo(DataType.DOUBLE));
        INDArray input = Graphs.input(dims, DataType.FLOAT, 2);
        INDArray expected = doubles.outputSingle(input.castTo(DataType.DOUBLE));
        INDArray difference = floats.outputSingle(input).castTo(DataType.DOUBLE).sub(expected);
        assertTrue(difference.amaxNumber().doubleValue()
                < 1e-4 * expected.amaxNumber().doubleValue());
    }

    @Test
    void inputsStayAsTheyAre() {
        ComputationGraph network = network(global(), SpatialDims.TWO, BATCH);
        INDArray input = Graphs.input(SpatialDims.TWO, DataType.FLOAT, 2);
        INDArray copy = input.dup();
        network.outputSingle(input);
        network.fit(new DataSet(input, copy));
        assertEquals(copy, input);
    }

    @Test
    void inputsOutOfOrderAreTakenAsTheyRead() {
        ComputationGraph network = network(global(), SpatialDims.TWO, BlockStyle.DEFAULT);
        INDArray input = Graphs.input(SpatialDims.TWO, DataType.FLOAT, 2);
        INDArray outOfOrder = input.permute(3, 2, 1, 0).dup('c').permute(3, 2, 1, 0);
        assertEquals(network.outputSingle(input), network.outputSingle(outOfOrder));
        assertEquals(network.outputSingle(input), network.outputSingle(input.dup('f')));
    }

    @Test
    void regularizationLeavesScalesAndSlopesAlone() {
        ComputationGraph plain = network(global().updater(new NoOp()), SpatialDims.TWO, BlockStyle.DEFAULT);
        ComputationGraph decayed =
                network(global().updater(new NoOp()).l2(0.1).l1(0.01), SpatialDims.TWO, BlockStyle.DEFAULT);
        double expected = 0;
        for (Map.Entry<String, INDArray> entry : plain.paramTable().entrySet()) {
            if (entry.getValue().rank() > 1) {
                expected += 0.05 * Math.pow(entry.getValue().norm2Number().doubleValue(), 2)
                        + 0.01 * entry.getValue().norm1Number().doubleValue();
            }
        }
        DataSet batch = batch(SpatialDims.TWO, DataType.FLOAT);
        assertEquals(expected, decayed.score(batch) - plain.score(batch), 1e-4 * expected);
    }

    @Test
    void headIsReplacedAndBodyFrozen() {
        NeuralNetConfiguration.Builder global = global();
        ComputationGraph network = Graphs.network(global, SpatialDims.TWO, 2, BlockStyle.DEFAULT, graph -> {
            String body = BlockKind.CONV.add(graph, "body", "input", 2, 4, Geometry.keeping(3, 3));
            String pool = graph.layer(
                    "pool",
                    new io.mdnc4j.blocks.conf.AdaptiveAveragePooling.Builder(1, 1)
                            .nIn(4)
                            .nOut(4),
                    body);
            return graph.layer("fc", new Linear.Builder().nIn(4).nOut(3), pool);
        });
        ComputationGraph changed = new TransferLearning.GraphBuilder(network)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Sgd(0.1))
                        .build())
                .setFeatureExtractor("body.mconv.2")
                .nOutReplace("fc", 5, WeightInit.XAVIER)
                .build();
        INDArray input = Graphs.input(SpatialDims.TWO, DataType.FLOAT, 2);
        INDArray body = changed.getParam("body.mconv.2_weight").dup();
        assertEquals(network.getParam("body.mconv.2_weight"), body);
        changed.fit(new DataSet(input, Nd4j.rand(DataType.FLOAT, 2, 5)));
        assertEquals(body, changed.getParam("body.mconv.2_weight"));
        assertEquals(5, changed.outputSingle(input).size(1));
    }

    @Test
    void masksAreRefused() {
        ComputationGraph network = network(global(), SpatialDims.ONE, BlockStyle.DEFAULT);
        INDArray input = Graphs.input(SpatialDims.ONE, DataType.FLOAT, 2);
        MultiDataSet masked = new MultiDataSet(
                new INDArray[] {input},
                new INDArray[] {input},
                new INDArray[] {Nd4j.ones(DataType.FLOAT, 2, input.size(2))},
                null);
        Exception e = assertThrows(UnsupportedOperationException.class, () -> network.fit(masked));
        assertTrue(e.getMessage().contains("mask"), e.getMessage());
    }

    @Test
    void wrongInputsAreNamed() {
        ComputationGraph network = network(global(), SpatialDims.TWO, BlockStyle.DEFAULT);
        ArgumentException channels = assertThrows(
                ArgumentException.class, () -> network.outputSingle(Nd4j.rand(DataType.FLOAT, 1, 3, 8, 8)));
        assertEquals("input", channels.argument());
        assertTrue(channels.getMessage().contains("2 channels"), channels.getMessage());
        Exception rank =
                assertThrows(ArgumentException.class, () -> network.outputSingle(Nd4j.rand(DataType.FLOAT, 1, 2, 8)));
        assertTrue(rank.getMessage().contains("2 spatial dimensions"), rank.getMessage());
        ArgumentException labels = assertThrows(
                ArgumentException.class,
                () -> network.fit(new DataSet(
                        Graphs.input(SpatialDims.TWO, DataType.FLOAT, 2), Nd4j.rand(DataType.FLOAT, 2, 2, 3, 3))));
        assertEquals("labels", labels.argument(), labels.getMessage());
    }

    @Test
    void channelsLastIsRefusedWhenDescribed() {
        var builder = new NeuralNetConfiguration.Builder().graphBuilder().addInputs("input");
        BlockGraph graph = new BlockGraph(builder, SpatialDims.THREE);
        graph.convolution("conv", "input", 1, 2, new int[] {3, 3, 3}, true);
        builder.addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), "conv")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional3D(Convolution3D.DataFormat.NDHWC, 8, 8, 8, 1));
        Exception e = assertThrows(ArgumentException.class, builder::build);
        assertTrue(e.getMessage().contains("NCDHW"), e.getMessage());
    }

    @Test
    void lossIsTheMeanOverPositions() {
        ComputationGraph network = network(global(), SpatialDims.TWO, BlockStyle.DEFAULT);
        DataSet batch = batch(SpatialDims.TWO, DataType.FLOAT);
        INDArray error = network.outputSingle(batch.getFeatures()).sub(batch.getLabels());
        double expected = error.mul(error).meanNumber().doubleValue();
        assertEquals(expected, network.score(batch), 1e-5 * expected);
        INDArray each = network.scoreExamples(batch, false);
        assertEquals(expected, each.meanNumber().doubleValue(), 1e-5 * expected);
        assertFalse(each.isNaN().any());
    }

    @Test
    void convolutionsStartAsInPyTorch() {
        ComputationGraph network = network(global(), SpatialDims.TWO, BlockStyle.DEFAULT);
        double bound = 1 / Math.sqrt(2 * 9);
        for (String name : new String[] {"first_weight", "first_bias"}) {
            INDArray values = network.getParam(name);
            assertTrue(values.amaxNumber().doubleValue() <= bound, name);
            assertTrue(values.std().getDouble(0) > bound / 4, name);
        }
        assertEquals(0.25, network.getParam("down.conv1.1_weight").meanNumber().doubleValue(), 1e-7);
    }
}
