package io.mdnc4j.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.Activator;
import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.LayerOrder;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.SpecOption;
import io.mdnc4j.zoo.SpecValues;
import io.mdnc4j.zoo.StateDict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GeometryInferenceTest {
    /** What the state_dict of that network would say, under a prefix, with the counts that PyTorch keeps. */
    private static Map<String, TensorInfo> state(NetworkSpec spec, String prefix) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        StateDict.shapesOf(spec)
                .forEach((key, shape) ->
                        tensors.put(prefix + key, new TensorInfo(prefix + key, TensorType.FLOAT32, shape)));
        String count = prefix + "any.num_batches_tracked";
        tensors.put(count, new TensorInfo(count, TensorType.INT64, new long[0]));
        return tensors;
    }

    @Provide
    Arbitrary<NetworkSpec> specs() {
        Arbitrary<int[]> kernels = Arbitraries.of(1, 3, 5, 7).array(int[].class).ofSize(3);
        Arbitrary<int[]> layers = Arbitraries.integers()
                .between(1, 4)
                .array(int[].class)
                .ofMinSize(2)
                .ofMaxSize(6);
        Arbitrary<long[]> planes =
                Arbitraries.longs().between(1, 9).array(long[].class).ofSize(2);
        Arbitrary<Integer> vectors = Arbitraries.integers().between(0, 5);
        Arbitrary<long[]> sizes =
                Arbitraries.longs().between(40, 90).array(long[].class).ofSize(3);
        return Combinators.combine(
                        Arbitraries.of(BlockKind.values()),
                        Arbitraries.of(Family.CONV.networks()),
                        Arbitraries.of(SpatialDims.values()),
                        Arbitraries.integers().between(1, 70),
                        layers,
                        kernels,
                        planes,
                        Combinators.combine(vectors, sizes).as(Map::entry))
                .as((block, network, dims, channel, stages, kernel, inOut, rest) -> {
                    NetworkSpec.Builder builder = NetworkSpec.builder(Family.of(block), network, dims)
                            .block(block)
                            .channel(channel)
                            .layers(stages)
                            .kernelSize(Arrays.copyOf(kernel, dims.count()));
                    switch (network) {
                        case UNET, AUTO_ENCODER -> builder.inPlanes(inOut[0]).outPlanes(inOut[1]);
                        case ENCODER -> builder.inPlanes(inOut[0]).outLength(rest.getKey());
                        default ->
                            builder.outPlanes(inOut[1])
                                    .inLength(rest.getKey())
                                    .outSize(Arrays.copyOf(rest.getValue(), dims.count()));
                    }
                    return builder.build();
                });
    }

    @Property(tries = 300)
    void everyGeometryIsFound(@ForAll("specs") NetworkSpec spec) throws Exception {
        assertEquals(spec, GeometryInference.infer(state(spec, "module."), untold(spec)));
    }

    /** What weights do not tell of that network. */
    private static SpecValues untold(NetworkSpec spec) {
        return SpecValues.NONE.with(SpecOption.OUT_SIZE, spec.values().get(SpecOption.OUT_SIZE));
    }

    static Stream<Arguments> styles() {
        return Stream.of("conv.unet2d", "resnet.ae1d", "resnet.encoder3d", "conv.decoder2d", "resnet.decoder1d")
                .flatMap(name -> Arrays.stream(Normalizer.values())
                        .flatMap(normalizer -> Arrays.stream(Activator.values())
                                .flatMap(activator -> Arrays.stream(LayerOrder.values())
                                        .map(order ->
                                                Arguments.of(name, new BlockStyle(normalizer, activator, order))))));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void everyStyleIsFoundOrAskedFor(String name, BlockStyle style) throws Exception {
        boolean ordered = style.normalizer() != Normalizer.NONE;
        boolean atTheEnd = !ordered || style.order() == LayerOrder.OLD;
        ModelName model = ModelName.parse(name);
        for (int[] layers : new int[][] {{1, 2}, {2, 1, 1}}) {
            NetworkSpec.Builder builder = model.spec()
                    .channel(1)
                    .layers(layers)
                    .normalizer(style.normalizer())
                    .activator(style.activator())
                    .layerOrder(ordered ? style.order() : null);
            NetworkSpec spec = (model.network() == Network.DECODER ? builder.outSize(9) : builder).build();
            Map<String, TensorInfo> state = state(spec, "");
            if (atTheEnd && style.activator() != Activator.PRELU) {
                String message = assertThrows(
                                WeightsException.class, () -> GeometryInference.infer(state, untold(spec)))
                        .getMessage();
                assertTrue(message.contains("activator: not given") && message.contains("relu"), message);
            }
            SpecValues known = untold(spec)
                    .with(
                            SpecOption.ACTIVATOR,
                            atTheEnd && style.activator() != Activator.PRELU ? style.activator() : null);
            assertEquals(spec, GeometryInference.infer(state, known));
        }
    }

    @Test
    void everyOptionOfNetworksIsLookedFor() {
        for (SpecOption<?> option : SpecOption.all()) {
            boolean ofNetworks = Arrays.stream(Network.values()).anyMatch(option::isOf);
            boolean told = option != SpecOption.DEEP_SUPERVISION; // which is a matter of training
            assertEquals(ofNetworks && told, GeometryInference.options().contains(option), option.name());
        }
    }

    @Test
    void everyPresetIsFound() throws Exception {
        for (ModelName name : ModelName.all()) {
            if (name.preset() != null) {
                NetworkSpec.Builder builder = name.spec();
                NetworkSpec spec =
                        name.network() == Network.DECODER ? builder.outSize(64).build() : builder.build();
                assertEquals(spec, GeometryInference.infer(state(spec, ""), untold(spec)));
            }
        }
    }

    @Test
    void shapesAreThoseOfTheParameters() {
        for (Network network : Family.CONV.networks()) {
            NetworkModel.Builder<? extends NetworkModel> builder = NetworkModel.builder(
                            "resnet." + network.code() + "2d")
                    .channel(2)
                    .layers(1, 2);
            NetworkModel model =
                    (network == Network.DECODER ? builder.outSize(9, 8) : builder.inputShape(3, 9, 8)).build();
            Map<String, long[]> shapes = StateDict.shapesOf(model.spec());
            var parameters = StateDict.of(model.init());
            assertEquals(new ArrayList<>(parameters.keySet()), new ArrayList<>(shapes.keySet()));
            parameters.forEach((key, parameter) -> assertArrayEquals(parameter.shape(), shapes.get(key), key));
        }
    }

    @Test
    void decodersNeedTheirOutputSize() throws WeightsException {
        NetworkSpec.Builder builder = NetworkSpec.builder(Family.CONV, Network.DECODER, SpatialDims.TWO)
                .channel(2)
                .layers(1, 1);
        Map<String, TensorInfo> scaled =
                state(builder.kernelSize(3, 1).outSize(13, 7).build(), "");
        String message = assertThrows(WeightsException.class, () -> GeometryInference.infer(scaled, SpecValues.NONE))
                .getMessage();
        assertTrue(message.contains("[13 to 16, 7]"), message);
        Map<String, TensorInfo> flat =
                state(builder.kernelSize(1).outSize(13, 7).build(), "");
        assertArrayEquals(
                new long[] {13, 7},
                GeometryInference.infer(flat, SpecValues.NONE).outSize());
    }

    @Test
    void whatDoesNotFitIsNamed() {
        NetworkSpec spec = NetworkSpec.builder(Family.CONV, Network.UNET, SpatialDims.ONE)
                .channel(2)
                .layers(1, 1)
                .build();
        Map<String, TensorInfo> tensors = state(spec, "");
        tensors.remove("conv_final.bias");
        List<String> wrong = List.of("missing: conv_final.bias [1]", "conv.unet1d", "unexpected: extra [3]");
        tensors.put("extra", new TensorInfo("extra", TensorType.FLOAT32, new long[] {3}));
        String message = assertThrows(WeightsException.class, () -> GeometryInference.infer(tensors, SpecValues.NONE))
                .getMessage();
        wrong.forEach(part -> assertTrue(message.contains(part), message));
        assertThrows(WeightsException.class, () -> GeometryInference.infer(Map.of(), SpecValues.NONE));
    }

    /** The most blocks that a network may have, so many seconds of work if it grows with the square of their number. */
    @Test
    void manyTensors() throws WeightsException {
        NetworkSpec spec = NetworkSpec.builder(Family.RESNET, Network.UNET, SpatialDims.ONE)
                .block(BlockKind.BOTTLENECK)
                .channel(1)
                .layers(500, 500)
                .build();
        Map<String, TensorInfo> state = state(spec, "");
        assertTrue(state.size() > 15_000, () -> state.size() + " tensors");
        assertEquals(spec, GeometryInference.infer(state, SpecValues.NONE));
    }
}
