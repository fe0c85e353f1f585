package io.mdnc4j.zoo;

import static io.mdnc4j.blocks.graph.BlockKind.BOTTLENECK;
import static io.mdnc4j.blocks.graph.BlockKind.CONV;
import static io.mdnc4j.blocks.graph.BlockKind.PLAIN;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import java.util.List;
import java.util.Objects;

/**
 * A named choice of stages; every preset exists for 1, 2 and 3 dimensions and starts with 64 channels. To add one, add a
 * row.
 *
 * @param network the network
 * @param name name within its family; the number is the depth that its authors counted
 * @param values what it fixes: kind of block and blocks of each stage
 */
public record Preset(Network network, String name, SpecValues values) {
    private static final List<Preset> TABLE = List.of(
            row(Network.UNET, "unet12", CONV, 2, 2, 2),
            row(Network.UNET, "unet16", CONV, 2, 2, 2, 2),
            row(Network.UNET, "unet17", CONV, 3, 3, 3),
            row(Network.UNET, "unet23", CONV, 3, 3, 3, 3),
            row(Network.UNET, "unet29", CONV, 3, 3, 3, 3, 3),
            row(Network.AUTO_ENCODER, "ae12", CONV, 2, 2, 2),
            row(Network.AUTO_ENCODER, "ae16", CONV, 2, 2, 2, 2),
            row(Network.AUTO_ENCODER, "ae17", CONV, 3, 3, 3),
            row(Network.AUTO_ENCODER, "ae23", CONV, 3, 3, 3, 3),
            row(Network.AUTO_ENCODER, "ae29", CONV, 3, 3, 3, 3, 3),
            row(Network.ENCODER, "encnet12", CONV, 2, 2, 2, 2, 2),
            row(Network.ENCODER, "encnet15", CONV, 2, 2, 3, 3, 3),
            row(Network.ENCODER, "encnet17", CONV, 3, 3, 3, 3, 3),
            row(Network.ENCODER, "encnet22", CONV, 4, 4, 4, 4, 4),
            row(Network.DECODER, "decnet13", CONV, 2, 2, 2, 2, 2),
            row(Network.DECODER, "decnet16", CONV, 3, 3, 2, 2, 2),
            row(Network.DECODER, "decnet18", CONV, 3, 3, 3, 3, 3),
            row(Network.DECODER, "decnet23", CONV, 4, 4, 4, 4, 4),
            row(Network.UNET, "unet16", PLAIN, 2, 1, 1),
            row(Network.UNET, "unet32", BOTTLENECK, 2, 2, 2),
            row(Network.UNET, "unet44", BOTTLENECK, 2, 2, 2, 2),
            row(Network.UNET, "unet65", BOTTLENECK, 3, 3, 3, 3),
            row(Network.UNET, "unet83", BOTTLENECK, 3, 3, 3, 3, 3),
            row(Network.AUTO_ENCODER, "ae16", PLAIN, 2, 1, 1),
            row(Network.AUTO_ENCODER, "ae32", BOTTLENECK, 2, 2, 2),
            row(Network.AUTO_ENCODER, "ae44", BOTTLENECK, 2, 2, 2, 2),
            row(Network.AUTO_ENCODER, "ae65", BOTTLENECK, 3, 3, 3, 3),
            row(Network.AUTO_ENCODER, "ae83", BOTTLENECK, 3, 3, 3, 3, 3),
            row(Network.ENCODER, "encnet12", PLAIN, 1, 1, 1, 1, 1),
            row(Network.ENCODER, "encnet32", BOTTLENECK, 2, 2, 2, 2, 2),
            row(Network.ENCODER, "encnet47", BOTTLENECK, 3, 3, 3, 3, 3),
            row(Network.ENCODER, "encnet62", BOTTLENECK, 4, 4, 4, 4, 4),
            row(Network.DECODER, "decnet13", PLAIN, 1, 1, 1, 1, 1),
            row(Network.DECODER, "decnet33", BOTTLENECK, 2, 2, 2, 2, 2),
            row(Network.DECODER, "decnet48", BOTTLENECK, 3, 3, 3, 3, 3),
            row(Network.DECODER, "decnet63", BOTTLENECK, 4, 4, 4, 4, 4));

    private static Preset row(Network network, String name, BlockKind block, int... layers) {
        return new Preset(
                network, name, SpecValues.NONE.with(SpecOption.BLOCK, block).withRead(SpecOption.LAYERS, layers));
    }

    /**
     * {@return all presets, those of {@code conv} first}
     */
    public static List<Preset> all() {
        return TABLE;
    }

    /**
     * {@return kind of block}
     */
    public BlockKind block() {
        return Objects.requireNonNull(values.get(SpecOption.BLOCK));
    }

    /**
     * {@return blocks of each stage}
     */
    public int[] layers() {
        return Objects.requireNonNull(values.get(SpecOption.LAYERS)).stream()
                .mapToInt(n -> n)
                .toArray();
    }

    /**
     * {@return the family whose stages have blocks of that kind}
     */
    public Family family() {
        return Family.of(block());
    }

    /**
     * {@return the name with family and dimensions: {@code conv.unet29-3d}}
     *
     * @param dims number of spatial dimensions
     */
    public String qualifiedName(SpatialDims dims) {
        return family().code() + "." + name + "-" + dims.suffix();
    }
}
