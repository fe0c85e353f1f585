package io.mdnc4j.zoo;

import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.blocks.graph.Stage;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * The geometry of one network, checked: everything that decides its vertices and the shapes of its parameters.
 *
 * @param family kind of blocks
 * @param network which of the four networks
 * @param dims number of spatial dimensions
 * @param block kind of block in all stages
 * @param channel channels of the outermost stages
 * @param layers blocks of each stage, at least two stages
 * @param kernel kernel size, odd, one number an axis; an axis with 1 is never scaled
 * @param inPlanes channels of the input (not of decoders)
 * @param outPlanes channels of the output (not of encoders)
 * @param outLength length of an encoder's vector; 0 for a map of features
 * @param inLength length of a decoder's vector; 0 for a map of features
 * @param outSize spatial size of a decoder's output, one number an axis; {@code null} for the other networks
 */
public record NetworkSpec(
        Family family,
        Network network,
        SpatialDims dims,
        BlockKind block,
        int channel,
        int[] layers,
        int[] kernel,
        long inPlanes,
        long outPlanes,
        int outLength,
        int inLength,
        long[] outSize)
        implements GraphSpec {
    /** More would overflow channel counts long before it would train. */
    private static final int MOST_STAGES = 16;

    /**
     * Checks every argument.
     *
     * @throws IllegalArgumentException if one is out of range or does not go with the others, naming it
     */
    public NetworkSpec {
        require(family.blocks().contains(block), "block", block.code(), "one of " + codes(family));
        require(channel >= 1, "channel", channel, "at least 1");
        require(layers.length >= 2, "layers", Arrays.toString(layers), "at least two stages, such as 2,2");
        require(layers.length <= MOST_STAGES, "layers", Arrays.toString(layers), "at most " + MOST_STAGES + " stages");
        require(
                Arrays.stream(layers).allMatch(n -> n >= 1),
                "layers",
                Arrays.toString(layers),
                "at least one block in every stage");
        kernel = dims.perAxis("kernelSize", kernel);
        require(
                Arrays.stream(kernel).allMatch(k -> k >= 1 && k % 2 == 1),
                "kernelSize",
                Arrays.toString(kernel),
                "odd numbers, since even kernels change the size");
        require(inPlanes >= 1, "inPlanes", inPlanes, "at least 1");
        require(outPlanes >= 1, "outPlanes", outPlanes, "at least 1");
        require(outLength >= 0, "outLength", outLength, "at least 1, or none (0) for a map of features");
        require(inLength >= 0, "inLength", inLength, "at least 1, or none (0) for a map of features");
        if (network == Network.DECODER) {
            if (outSize == null) {
                throw new IllegalArgumentException(
                        "outSize: not given; a decoder needs the size of its output, such as 64,63");
            }
            outSize = dims.perAxis("outSize", outSize);
            require(Arrays.stream(outSize).allMatch(s -> s >= 1), "outSize", Arrays.toString(outSize), "at least 1");
        }
    }

    private static void require(boolean condition, String argument, Object value, String remedy) {
        if (!condition) {
            throw new IllegalArgumentException(argument + ": " + value + "; use " + remedy);
        }
    }

    private static String codes(Family family) {
        return String.join(", ", family.blocks().stream().map(BlockKind::code).toList());
    }

    /** The model's name: {@code conv.unet2d}, {@code resnet.ae3d} ... */
    public String modelName() {
        return modelName(family, network, dims);
    }

    static String modelName(Family family, Network network, SpatialDims dims) {
        return family.code() + "." + network.code() + dims.suffix();
    }

    @Override
    public BlockStyle style() {
        return BlockStyle.DEFAULT;
    }

    @Override
    public Integer depth() {
        return network.assembly().depth(this);
    }

    /** {@inheritDoc} Decoders, which fix the size themselves, ignore it. */
    @Override
    public InputType inputType(long... size) {
        return network.assembly().inputType(this, size);
    }

    /** The number of channels of the output, or of elements of its vector. */
    public long outputChannels() {
        return network.assembly().outputChannels(this);
    }

    @Override
    public String assemble(BlockGraph graph, String input) {
        String last = network.assembly().assemble(graph, this, input);
        return graph.close(network.typeName() + dims.suffix(), last);
    }

    /** Channels that leave the down stage of that number: {@code channel}, doubled after the first. */
    long channelsOf(int stage) {
        return (long) channel << stage;
    }

    /** Adds a stage whose inner blocks have the channels that it returns. */
    Stage stage(
            BlockGraph graph,
            String name,
            String input,
            int index,
            long in,
            long out,
            Scaler scaler,
            boolean showSkip) {
        Geometry scaling = Geometry.scaling(scaler, kernel);
        return Stage.add(graph, block, name, input, layers[index], in, out, out, scaling, showSkip);
    }

    /** The arguments of that network, all with defaults but {@code layers} and a decoder's {@code outSize}. */
    public static Builder builder(Family family, Network network, SpatialDims dims) {
        return new Builder(family, network, dims);
    }

    /** Collects the arguments of a {@link NetworkSpec}; those that the network does not have are refused. */
    public static final class Builder {
        private final Family family;
        private final Network network;
        private final SpatialDims dims;
        private BlockKind block;
        private int channel = 64;
        private int[] layers = {};
        private int[] kernelSize = {3};
        private Long inPlanes;
        private Long outPlanes;
        private Integer outLength;
        private Integer inLength;
        private long[] outSize;

        private Builder(Family family, Network network, SpatialDims dims) {
            this.family = family;
            this.network = network;
            this.dims = dims;
        }

        /** Kind of block; {@code null} for the family's default. */
        public Builder block(BlockKind block) {
            this.block = block;
            return this;
        }

        /** Channels of the outermost stages. Default: 64. */
        public Builder channel(int channel) {
            this.channel = channel;
            return this;
        }

        /** Blocks of each stage. */
        public Builder layers(int... layers) {
            this.layers = layers.clone();
            return this;
        }

        /** Kernel size: one odd number, or one an axis. Default: 3. */
        public Builder kernelSize(int... kernelSize) {
            this.kernelSize = kernelSize.clone();
            return this;
        }

        /** Channels of the input. Default: 1. */
        public Builder inPlanes(Long inPlanes) {
            this.inPlanes = inPlanes;
            return this;
        }

        /** Channels of the output. Default: 1. */
        public Builder outPlanes(Long outPlanes) {
            this.outPlanes = outPlanes;
            return this;
        }

        /** Length of an encoder's vector, 0 for none. Default: 2. */
        public Builder outLength(Integer outLength) {
            this.outLength = outLength;
            return this;
        }

        /** Length of a decoder's vector, 0 for none. Default: 2. */
        public Builder inLength(Integer inLength) {
            this.inLength = inLength;
            return this;
        }

        /** Spatial size of a decoder's output: one number, or one an axis. */
        public Builder outSize(long... outSize) {
            this.outSize = outSize;
            return this;
        }

        /**
         * The checked geometry.
         *
         * @throws IllegalArgumentException if an argument is out of range, missing, or not one of this network
         */
        public NetworkSpec build() {
            refuse("inPlanes", inPlanes, network != Network.DECODER);
            refuse("outPlanes", outPlanes, network.has(Network.Option.OUT_PLANES));
            refuse("outLength", outLength, network.has(Network.Option.OUT_LENGTH));
            refuse("inLength", inLength, network.has(Network.Option.IN_LENGTH));
            refuse("outSize", outSize, network.has(Network.Option.OUT_SIZE));
            NetworkSpec spec = new NetworkSpec(
                    family,
                    network,
                    dims,
                    block == null ? family.blocks().get(0) : block,
                    channel,
                    layers,
                    kernelSize,
                    inPlanes == null ? 1 : inPlanes,
                    outPlanes == null ? 1 : outPlanes,
                    vector(outLength, Network.Option.OUT_LENGTH),
                    vector(inLength, Network.Option.IN_LENGTH),
                    outSize);
            network.assembly().check(spec);
            return spec;
        }

        private int vector(Integer given, Network.Option option) {
            return given != null ? given : network.has(option) ? 2 : 0;
        }

        private void refuse(String argument, Object value, boolean known) {
            if (value != null && !known) {
                String shown = value instanceof long[] sizes ? Arrays.toString(sizes) : value.toString();
                throw new IllegalArgumentException(argument + ": " + shown + " does not apply to "
                        + modelName(family, network, dims) + "; leave it out");
            }
        }
    }
}
