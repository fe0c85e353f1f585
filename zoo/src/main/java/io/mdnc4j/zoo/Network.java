package io.mdnc4j.zoo;

import io.mdnc4j.blocks.graph.BlockGraph;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** The networks. Each is one assembly for all families that have it and for every number of dimensions. */
public enum Network {
    /** Encoder and decoder with skips between stages of equal size. Ronneberger et al., arXiv:1505.04597. */
    UNET("unet", "UNet", new HourglassAssembly(true)),
    /** Encoder and decoder without skips. */
    AUTO_ENCODER("ae", "AE", new HourglassAssembly(false)),
    /** Encoder to a vector, or to a map of features. */
    ENCODER("encoder", "EncoderNet", new EncoderAssembly()),
    /** Decoder of a vector, or of a map of features, to an output of given size. */
    DECODER("decoder", "DecoderNet", new DecoderAssembly()),
    /** nnU-Net's U-Net of plain convolutions. Isensee et al., doi:10.1038/s41592-020-01008-z. */
    PLAIN("plain", "PlainConvUNet", new PlannedAssembly(false)),
    /** nnU-Net's U-Net with a residual encoder. Isensee et al., arXiv:2404.09556. */
    RESIDUAL("residual", "ResidualEncoderUNet", new PlannedAssembly(true));

    /** Those whose channels double from stage to stage, of blocks of one kind: {@link DoublingStages}. */
    static final Set<Network> DOUBLING = Collections.unmodifiableSet(EnumSet.of(UNET, AUTO_ENCODER, ENCODER, DECODER));

    /** Those whose stages are given one by one: {@link PlannedStages}. */
    static final Set<Network> PLANNED = Collections.unmodifiableSet(EnumSet.of(PLAIN, RESIDUAL));

    private final String code;
    private final String typeName;
    private final Assembly assembly;

    /** How a network is put together. */
    interface Assembly {
        /** Adds the network's vertices, fed by {@code input}; returns the last one. */
        String assemble(BlockGraph graph, NetworkSpec spec, String input);

        /** The number of convolutional layers along the depth. */
        int depth(NetworkSpec spec);

        /** The type of the input; {@code size} is the spatial size, where the network does not fix it itself. */
        InputType inputType(NetworkSpec spec, long... size);

        /** The number of channels, or of elements of the vector, of the output. */
        long outputChannels(NetworkSpec spec);

        /** Refuses arguments that do not go together. */
        void check(NetworkSpec spec);

        /** A size of inputs along all axes, at least that, that the network takes. */
        default long[] sizeFrom(NetworkSpec spec, long least) {
            return spec.dims().perAxis("size", least);
        }
    }

    Network(String code, String typeName, Assembly assembly) {
        this.code = code;
        this.typeName = typeName;
        this.assembly = assembly;
    }

    /**
     * {@return the network's part of a model's name: {@code unet}, {@code ae}, {@code encoder}, {@code decoder}, {@code plain} or
     * {@code residual}}
     */
    public String code() {
        return code;
    }

    /**
     * {@return the network's class in layer tables, without dimensions: {@code UNet}, {@code AE} ...}
     */
    public String typeName() {
        return typeName;
    }

    Assembly assembly() {
        return assembly;
    }
}
