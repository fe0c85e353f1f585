package io.mdnc4j.zoo;

import io.mdnc4j.blocks.Activator;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.LayerOrder;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;

/**
 * The geometry of one network, checked: everything that decides its vertices and the shapes of its parameters.
 *
 * @param family kind of blocks
 * @param network which of the four networks
 * @param dims number of spatial dimensions
 * @param values of all options that the network has, see {@link SpecOption}; sizes with one number an axis
 */
public record NetworkSpec(Family family, Network network, SpatialDims dims, SpecValues values) implements GraphSpec {
    /** Elements of one parameter tensor at most: far more than any memory holds, yet a few of them can be summed. */
    private static final long MAX_ELEMENTS = 1L << 60;

    /**
     * Checks every value, and fills in those that are not given.
     *
     * @param family kind of blocks
     * @param network the network
     * @param dims number of spatial dimensions
     * @param values values of options
     * @throws ArgumentException if one is missing, out of range, none of this network's, or does not go with the others
     */
    public NetworkSpec(Family family, Network network, SpatialDims dims, SpecValues values) {
        ArgumentException.require(
                family.networks().contains(network),
                "network",
                network.code() + " is none of " + family.code(),
                "use one of "
                        + String.join(
                                ", ",
                                family.networks().stream().map(Network::code).toList()));
        this.family = family;
        this.network = network;
        this.dims = dims;
        this.values =
                values.checked(new SpecOption.Subject(modelName(family, network, dims), family, network, dims, values));
        network.assembly().check(this);
    }

    /**
     * The product of those factors, of which 0 and 1 change nothing: a count of parameters.
     *
     * @throws ArgumentException if it is too large to be counted, naming that option of this geometry
     */
    long count(SpecOption<?> option, long... factors) {
        long product = 1;
        for (long given : factors) {
            long factor = Math.max(given, 1);
            if (factor > MAX_ELEMENTS / product) {
                throw new ArgumentException(
                        option.name(),
                        values.get(option),
                        "use less, since a parameter would have more elements than can be counted");
            }
            product *= factor;
        }
        return product;
    }

    /**
     * {@return the model's name: {@code conv.unet2d}, {@code nnunet.plain3d} ...}
     */
    public String modelName() {
        return modelName(family, network, dims);
    }

    static String modelName(Family family, Network network, SpatialDims dims) {
        return family.code() + "." + network.code() + dims.suffix();
    }

    /**
     * {@return kind of block in all stages of a conv or resnet network}
     */
    public BlockKind block() {
        return value(SpecOption.BLOCK);
    }

    /**
     * {@return channels of the outermost stages of a conv or resnet network}
     */
    public int channel() {
        return value(SpecOption.CHANNEL);
    }

    /**
     * {@return blocks of each stage, at least two stages}
     */
    public int[] layers() {
        return ints(SpecOption.LAYERS);
    }

    /**
     * {@return kernel size of a conv or resnet network, odd, one number an axis; an axis with 1 is never scaled}
     */
    public int[] kernel() {
        return ints(SpecOption.KERNEL_SIZE);
    }

    /**
     * {@return channels of the input; 1 for decoders, which do not have it}
     */
    public long inPlanes() {
        return values.getOr(SpecOption.IN_PLANES, 1L);
    }

    /**
     * {@return channels of the output; 1 for encoders, which do not have it}
     */
    public long outPlanes() {
        return values.getOr(SpecOption.OUT_PLANES, 1L);
    }

    /**
     * {@return length of an encoder's vector; 0 for a map of features, and for the other networks}
     */
    public int outLength() {
        return values.getOr(SpecOption.OUT_LENGTH, 0);
    }

    /**
     * {@return length of a decoder's vector; 0 for a map of features, and for the other networks}
     */
    public int inLength() {
        return values.getOr(SpecOption.IN_LENGTH, 0);
    }

    /**
     * {@return spatial size of a decoder's output, one number an axis; {@code null} for the other networks}
     */
    public long @Nullable [] outSize() {
        List<Long> size = values.get(SpecOption.OUT_SIZE);
        return size == null ? null : size.stream().mapToLong(n -> n).toArray();
    }

    private int[] ints(SpecOption<List<Integer>> option) {
        return value(option).stream().mapToInt(n -> n).toArray();
    }

    @Override
    public @Nullable Integer depth() {
        return network.assembly().depth(this);
    }

    /** {@inheritDoc} Decoders, which fix the size themselves, ignore it. */
    @Override
    public InputType inputType(long... size) {
        return network.assembly().inputType(this, size);
    }

    /**
     * {@return a spatial size of inputs that the network takes, at least that along each axis, one number an axis}
     *
     * @param least at least 1
     */
    public long[] sizeFrom(long least) {
        return network.assembly().sizeFrom(this, least);
    }

    /**
     * {@return the number of channels of the output, or of elements of its vector}
     */
    public long outputChannels() {
        return network.assembly().outputChannels(this);
    }

    @Override
    public String assemble(BlockGraph graph, String input) {
        String last = network.assembly().assemble(graph, this, input);
        return graph.close(network.typeName() + dims.suffix(), last);
    }

    /**
     * {@return the options that describe stages in the way of all networks: channels that double from stage to stage, one kernel}
     *
     * @param network whose options they are
     * @param channel channels of the first stage
     * @param kernel kernel size along all axes
     * @param layers blocks of each stage
     */
    public static SpecValues stages(Network network, int channel, int kernel, int... layers) {
        SpecValues values = SpecValues.NONE.withRead(SpecOption.LAYERS, layers);
        return Network.DOUBLING.contains(network)
                ? values.with(SpecOption.CHANNEL, channel).with(SpecOption.KERNEL_SIZE, List.of(kernel))
                : values.with(SpecOption.FEATURES, PlannedStages.doubling(channel, layers.length, Integer.MAX_VALUE))
                        .with(SpecOption.KERNELS, List.of(List.of(kernel)));
    }

