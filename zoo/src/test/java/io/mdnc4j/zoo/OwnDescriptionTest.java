package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.zoo.summary.LayerTable;
import io.mdnc4j.zoo.weights.TensorInfo;
import io.mdnc4j.zoo.weights.TensorType;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Adam;

/** Descriptions belong to who has them: nobody else can change them, and they are equal if their values are. */
class OwnDescriptionTest {
    @Test
    void modelsOfOneBuilderDoNotShareIt() {
        NetworkModel.Builder<ConvUNet> builder =
                ConvUNet.builder().channel(4).layers(1, 1).inputShape(1, 16);
        ConvUNet first = builder.build();
        ConvUNet second = builder.build();
        NetworkSpec described = second.spec();
        String configuration = second.conf().toJson();
        first.setInputShape(new int[][] {{2, 8, 8}});
        builder.channel(9).seed(7).updater(new Adam(0.5)).configuration(global -> global.l2(0.1));
        assertEquals("conv.unet2d", first.modelName());
        assertEquals(2, first.spec().inPlanes());
        assertEquals(4, first.spec().channel());
        assertEquals(described, second.spec());
        assertEquals(configuration, second.conf().toJson());
    }

    @Test
    void updatersAreNotShared() {
        Adam given = new Adam(0.25);
        ConvUNet model = ConvUNet.builder()
                .channel(2)
                .layers(1, 1)
                .inputShape(1, 8)
                .updater(given)
                .build();
        given.setLearningRate(3);
        ComputationGraph one = model.init();
        ComputationGraph other = model.init();
        one.setLearningRate(0.5);
        assertEquals(0.25, other.getLearningRate("conv_first"));
        assertEquals(0.25, model.init().getLearningRate("conv_first"));
    }

    @Test
    void dimensionsOfANameStay() {
        NetworkModel model = NetworkModel.builder("conv.unet1d").build();
        ArgumentException e =
                Assertions.assertThrows(ArgumentException.class, () -> model.setInputShape(new int[][] {{1, 8, 8}}));
        assertEquals("inputShape", e.argument());
        model.setInputShape(new int[][] {{3, 8}});
        assertEquals(3, model.spec().inPlanes());
    }

    @Test
    void arraysHandedOutAreCopies() {
        Preset preset = ModelName.parse("conv.unet12-2d").preset();
        preset.layers()[0] = 9;
        assertArrayEquals(new int[] {2, 2, 2}, preset.layers());
        assertArrayEquals(
                new int[] {2, 2, 2},
                NetworkModel.builder("conv.unet12-2d").build().spec().layers());

        NetworkSpec spec = decoder(8, 9);
        spec.layers()[0] = 9;
        spec.kernel()[0] = 9;
        spec.outSize()[0] = 99;
        assertEquals(decoder(8, 9), spec);

        LayerTable table = LayerTable.of("any", spec);
        table.inputShape()[0] = 77;
        table.rows().get(0).shape()[0] = 77;
        assertEquals(LayerTable.of("any", spec), table);

        TensorInfo tensor = new TensorInfo("key", TensorType.FLOAT32, new long[] {3, 4});
        tensor.shape()[0] = 5;
        assertArrayEquals(new long[] {3, 4}, tensor.shape());
    }

    @Test
    void arraysHandedInAreCopied() {
        int[] layers = {1, 2};
        int[] kernel = {3, 5};
        long[] size = {8, 9};
        NetworkSpec spec = NetworkSpec.builder(Family.CONV, Network.DECODER, SpatialDims.TWO)
                .channel(2)
                .layers(layers)
                .kernelSize(kernel)
                .outSize(size)
                .build();
        layers[0] = 7;
        kernel[0] = 7;
        size[0] = 77;
        assertEquals(decoder(8, 9), spec);

        long[] shape = {3, 4};
        TensorInfo tensor = new TensorInfo("key", TensorType.FLOAT32, shape);
        shape[0] = 5;
        assertArrayEquals(new long[] {3, 4}, tensor.shape());

        long[] input = {1, 8};
        LayerTable table =
                new LayerTable("any", null, input, LayerTable.of("any", spec).rows(), 1);
        input[0] = 5;
        assertArrayEquals(new long[] {1, 8}, table.inputShape());
    }

    @Test
    void equalityIsByValue() {
        assertNotSame(decoder(8, 9), decoder(8, 9));
        assertEquals(decoder(8, 9), decoder(8, 9));
        assertEquals(decoder(8, 9).hashCode(), decoder(8, 9).hashCode());
        assertEquals(decoder(8, 9).toString(), decoder(8, 9).toString());
        assertNotEquals(decoder(8, 9), decoder(9, 8));
        Assertions.assertTrue(
                decoder(8, 9).toString().contains("outSize=[8, 9]"),
                decoder(8, 9).toString());
        LayerTable table = LayerTable.of("any", decoder(8, 9));
        assertEquals(LayerTable.of("any", decoder(8, 9)).hashCode(), table.hashCode());
        assertEquals(LayerTable.of("any", decoder(8, 9)).toString(), table.toString());
        assertNotEquals(LayerTable.of("any", decoder(8, 10)), table);
    }

