package io.mdnc4j.zoo;

import io.mdnc4j.blocks.graph.BlockKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The families of networks: they differ in the blocks that their stages are stacked from. */
public enum Family {
    /** Modern convolution: a unit of normalisation, activation and convolution. */
    CONV(BlockKind.CONV),
    /** Residual: bottleneck blocks by default, or plain ones. */
    RESNET(BlockKind.BOTTLENECK, BlockKind.PLAIN);

    private final List<BlockKind> blocks;

    Family(BlockKind... blocks) {
        this.blocks = List.of(blocks);
    }

    /**
     * {@return the kinds of block that the family's networks can have, the default first}
     */
    public List<BlockKind> blocks() {
        return blocks;
    }

    /**
     * {@return the family whose stages have blocks of that kind}
     *
     * @param block kind of block
     */
    public static Family of(BlockKind block) {
        return Arrays.stream(values())
                .filter(family -> family.blocks.contains(block))
                .findFirst()
                .orElseThrow();
    }

    /**
     * {@return the family's part of a model's name: {@code conv} or {@code resnet}}
     */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