    /**
     * {@return strides for inputs of that size: 2 in each stage but the first, along axes whose size can be halved again and of
     * which at least two elements then are left; nothing for networks that take any size}
     *
     * @param network whose option it is
     * @param stages number of stages
     * @param size spatial size, one number an axis
     */
    public static SpecValues strides(Network network, int stages, long... size) {
        return Network.DOUBLING.contains(network)
                ? SpecValues.NONE
                : SpecValues.NONE.with(SpecOption.STRIDES, PlannedStages.dividing(stages, size));
    }

    /**
     * {@return the options of that network, all with defaults but {@code layers} of conv and resnet networks and a decoder's
     * {@code outSize}}
     *
     * @param family kind of blocks
     * @param network the network
     * @param dims number of spatial dimensions
     */
    public static Builder builder(Family family, Network network, SpatialDims dims) {
        return new Builder(family, network, dims);
    }

    /** Collects the options of a {@link NetworkSpec}; {@code null} stands for what an option is unless given. */
    public static final class Builder {
        private final Family family;
        private final Network network;
        private final SpatialDims dims;
        private SpecValues values = SpecValues.NONE;

        private Builder(Family family, Network network, SpatialDims dims) {
            this.family = family;
            this.network = network;
            this.dims = dims;
        }

        /**
         * Sets an option.
         *
         * @param <T> type of the option's values
         * @param option the option
         * @param value its value; {@code null} for what it is unless given
         * @return this builder
         * @throws ArgumentException if the value is out of range
         */
        public <T> Builder set(SpecOption<T> option, @Nullable T value) {
            values = values.with(option, value);
            return this;
        }

        /**
         * Sets the options that are given there.
         *
         * @param given what is given
         * @return this builder
         */
        public Builder set(SpecValues given) {
            values = values.with(given);
            return this;
        }

        /**
         * Kind of block. Default: the family's first.
         *
         * @param block kind of block
         * @return this builder
         */
        public Builder block(@Nullable BlockKind block) {
            return set(SpecOption.BLOCK, block);
        }

        /**
         * Channels of the outermost stages. Default: 64.
         *
         * @param channel at least 1
         * @return this builder
         */
        public Builder channel(int channel) {
            return set(SpecOption.CHANNEL, channel);
        }

        /**
         * Blocks of each stage, at least two stages.
         *
         * @param layers at least 1 each, 2 to 16 stages
         * @return this builder
         */
        public Builder layers(int... layers) {
            return read(SpecOption.LAYERS, layers);
        }

        /**
         * Kernel size: one odd number, or one an axis. Default: 3.
         *
         * @param kernelSize odd, at least 1
         * @return this builder
         */
        public Builder kernelSize(int... kernelSize) {
            return read(SpecOption.KERNEL_SIZE, kernelSize);
        }

        /**
         * Channels of the input. Default: 1.
         *
         * @param inPlanes channels of the input, at least 1
         * @return this builder
         */
        public Builder inPlanes(@Nullable Long inPlanes) {
            return set(SpecOption.IN_PLANES, inPlanes);
        }

        /**
         * Channels of the output. Default: 1.
         *
         * @param outPlanes channels of the output, at least 1
         * @return this builder
         */
        public Builder outPlanes(@Nullable Long outPlanes) {
            return set(SpecOption.OUT_PLANES, outPlanes);
        }

        /**
         * Length of an encoder's vector, 0 for none. Default: 2.
         *
         * @param outLength at least 0
         * @return this builder
         */
        public Builder outLength(@Nullable Integer outLength) {
            return set(SpecOption.OUT_LENGTH, outLength);
        }

        /**
         * Length of a decoder's vector, 0 for none. Default: 2.
         *
         * @param inLength at least 0
         * @return this builder
         */
        public Builder inLength(@Nullable Integer inLength) {
            return set(SpecOption.IN_LENGTH, inLength);
        }

        /**
         * Spatial size of a decoder's output: one number, or one an axis.
         *
         * @param outSize at least 1
         * @return this builder
         */
        public Builder outSize(long @Nullable ... outSize) {
            return read(SpecOption.OUT_SIZE, outSize);
        }

        /**
         * Normalisation in the units of all blocks. Default: affine instance normalisation.
         *
         * @param normalizer the normalisation
         * @return this builder
         */
        public Builder normalizer(@Nullable Normalizer normalizer) {
            return set(SpecOption.NORMALIZER, normalizer);
        }

        /**
         * Activation in the units of all blocks. Default: PReLU.
         *
         * @param activator the activation
         * @return this builder
         */
        public Builder activator(@Nullable Activator activator) {
            return set(SpecOption.ACTIVATOR, activator);
        }

        /**
         * Order of the layers in the units of all blocks. Default: normalisation first.
         *
         * @param layerOrder the order
         * @return this builder
         */
        public Builder layerOrder(@Nullable LayerOrder layerOrder) {
            return set(SpecOption.LAYER_ORDER, layerOrder);
        }

        private <T> Builder read(SpecOption<T> option, @Nullable Object given) {
            return set(option, given == null ? null : option.read(given));
        }

        /**
         * {@return the checked geometry}
         *
         * @throws ArgumentException if an option is out of range, missing, or not one of this network
         */
        public NetworkSpec build() {
            return new NetworkSpec(family, network, dims, values);
        }
    }
}
