package io.mdnc4j.zoo;

import io.mdnc4j.blocks.graph.BlockKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The families of networks: they differ in the blocks that their stages are stacked from. */
public enum Family {
    /** Modern convolution: a unit of normalisation, activation and convolution. */
    CONV(Network.DOUBLING, BlockKind.CONV),
    /** Residual: bottleneck blocks by default, or plain ones. */
    RESNET(Network.DOUBLING, BlockKind.BOTTLENECK, BlockKind.PLAIN),
    /** nnU-Net's networks: convolution, normalisation and leaky rectifier, in stages that are given one by one. */
    NNUNET(Network.PLANNED);

    private final Set<Network> networks;
    private final List<BlockKind> blocks;

    Family(Set<Network> networks, BlockKind... blocks) {
        this.networks = networks;
        this.blocks = List.of(blocks);
    }

    /**
     * {@return the networks that the family has}
     */
    public Set<Network> networks() {
        return networks;
    }

    /**
     * {@return the kinds of block that the family's networks can have, the default first; empty where the network decides}
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
     * {@return the family's part of a model's name: {@code conv}, {@code resnet} or {@code nnunet}}
     */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
