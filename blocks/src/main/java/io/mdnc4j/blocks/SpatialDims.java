package io.mdnc4j.blocks;

import static io.mdnc4j.blocks.ArgumentException.require;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;

/**
 * The number of spatial dimensions of a network: signals, images or volumes. All that depends on it is decided here.
 *
 * <p>Arrays are channels first: {@code [N, C, L]}, {@code [N, C, H, W]} or {@code [N, C, D, H, W]}. A spatial size has one
 * number an axis, in this order: {@code {L}}, {@code {H, W}} or {@code {D, H, W}}.
 */
public enum SpatialDims {
    /** Signals, {@code [N, C, L]}. */
    ONE,
    /** Images, {@code [N, C, H, W]}. */
    TWO,
    /** Volumes, {@code [N, C, D, H, W]}. */
    THREE;

    /** A spatial size that is not known when the network is described; only 1D input types can leave it open. */
    public static final long UNKNOWN = -1;

    /** {@return the number of spatial axes: 1, 2 or 3} */
    public int count() {
        return ordinal() + 1;
    }

    /** {@return the rank of a batch of activations: the spatial axes, channels and samples} */
    public int arrayRank() {
        return count() + 2;
    }

    /** {@return the suffix of a model's name: {@code 1d}, {@code 2d} or {@code 3d}} */
    public String suffix() {
        return count() + "d";
    }

    /**
     * The dimensions with that many spatial axes.
     *
     * @param count 1, 2 or 3
     * @return the dimensions
     * @throws ArgumentException for any other number
     */
    public static SpatialDims of(int count) {
        require(count >= 1 && count <= 3, "dimensions", count, "use 1, 2 or 3 spatial dimensions");
        return values()[count - 1];
    }

    /**
     * The dimensions of activations of that type.
     *
     * @param type a recurrent type for signals, a convolutional one for images, a convolutional 3D one for volumes
     * @return the dimensions
     * @throws ArgumentException if the type has no spatial axes or is not channels first
     */
    public static SpatialDims of(InputType type) {
        if (type instanceof InputType.InputTypeRecurrent recurrent) {
            requireChannelsFirst(type, recurrent.getFormat() == RNNFormat.NCW, "RNNFormat.NCW");
            return ONE;
        }
        if (type instanceof InputType.InputTypeConvolutional convolutional) {
            requireChannelsFirst(type, convolutional.getFormat() == CNN2DFormat.NCHW, "CNN2DFormat.NCHW");
            return TWO;
        }
        if (type instanceof InputType.InputTypeConvolutional3D volume) {
            requireChannelsFirst(
                    type, volume.getDataFormat() == Convolution3D.DataFormat.NCDHW, "Convolution3D.DataFormat.NCDHW");
            return THREE;
        }
        throw new ArgumentException(
                "inputType",
                type + ", which has no spatial axes",
                "use InputType.recurrent, InputType.convolutional or InputType.convolutional3D");
    }

    private static void requireChannelsFirst(InputType type, boolean channelsFirst, String format) {
        require(channelsFirst, "inputType", type + ", which is channels last", "use " + format);
    }

    /**
     * The type of activations with these channels and this size.
     *
     * @param channels the channels
     * @param size spatial size, one number an axis
     * @return the type, channels first
     * @throws ArgumentException if {@code size} has not one number an axis
     */
    public InputType inputType(long channels, long... size) {
        requireLength("size", size.length);
        return switch (this) {
            case ONE -> InputType.recurrent(channels, size[0], RNNFormat.NCW);
            case TWO -> InputType.convolutional(size[0], size[1], channels, CNN2DFormat.NCHW);
            case THREE ->
                InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, size[0], size[1], size[2], channels);
        };
    }

    /**
     * The channels of activations of that type.
     *
     * @param type a type with spatial axes, channels first, or a feed-forward type
     * @return its channels; a feed-forward type counts its features
     * @throws ArgumentException if the type is neither
     */
    public static long channels(InputType type) {
        return type instanceof InputType.InputTypeFeedForward features ? features.getSize() : shape(type)[0];
    }

    /**
     * The spatial size of activations of that type.
     *
     * @param type a type with spatial axes, channels first, or a feed-forward type
     * @return one number an axis, {@link #UNKNOWN} where it is left open; empty for a feed-forward type
     * @throws ArgumentException if the type is neither
     */
    public static long[] size(InputType type) {
        if (type instanceof InputType.InputTypeFeedForward) {
            return new long[0];
        }
        long[] shape = shape(type);
        return Arrays.copyOfRange(shape, 1, shape.length);
    }

    private static long[] shape(InputType type) {
        of(type);
        return type.getShape(false);
    }

    /**
     * One number an axis: a single number stands for all axes.
     *
     * @param argument name of the argument, for the error message
     * @param values one number, or one an axis
     * @return a new array with one number an axis
     * @throws ArgumentException if {@code values} has neither one number nor one an axis
     */
    public int[] perAxis(String argument, int... values) {
        return Arrays.stream(
                        perAxis(argument, Arrays.stream(values).asLongStream().toArray()))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /**
     * {@link #perAxis(String, int...)} for sizes.
     *
     * @param argument name of the argument, for the error message
     * @param values one number, or one an axis
     * @return a new array with one number an axis
     * @throws ArgumentException if {@code values} has neither one number nor one an axis
     */
    public long[] perAxis(String argument, long... values) {
        if (values.length == 1) {
            long[] all = new long[count()];
            Arrays.fill(all, values[0]);
            return all;
        }
        requireLength(argument, values.length);
        return values.clone();
    }

    private void requireLength(String argument, int length) {
        require(
                length == count(),
                argument,
                length + " numbers for " + count() + " spatial dimensions",
                "give one number, or one an axis");
    }
}
