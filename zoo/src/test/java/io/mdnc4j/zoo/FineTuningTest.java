package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Worked examples: features by name, an encoder's weights in a U-Net, a new head on a frozen body. */
class FineTuningTest {
    @TempDir
    Path folder;

    private static ComputationGraph network(String name, int... layers) {
        return NetworkModel.builder(name)
                .inputShape(1, 16, 16)
                .channel(4)
                .layers(layers)
                .build()
                .init();
    }

    private static INDArray images(int count) {
        return Nd4j.randn(DataType.FLOAT, count, 1, 13, 18);
    }

    @Test
    void featuresByName() {
        INDArray images = images(2);
        Features encoder = Features.of(network("resnet.encoder2d", 2, 1, 1));
        assertEquals(List.of("netbody.1", "netbody.2", "netbody.3"), encoder.stages());
        assertArrayEquals(new long[] {2, 4, 7, 9}, encoder.at("stage1", images).shape());
        assertArrayEquals(
                new long[] {2, 16, 2, 3}, encoder.at("netbody.3", images).shape());
        assertArrayEquals(new long[] {2, 16, 1, 1}, encoder.at("pool", images).shape());

        ComputationGraph network = network("conv.unet2d", 2, 1, 1);
        Features unet = Features.of(network);
        assertEquals(
                List.of("conv_down_list.0", "conv_down_list.1", "conv_middle_up", "conv_up_list.0", "conv_up_list.1"),
                unet.stages());
        List<INDArray> several = unet.at(List.of("stage2", "conv_up_list.1", "conv_down_list.0.conv_list.0"), images);
        assertArrayEquals(new long[] {2, 8, 4, 5}, several.get(0).shape());
        assertArrayEquals(new long[] {2, 4, 13, 18}, several.get(1).shape());
        assertArrayEquals(new long[] {2, 4, 13, 18}, several.get(2).shape());
        // as DL4J computes them
        assertEquals(network.feedForward(images, false).get("conv_down_list.1.conv_scale.mconv.2"), several.get(0));
        assertEquals(network.outputSingle(images), unet.at("output", images));

        ComputationGraph decoder = ConvDecoder.builder()
                .outSize(9, 10)
                .inLength(3)
                .channel(4)
                .layers(1, 1)
                .build()
                .init();
        // what the planned sizes leave
        assertArrayEquals(
                new long[] {1, 4, 5, 5},
                Features.of(decoder)
                        .at("stage1", Nd4j.randn(DataType.FLOAT, 1, 3))
                        .shape());

        for (String wrong : List.of("stage0", "stage6", "conv_down", "nothing")) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> unet.at(wrong, images), wrong);
            assertTrue(e.getMessage().contains("stage5 (conv_up_list.1)"), e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({"conv, unet", "conv, ae", "resnet, unet", "resnet, ae"})
    void anEncodersWeightsGoIntoAUNet(String family, String kind) {
        ComputationGraph encoder = network(family + ".encoder2d", 2, 1, 2);
        INDArray images = images(3);
        encoder.fit(new DataSet(images, Nd4j.createFromArray(new float[][] {{0, 1}, {1, 0}, {1, 0}})));
        ComputationGraph unet = network(family + "." + kind + "2d", 2, 1, 2);

        WeightTransfer transfer = WeightTransfer.copy(encoder, unet);

        // the same weights in the same places: the same features
        for (String part : List.of("stage1", "stage2")) {
            assertEquals(
                    Features.of(encoder).at(part, images), Features.of(unet).at(part, images), part);
        }
        assertEquals(
                Features.of(encoder).at("netbody.3.conv_list.0", images),
                Features.of(unet).at("conv_middle_up.conv_list.0", images));
        assertEquals("netbody.0.weight", transfer.moved().get("conv_first.weight"));
        assertTrue(transfer.left().keySet().stream().anyMatch(key -> key.startsWith("conv_up_list.0.")));
        assertTrue(transfer.left().containsKey("conv_final.weight"));
        assertEquals(
                StateDict.of(unet).size(),
                transfer.moved().size() + transfer.left().size());
        assertTrue(transfer.toString().startsWith(transfer.moved().size() + " tensors moved, "), transfer.toString());

        // and back
        ComputationGraph fresh = network(family + ".encoder2d", 2, 1, 2);
        assertEquals(
                transfer.moved().size(),
                WeightTransfer.copy(unet, fresh).moved().size());
        assertEquals(
                Features.of(encoder).at("stage2", images), Features.of(fresh).at("stage2", images));
    }

    @Test
    void otherChannelsHaveNothingInCommon() {
        ComputationGraph narrow = network("conv.encoder2d", 1, 1);
        ComputationGraph wide = NetworkModel.builder("conv.unet2d")
                .inputShape(1, 16, 16)
                .channel(5)
                .layers(1, 1)
                .build()
                .init();
        INDArray before = wide.params().dup();
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> WeightTransfer.copy(narrow, wide));
        assertTrue(
                e.getMessage().contains("conv_first.weight=[5, 1, 5, 5] where netbody.0.weight is [4, 1, 5, 5]"),
                e::toString);
        assertEquals(before, wide.params());
    }

    @ParameterizedTest
    @EnumSource(value = Family.class, names = "NNUNET", mode = EnumSource.Mode.EXCLUDE)
    void aNewHeadOnAFrozenBody(Family family) throws IOException {
        ComputationGraph regression = network(family.code() + ".unet2d", 1, 1);
        INDArray images = images(4);
        regression.fit(new DataSet(images, images.mul(0.5)));

        String body = Features.of(regression).vertex("conv_up_list.0");
        ComputationGraph segmentation = new TransferLearning.GraphBuilder(regression)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(1e-2))
                        .build())
                .setFeatureExtractor(body)
                .removeVertexAndConnections("conv_final")
                .removeVertexAndConnections("output")
                .addLayer(
                        "conv_final",
                        new Convolution.Builder(1, 1).nIn(4).nOut(2).build(),
                        body)
                .addLayer(
                        "output",
                        new SpatialLossLayer.Builder(new LossMCXENT())
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "conv_final")
                .setOutputs("output")
                .build();

        INDArray features = Features.of(regression).at("conv_up_list.0", images);
        assertEquals(features, Features.of(segmentation).at("conv_up_list.0", images));
        INDArray head = segmentation.getParam("conv_final_weight").dup();
        DataSet classes = new DataSet(images, oneHot(images.gt(0).castTo(DataType.FLOAT)));
        double before = segmentation.score(classes);
        for (int step = 0; step < 10; step++) {
            segmentation.fit(classes);
        }
        assertTrue(segmentation.score(classes) < before, "the loss falls");
        assertEquals(features, Features.of(segmentation).at("conv_up_list.0", images));
        assertNotEquals(head, segmentation.getParam("conv_final_weight"));
        assertEquals(
                StateDict.of(regression).keySet(), StateDict.of(segmentation).keySet());

        Path file = folder.resolve("model.zip");
        ModelFiles.write(segmentation, file);
        assertEquals(segmentation.outputSingle(images), ModelFiles.read(file).outputSingle(images));
    }

    private static INDArray oneHot(INDArray mask) {
        INDArray classes = Nd4j.create(DataType.FLOAT, mask.size(0), 2, mask.size(2), mask.size(3));
        INDArray[] masks = {mask.rsub(1), mask};
        for (int c = 0; c < 2; c++) {
            classes.get(NDArrayIndex.all(), NDArrayIndex.interval(c, c + 1)).assign(masks[c]);
        }
        return classes;
    }
}
