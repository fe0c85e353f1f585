package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkSpecTest {
    private static NetworkSpec.Builder valid(Family family, Network network) {
        NetworkSpec.Builder builder =
                NetworkSpec.builder(family, network, SpatialDims.TWO).channel(4).layers(1, 2);
        return network == Network.DECODER ? builder.outSize(9, 8) : builder;
    }

    /** Argument, and a change that makes it wrong for every network. */
    static Stream<Arguments> wrongForAll() {
        return Stream.of(
                wrong("layers", spec -> spec.layers()),
                wrong("layers", spec -> spec.layers(2)),
                wrong("layers", spec -> spec.layers(2, 0)),
                wrong("layers", spec -> spec.layers(-1, 2)),
                wrong("layers", spec -> spec.layers(new int[17])),
                wrong("channel", spec -> spec.channel(0)),
                wrong("kernelSize", spec -> spec.kernelSize(0)),
                wrong("kernelSize", spec -> spec.kernelSize(2)),
                wrong("kernelSize", spec -> spec.kernelSize(3, 4)),
                wrong("kernelSize", spec -> spec.kernelSize(3, 3, 3)));
    }

    static Stream<Arguments> wrongForOne() {
        return Stream.of(
                Arguments.of(Network.UNET, "outPlanes", change(spec -> spec.outPlanes(0L))),
                Arguments.of(Network.UNET, "inPlanes", change(spec -> spec.inPlanes(-1L))),
                Arguments.of(Network.UNET, "outLength", change(spec -> spec.outLength(3))),
                Arguments.of(Network.AUTO_ENCODER, "outSize", change(spec -> spec.outSize(8, 8))),
                Arguments.of(Network.ENCODER, "outPlanes", change(spec -> spec.outPlanes(3L))),
                Arguments.of(Network.ENCODER, "outLength", change(spec -> spec.outLength(-2))),
                Arguments.of(Network.DECODER, "inPlanes", change(spec -> spec.inPlanes(3L))),
                Arguments.of(Network.DECODER, "inLength", change(spec -> spec.inLength(-3))),
                Arguments.of(Network.DECODER, "outSize", change(spec -> spec.outSize())),
                Arguments.of(Network.DECODER, "outSize", change(spec -> spec.outSize((long[]) null))),
                Arguments.of(Network.DECODER, "outSize", change(spec -> spec.outSize(0, 8))),
                Arguments.of(Network.DECODER, "outSize", change(spec -> spec.outSize(8, 8, 8))),
                Arguments.of(
                        Network.DECODER,
                        "outSize",
                        change(spec -> spec.layers(1, 1, 1).outSize(4, 8))),
                Arguments.of(
                        Network.DECODER,
                        "outSize",
                        change(spec -> spec.layers(1, 1, 1, 1).outSize(8, 8))));
    }

    private static UnaryOperator<NetworkSpec.Builder> change(UnaryOperator<NetworkSpec.Builder> change) {
        return change;
    }

    private static Arguments wrong(String argument, UnaryOperator<NetworkSpec.Builder> change) {
        return Arguments.of(argument, change);
    }

    @ParameterizedTest
    @MethodSource("wrongForAll")
    void wrongArgumentsAreNamed(String argument, UnaryOperator<NetworkSpec.Builder> change) {
        for (Family family : List.of(Family.CONV, Family.RESNET)) {
            for (Network network : family.networks()) {
                assertNamed(argument, () -> change.apply(valid(family, network)).build());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("wrongForOne")
    void wrongArgumentsOfOneNetworkAreNamed(
            Network network, String argument, UnaryOperator<NetworkSpec.Builder> change) {
        for (Family family : List.of(Family.CONV, Family.RESNET)) {
            assertNamed(argument, () -> change.apply(valid(family, network)).build());
        }
    }

    private static void assertNamed(String argument, org.junit.jupiter.api.function.Executable build) {
        Exception e = assertThrows(IllegalArgumentException.class, build);
        assertTrue(e.getMessage().startsWith(argument + ":"), e.getMessage());
    }

    @Test
    void blocksBelongToFamilies() {
        assertNamed(
                "block",
                () -> valid(Family.CONV, Network.UNET).block(BlockKind.PLAIN).build());
        assertNamed(
                "block",
                () -> valid(Family.RESNET, Network.UNET).block(BlockKind.CONV).build());
        assertEquals(
                BlockKind.BOTTLENECK, valid(Family.RESNET, Network.UNET).build().block());
    }

    @Test
    void thinOutputsNeedNoHalving() {
        NetworkSpec spec = NetworkSpec.builder(Family.CONV, Network.DECODER, SpatialDims.TWO)
                .layers(1, 1, 1)
                .kernelSize(1, 3)
                .outSize(1, 12)
                .inLength(0)
                .build();
        assertEquals(
                List.of(256L, 1L, 2L),
                java.util.Arrays.stream(spec.inputType().getShape(false))
                        .boxed()
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void namesAreReadInAnyCaseAndInBothSpellings(SpatialDims dims) {
        String suffix = dims.suffix();
        assertEquals(ModelName.parse("conv.unet" + suffix), ModelName.parse("CONV.UNet" + suffix));
        assertEquals(ModelName.parse("resnet.ae" + suffix), ModelName.parse("resnet.AE" + suffix));
        assertEquals(ModelName.parse("resnet.encoder" + suffix), ModelName.parse("resnet.EncoderNet" + suffix));
        assertEquals(ModelName.parse("conv.decoder" + suffix), ModelName.parse("conv.DecoderNet" + suffix));
        assertEquals(
                BlockKind.PLAIN, ModelName.parse("resnet.blockplain" + suffix).block());
        assertEquals("unet29", ModelName.parse("conv.UNET29-" + suffix).preset().name());
    }

    @Test
    void unknownNamesGetSuggestions() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> ModelName.parse("resnet.ea1d"));
        assertTrue(e.getMessage().contains("resnet.ae1d"), e.getMessage());
    }

    @Test
    void thereAre30ModelsAnd120Presets() {
        assertEquals(
                30,
                ModelName.all().stream().filter(name -> name.preset() == null).count());
        assertEquals(
                120,
                ModelName.all().stream().filter(name -> name.preset() != null).count());
        assertEquals(
                150, ModelName.all().stream().map(ModelName::name).distinct().count());
    }
}
