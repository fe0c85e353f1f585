package io.mdnc4j.zoo;

import io.mdnc4j.blocks.graph.BlockGraph;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** The four networks. Each is one assembly for both families and for every number of dimensions. */
public enum Network {
    /** Encoder and decoder with skips between stages of equal size. Ronneberger et al., arXiv:1505.04597. */
    UNET("unet", "UNet", new HourglassAssembly(true)),
    /** Encoder and decoder without skips. */
    AUTO_ENCODER("ae", "AE", new HourglassAssembly(false)),
    /** Encoder to a vector, or to a map of features. */
    ENCODER("encoder", "EncoderNet", new EncoderAssembly()),
    /** Decoder of a vector, or of a map of features, to an output of given size. */
    DECODER("decoder", "DecoderNet", new DecoderAssembly());

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
        default void check(NetworkSpec spec) {}
    }

    Network(String code, String typeName, Assembly assembly) {
        this.code = code;
        this.typeName = typeName;
        this.assembly = assembly;
    }

    /**
     * {@return the network's part of a model's name: {@code unet}, {@code ae}, {@code encoder} or {@code decoder}}
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

    static int sum(int[] layers) {
        return Arrays.stream(layers).sum();
    }
}
