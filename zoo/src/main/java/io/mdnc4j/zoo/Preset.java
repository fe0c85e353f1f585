package io.mdnc4j.zoo;

import static io.mdnc4j.blocks.graph.BlockKind.BOTTLENECK;
import static io.mdnc4j.blocks.graph.BlockKind.CONV;
import static io.mdnc4j.blocks.graph.BlockKind.PLAIN;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A named choice of stages. Those of conv and resnet exist for 1, 2 and 3 dimensions and start with 64 channels; those of
 * nnunet are what nnU-Net's planners choose for large images with the same spacing along all axes: {@code default} for its
 * {@code ExperimentPlanner}, {@code resenc-m}, {@code resenc-l} and {@code resenc-xl} for {@code nnUNetPlannerResEncM},
 * {@code L} and {@code XL} (MIC-DKFZ/nnUNet, {@code experiment_planners}), which differ in the memory that they aim at and
 * so in patch and batch, in 2D in the number of stages too; those of signals, which nnU-Net has not, are those of images.
 * Their further values are the defaults of their options. To add one, add a row.
 *
 * @param family the family
 * @param network the network
 * @param dims the numbers of dimensions that it exists for
 * @param name name within its family; in conv and resnet the number is the depth that its authors counted
 * @param values what it fixes: blocks of each stage, in conv and resnet also their kind
 */
public record Preset(Family family, Network network, Set<SpatialDims> dims, String name, SpecValues values) {
    private static final Set<SpatialDims> ALL = EnumSet.allOf(SpatialDims.class);
    private static final Set<SpatialDims> PLANAR = EnumSet.of(SpatialDims.ONE, SpatialDims.TWO);
    private static final Set<SpatialDims> VOLUME = EnumSet.of(SpatialDims.THREE);

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
            row(Network.DECODER, "decnet63", BOTTLENECK, 4, 4, 4, 4, 4),
            row(Network.PLAIN, "default", PLANAR, 2, 2, 2, 2, 2, 2, 2, 2),
            row(Network.PLAIN, "default", VOLUME, 2, 2, 2, 2, 2, 2),
            row(Network.RESIDUAL, "resenc-m", PLANAR, 1, 3, 4, 6, 6, 6, 6, 6),
            row(Network.RESIDUAL, "resenc-m", VOLUME, 1, 3, 4, 6, 6, 6),
            row(Network.RESIDUAL, "resenc-l", PLANAR, 1, 3, 4, 6, 6, 6, 6, 6),
            row(Network.RESIDUAL, "resenc-l", VOLUME, 1, 3, 4, 6, 6, 6),
            row(Network.RESIDUAL, "resenc-xl", PLANAR, 1, 3, 4, 6, 6, 6, 6, 6, 6),
            row(Network.RESIDUAL, "resenc-xl", VOLUME, 1, 3, 4, 6, 6, 6));

    /**
     * Copies the set.
     *
     * @param family the family
     * @param network the network
     * @param dims the numbers of dimensions that it exists for
     * @param name name within its family
     * @param values what it fixes
     */
    public Preset {
        dims = Collections.unmodifiableSet(EnumSet.copyOf(dims));
    }

    private static Preset row(Network network, String name, BlockKind block, int... layers) {
        SpecValues values = SpecValues.NONE.with(SpecOption.BLOCK, block).withRead(SpecOption.LAYERS, layers);
        return new Preset(Family.of(block), network, ALL, name, values);
    }

    private static Preset row(Network network, String name, Set<SpatialDims> dims, int... layers) {
        return new Preset(Family.NNUNET, network, dims, name, SpecValues.NONE.withRead(SpecOption.LAYERS, layers));
    }

    /**
     * {@return all presets, those of {@code conv} first, those of {@code nnunet} last}
     */
    public static List<Preset> all() {
        return TABLE;
    }

    /**
     * {@return kind of block; {@code null} where the network decides}
     */
    public @Nullable BlockKind block() {
        return values.get(SpecOption.BLOCK);
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
     * {@return the name with family and dimensions: {@code conv.unet29-3d}}
     *
     * @param dims number of spatial dimensions
     */
    public String qualifiedName(SpatialDims dims) {
        return family.code() + "." + name + "-" + dims.suffix();
    }
}
