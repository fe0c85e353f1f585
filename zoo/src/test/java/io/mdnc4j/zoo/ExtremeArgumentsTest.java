package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.zoo.summary.LayerTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is given ends in a description of a network, or in a message that names the argument. */
class ExtremeArgumentsTest {
    @ParameterizedTest
    @ValueSource(strings = {"resnet.BlockPlain2d", "conv.ConvModern1d", "RESNET.blockbottleneck3d"})
    void blocksAreNoModels(String name) {
        ArgumentException e = assertThrows(ArgumentException.class, () -> NetworkModel.builder(name));
        assertEquals("model", e.argument());
        assertTrue(e.remedy().contains("unet"), e.getMessage());
    }

    @Test
    void channelsThatOverflowAreRefusedByName() {
        for (int channel : new int[] {Integer.MAX_VALUE, 1 << 30, 1 << 28}) {
            for (Network network : Network.DOUBLING) {
                NetworkModel.Builder<? extends NetworkModel> builder = NetworkModel.builder(
                                "conv." + network.code() + "2d")
                        .channel(channel)
                        .layers(1, 1, 1, 1, 1);
                if (network == Network.DECODER) {
                    builder.outSize(64);
                }
                assertEquals(
                        "channel",
                        assertThrows(ArgumentException.class, builder::build).argument());
            }
        }
    }

    private static final Integer[] INTS = {
        Integer.MIN_VALUE,
        -1,
        0,
        1,
        2,
        3,
        5,
        63,
        1023,
        32767,
        (1 << 30) - 1,
        Integer.MAX_VALUE - 2,
        Integer.MAX_VALUE - 1,
        Integer.MAX_VALUE
    };

    private static final Object[] NUMBERS = {
        Long.MIN_VALUE,
        -1L,
        0,
        1,
        2,
        3,
        7,
        64,
        65535,
        Integer.MAX_VALUE - 2,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 32,
        Long.MAX_VALUE,
        1.5,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.MIN_VALUE,
        1e300,
        "none",
        "null",
        "abc",
        "",
        "3,3",
        "99999999999999999999"
    };

    @Provide
    Arbitrary<SpecValues> given() {
        Arbitrary<Object> one = Arbitraries.oneOf(Arbitraries.of(INTS).map(n -> n), Arbitraries.of(NUMBERS));
        Arbitrary<Object> some =
                Arbitraries.of(INTS).list().ofMinSize(1).ofMaxSize(3).map(list -> list);
        return Arbitraries.maps(
                        Arbitraries.of(
                                SpecOption.all().stream().map(SpecOption::name).toList()),
                        Arbitraries.oneOf(one, some))
                .ofMaxSize(4)
                .map(ExtremeArgumentsTest::readable);
    }

    /** Those of the values that can be read at all; the others must be refused by name. */
    private static SpecValues readable(Map<String, Object> given) {
        SpecValues values = SpecValues.NONE.with(SpecOption.LAYERS, List.of(1, 2));
        for (Map.Entry<String, Object> entry : given.entrySet()) {
            try {
                values = values.with(SpecValues.of(Map.of(entry.getKey(), entry.getValue())));
            } catch (ArgumentException e) {
                assertEquals(entry.getKey(), e.argument());
            }
        }
        return values;
    }

    @Property(tries = 300)
    void networksAreDescribedOrRefused(
            @ForAll Family family,
            @ForAll Network network,
            @ForAll SpatialDims dims,
            @ForAll("given") SpecValues given,
            @ForAll("sizes") long[] size,
            @ForAll("batches") long batch) {
        SpecValues values = network == Network.DECODER && given.get(SpecOption.OUT_SIZE) == null
                ? given.with(SpecOption.OUT_SIZE, List.of(9L))
                : given;
        SpecValues own = values;
        for (SpecOption<?> option : values.given()) {
            own = option.isOf(network) ? own : own.with(option, null);
        }
        SpecValues own2 = own;
        describedOrRefused(() -> {
            NetworkSpec spec = new NetworkSpec(family, network, dims, own2);
            NetworkModel.builder(spec, size).build().conf();
            table(spec, batch, size);
        });
    }

    @Property(tries = 200)
    void blocksAreDescribedOrRefused(
            @ForAll BlockKind kind,
            @ForAll SpatialDims dims,
            @ForAll("given") SpecValues given,
            @ForAll("sizes") long[] size,
            @ForAll("batches") long batch) {
        SpecValues values = SpecValues.NONE.with(SpecOption.IN_PLANES, 2L).with(SpecOption.OUT_PLANES, 3L);
        for (SpecOption<?> option : given.given()) {
            if (option.isOf((Network) null)) {
                values = values.withRead(option, given.get(option));
            }
        }
        SpecValues own = values;
        describedOrRefused(() -> table(new BlockSpec(dims, kind, own), batch, size));
    }

    @Property(tries = 100)
    void inputShapesAreDescribedOrRefused(@ForAll Network network, @ForAll("shapes") int[] shape) {
        describedOrRefused(() -> {
            boolean doubling = Network.DOUBLING.contains(network);
            NetworkModel.Builder<? extends NetworkModel> builder = doubling
                    ? ModelZoo.builder(Family.RESNET, network).channel(2)
                    : ModelZoo.builder(Family.NNUNET, network).features(2, 3);
            builder.layers(1, 1).inputShape(shape).build().conf();
        });
        describedOrRefused(() -> {
            ConvEncoder model = ConvEncoder.builder().channel(2).layers(1, 1).build();
            model.setInputShape(new int[][] {shape});
            model.conf();
        });
    }

    private static void table(GraphSpec spec, long batch, long... size) {
        LayerTable table = LayerTable.of("any", spec, size);
        table.parameters();
        table.multiplyAccumulates();
        for (io.mdnc4j.zoo.summary.LayerTableFormat format : io.mdnc4j.zoo.summary.LayerTableFormat.values()) {
            assertTrue(!format.format(table, batch).contains(" -"), "no sum overflows");
        }
    }

    private static void describedOrRefused(Runnable description) {
        try {
            description.run();
        } catch (ArgumentException e) {
            assertTrue(!e.argument().isEmpty() && !e.remedy().isEmpty(), e.getMessage());
        }
    }

    @Provide
    Arbitrary<long[]> sizes() {
        return Arbitraries.of(1L, 2L, 9L, 64L, Long.MIN_VALUE, 0L, (long) Integer.MAX_VALUE, 1L << 31, Long.MAX_VALUE)
                .array(long[].class)
                .ofMinSize(0)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<Long> batches() {
        return Arbitraries.of(1L, 3L, 0L, -1L, 1L << 40, Long.MAX_VALUE);
    }

    @Provide
    Arbitrary<int[]> shapes() {
        return Arbitraries.of(INTS)
                .array(Integer[].class)
                .ofMaxSize(5)
                .map(shape -> Arrays.stream(shape).mapToInt(n -> n).toArray());
    }
}