    private static NetworkSpec decoder(long... size) {
        return NetworkSpec.builder(Family.CONV, Network.DECODER, SpatialDims.TWO)
                .channel(2)
                .layers(1, 2)
                .kernelSize(3, 5)
                .outSize(size)
                .build();
    }

    /** Maps of the JDK have another order in each process. */
    @Test
    void propertiesHaveOneOrder() throws Exception {
        Map<String, String> properties = new HashMap<>();
        List<String> keys = IntStream.range(10, 60).mapToObj(i -> "key" + i).toList();
        keys.forEach(key -> properties.put(key, "x"));
        ModelDescription description = new ModelDescription(null, null, null, null, null, null, null, null, properties);
        assertEquals(keys, List.copyOf(description.properties().keySet()));
        ModelDescription read = ModelDescription.fromJson(description.toJson());
        assertEquals(description.toJson(), read.toJson());
        assertThrows(
                UnsupportedOperationException.class,
                () -> description.properties().put("a", "b"));
    }

    /** Descriptions of before orientations were noted say nothing of them. */
    @Test
    void gridsAreDescribed() throws Exception {
        ModelDescription old = ModelDescription.fromJson("{\"spacing\": [2, 1.5, 1]}");
        assertEquals(null, old.orientation());
        ModelDescription known = old.withGrid(null, old.spacing(), "SAR");
        assertEquals(known, ModelDescription.fromJson(known.toJson()));
        assertFalse(old.toJson().contains("orientation"), old.toJson());
        assertEquals(known, known.withModel("a").withModel(null));
    }

    @Test
    void answersAreDescribed() throws Exception {
        ModelDescription plain = new ModelDescription(null, null, null, null, null, null, null, null, null);
        assertFalse(plain.toJson().contains("output"), plain.toJson());
        ModelDescription residual = plain.withOutput(ModelDescription.Output.RESIDUAL);
        assertEquals(residual, ModelDescription.fromJson(residual.toJson()));
        ModelDescription numbers = plain.withOutput(
                new ModelDescription.Output(false, List.of("age", "height"), List.of(40.0, 1.7), List.of(9.0, 0.2)));
        assertEquals(numbers, ModelDescription.fromJson(numbers.toJson()));
        assertEquals(
                numbers.output(),
                numbers.withModel("a").withProperties(Map.of("b", "c")).output());
        assertEquals(plain, ModelDescription.fromJson("{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'normalization': {'by': 'set', 'mean': [1, 2], 'deviation': [1, 0]}}",
                "{'normalization': {'by': 'set', 'mean': [1], 'deviation': [-1]}}",
                "{'normalization': {'by': 'set', 'mean': [1], 'deviation': ['NaN']}}",
                "{'normalization': {'by': 'set', 'mean': [1], 'deviation': ['Infinity']}}",
                "{'normalization': {'by': 'set', 'mean': ['NaN'], 'deviation': [1]}}",
                "{'normalization': {'by': 'set', 'mean': [1e999], 'deviation': [1]}}",
                "{'normalization': {'by': 'set', 'mean': [1], 'deviation': [1, 2]}}",
                "{'normalization': {'by': 'set', 'mean': [null], 'deviation': [1]}}",
                "{'normalization': {'by': 'set', 'mean': [], 'deviation': []}}",
                "{'input_shape': [1, 0]}",
                "{'input_shape': [1, -4]}",
                "{'sampling_rate': 0}",
                "{'spacing': [1, 0]}",
                "{'spacing': [1, 1], 'orientation': 'SAR'}",
                "{'spacing': [1, 1], 'orientation': 'SI'}",
                "{'spacing': [1, 1], 'orientation': 'up'}",
                "{'orientation': 'SAR'}",
                "{'output': {'names': ['a'], 'mean': [1], 'deviation': [0]}}",
                "{'output': {'names': ['a', 'b'], 'mean': [1], 'deviation': [1]}}",
                "{'output': {'mean': ['NaN'], 'deviation': [1]}}",
                "{'properties': {'a': null}}",
                "null",
                "[]"
            })
    void descriptionsThatCannotBe(String json) {
        IOException e = assertThrows(IOException.class, () -> ModelDescription.fromJson(json.replace('\'', '"')));
        assertTrue(e.getMessage().startsWith("the model's description is not valid: "), e.getMessage());
    }
}
