package io.mdnc4j.blocks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.conf.AdaptiveAveragePooling;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.LinearUpsampling;
import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.blocks.conf.Parameter;
import io.mdnc4j.blocks.graph.BlockGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Descriptions are values: nobody changes them from outside, and those of the same content are equal. */
class ValuesTest {
    private static Geometry upsampling() {
        return new Geometry(new int[] {3, 5}, new double[] {1.5, 2}, new int[] {1, 2}, Scaler.UP, new long[] {9, 10});
    }

    @Test
    void aGeometryKeepsWhatItWasGiven() {
        int[] kernelSize = {3, 3};
        double[] stride = {2, 2};
        int[] padding = {1, 1};
        long[] outputSize = {8, 8};
        Geometry keeping = Geometry.keeping(kernelSize);
        Geometry geometry = new Geometry(kernelSize, stride, padding, Scaler.UP, outputSize);
        kernelSize[0] = 9;
        stride[0] = 9;
        padding[0] = 9;
        outputSize[0] = 9;
        assertEquals(Geometry.keeping(3, 3), keeping);
        assertArrayEquals(new int[] {3, 3}, geometry.kernelSize());
        assertArrayEquals(new double[] {2, 2}, geometry.stride());
        assertArrayEquals(new int[] {1, 1}, geometry.padding());
        assertArrayEquals(new long[] {8, 8}, geometry.outputSize());
    }

    @Test
    void aGeometryHandsOutCopies() {
        Geometry geometry = upsampling();
        geometry.kernelSize()[0] = 9;
        geometry.stride()[0] = 9;
        geometry.padding()[0] = 9;
        geometry.outputSize()[0] = 99;
        assertEquals(upsampling(), geometry);
    }

    @Test
    void geometriesAreEqualByValue() {
        assertEquals(upsampling(), upsampling());
        assertEquals(upsampling().hashCode(), upsampling().hashCode());
        assertEquals(
                "Geometry[kernelSize=[3, 5], stride=[1.5, 2.0], padding=[1, 2], scaler=UP, outputSize=[9, 10]]",
                upsampling().toString());
        int[] kernel = {3, 5};
        double[] stride = {1.5, 2};
        int[] padding = {1, 2};
        long[] size = {9, 10};
        List<Geometry> others = List.of(
                new Geometry(new int[] {3, 3}, stride, padding, Scaler.UP, size),
                new Geometry(kernel, new double[] {1, 1}, padding, Scaler.UP, size),
                new Geometry(kernel, stride, new int[] {1, 1}, Scaler.UP, size),
                new Geometry(kernel, stride, padding, Scaler.UP, null),
                new Geometry(kernel, new double[] {1, 2}, padding, Scaler.DOWN, null));
        others.forEach(other -> assertNotEquals(upsampling(), other));
    }

    private static Parameter weight() {
        Convolution layer = new Convolution.Builder(3)
                .nIn(2)
                .nOut(4)
                .weightInit(new WeightInitXavier())
                .build();
        return layer.parameters().get(0);
    }

    @Test
    void aParameterKeepsAndHandsOutCopiesOfItsShape() {
        long[] shape = {4, 2, 3};
        Parameter given = new Parameter("weight", shape, Parameter.Role.WEIGHT, weight().start());
        shape[0] = 9;
        given.shape()[1] = 9;
        assertArrayEquals(new long[] {4, 2, 3}, given.shape());
        assertEquals(24, given.length());
    }

    @Test
    void parametersAreEqualByValue() {
        assertEquals(weight(), weight());
        assertEquals(weight().hashCode(), weight().hashCode());
        assertTrue(weight().toString().startsWith("Parameter[name=weight, shape=[4, 2, 3], role=WEIGHT, start="));
        Supplier<Parameter> slope =
                () -> new PReLU.Builder().nIn(4).build().parameters().get(0);
        assertEquals(slope.get(), slope.get());
        Parameter steeper =
                new PReLU.Builder().initialSlope(1).nIn(4).build().parameters().get(0);
        assertNotEquals(slope.get(), steeper);
        assertNotEquals(weight(), slope.get());
    }

    @Test
    void layersKeepWhatTheirBuildersWereGiven() {
        int[] kernel = {3, 3};
        int[] stride = {2, 2};
        int[] padding = {1, 1};
        Convolution.Builder builder =
                new Convolution.Builder(kernel).stride(stride).padding(padding).nOut(1);
        kernel[0] = 9;
        stride[0] = 9;
        padding[0] = 9;
        Convolution convolution = builder.build();
        assertArrayEquals(new int[] {3, 3}, convolution.getKernelSize());
        assertArrayEquals(new int[] {2, 2}, convolution.getStride());
        assertArrayEquals(new int[] {1, 1}, convolution.getPadding());

        long[] size = {4, 4};
        double[] scale = {2, 2};
        AdaptiveAveragePooling pooling = new AdaptiveAveragePooling.Builder(size).build();
        LinearUpsampling toSize = new LinearUpsampling.Builder().size(size).build();
        LinearUpsampling byScale = new LinearUpsampling.Builder().scale(scale).build();
        size[0] = 9;
        scale[0] = 9;
        assertArrayEquals(new long[] {4, 4}, pooling.getSize());
        assertArrayEquals(new long[] {4, 4}, toSize.getSize());
        assertArrayEquals(new double[] {2, 2}, byScale.getScale());
    }

    @Test
    void stepsKeepTheirOutputs() {
        List<String> outputs = new ArrayList<>(List.of("a"));
        BlockGraph.Step step = new BlockGraph.Step(null, outputs);
        outputs.add("b");
        assertEquals(List.of("a"), step.outputs());
        assertThrows(UnsupportedOperationException.class, () -> step.outputs().add("c"));
    }

    @ParameterizedTest
    @EnumSource
    void codesAreReadInAnyCase(Normalizer normalizer) {
        assertEquals(normalizer, Coded.parse(Normalizer.class, "normalizer", normalizer.code()));
        assertEquals(
                normalizer,
                Coded.parse(Normalizer.class, "normalizer", normalizer.code().toUpperCase(java.util.Locale.ROOT)));
    }

    @Test
    void unknownCodesAreToldWithThoseThereAre() {
        ArgumentException e = assertThrows(ArgumentException.class, () -> Coded.parse(Scaler.class, "scaler", "side"));
        assertEquals("scaler: side; use one of down, up", e.getMessage());
        assertEquals("new", LayerOrder.NEW.code(), "the constant's name where an enum gives no other");
    }
}
