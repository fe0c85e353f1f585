package io.mdnc4j.training.files;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The numbers of a file, and what is needed to write others in the same way.
 *
 * @param values {@code [size...]} or {@code [C, size...]}: depth or pages before rows before columns; DOUBLE where the file has
 *     64-bit numbers, else FLOAT
 * @param channels whether the file says that the first axis is that of channels; where it does not, the number of axes decides
 * @param type of the numbers in the file
 * @param grid where elements lie; unknown if the file does not say
 * @param remarks what the reader of the file's result should know, such as that its header contradicts itself; usually none
 * @param header what else the format keeps of the file; {@code null} for none, of use to that format only
 */
public record StoredArray(
        INDArray values,
        boolean channels,
        ElementType type,
        Grid grid,
        List<String> remarks,
        @Nullable Object header) {
    private static final int COLOURS = 3;
    private static final int RED = 1 << 16;
    private static final int GREEN = 1 << 8;

    /**
     * Copies the list.
     *
     * @param values {@code [size...]} or {@code [C, size...]}
     * @param channels whether the first axis is that of channels
     * @param type of the numbers in the file
     * @param grid where elements lie, on the axes of {@code size}
     * @param remarks what one should know of the file
     * @param header what else the format keeps of the file; {@code null} for none
     */
    public StoredArray {
        remarks = List.copyOf(remarks);
    }

    /**
     * An array without any header, on a grid of which nothing is known.
     *
     * @param values {@code [size...]} or {@code [C, size...]}
     * @param channels whether the first axis is that of channels
     * @param type of the numbers in the file
     */
    public StoredArray(INDArray values, boolean channels, ElementType type) {
        this(values, channels, type, Grid.UNKNOWN, List.of(), null);
    }

    /**
     * Other numbers of the same type, with the same header.
     *
     * @param others {@code [C, size...]}
     * @return an array for a file of the same kind
     */
    public StoredArray with(INDArray others) {
        return with(others, type);
    }

    /**
     * Other numbers of another type, with the same header.
     *
     * @param others {@code [C, size...]}
     * @param otherType of the numbers in the file
     * @return an array for a file of the same kind
     */
    public StoredArray with(INDArray others, ElementType otherType) {
        return new StoredArray(others, true, otherType, grid, remarks, header);
    }

    /**
     * The same numbers elsewhere.
     *
     * @param other where elements lie
     * @return an array for a file of the same kind
     */
    public StoredArray on(Grid other) {
        return new StoredArray(values, channels, type, other, remarks, header);
    }

    /**
     * A picture with the channels of an input; all other arrays as they are.
     *
     * @param wanted which channels
     * @return {@code [C, size...]}
     * @throws DataException if this is no picture, and grey or red, green and blue are wanted
     */
    public StoredArray with(Channels wanted) {
        if (header instanceof PixelFormat format) {
            INDArray converted = format.values(values, wanted);
            return converted == values
                    ? this
                    : new StoredArray(converted, true, type, grid, remarks, new PixelFormat(false, null));
        }
        if (wanted == Channels.GRAY || wanted == Channels.RGB) {
            throw new DataException("is no picture whose channels could become " + wanted.code()
                    + "; leave channels out, or give pictures only");
        }
        return this;
    }

    /**
     * The same with something else that one should know of it.
     *
     * @param remark about the file
     * @return a changed copy
     */
    public StoredArray remarked(String remark) {
        List<String> all = new ArrayList<>(remarks);
        all.add(remark);
        return new StoredArray(values, channels, type, grid, all, header);
    }

    /** {@return whether this is a picture with opacity, in a channel or in its palette} */
    public boolean hasOpacity() {
        return header instanceof PixelFormat format && format.hasOpacity();
    }

    /** {@return whether this is a picture whose numbers are those of a palette, or stand for grey in fewer than 8 bits} */
    public boolean hasPalette() {
        return header instanceof PixelFormat format && format.palette() != null;
    }

    /** {@return whether this is a picture of red, green and blue in bytes} */
    public boolean isColoured() {
        return header instanceof PixelFormat && type == ElementType.UINT8 && values.size(0) >= COLOURS;
    }

    /**
     * A number for each colour of a picture that {@link #isColoured}: that of grey, 0 to 255, where red, green and blue are the
     * same, else {@code -2 - 65536 red - 256 green - blue}, which a float holds.
     *
     * @return {@code [1, size...]}
     */
    public StoredArray colourNumbers() {
        INDArray red = values.slice(0);
        INDArray green = values.slice(1);
        INDArray blue = values.slice(2);
        INDArray grey = red.eq(green).castTo(red.dataType()).muli(green.eq(blue).castTo(red.dataType()));
        INDArray numbers = red.mul(-RED).subi(green.mul(GREEN)).subi(blue).subi(2);
        numbers.addi(red.sub(numbers).muli(grey));
        long[] shape = values.shape().clone();
        shape[0] = 1;
        return new StoredArray(numbers.reshape('c', shape), true, ElementType.INT32, grid, remarks, null);
    }

    /**
     * What a number of {@link #colourNumbers} stands for.
     *
     * @param number the number
     * @return the grey, 0 to 255, or the colour, such as {@code #ff0000}
     */
    public static String colourName(double number) {
        return number >= 0 ? String.valueOf((long) number) : String.format(Locale.ROOT, "#%06x", (long) -number - 2);
    }

    /**
     * The same numbers without an axis of channels.
     *
     * @param shape {@code [size...]}, of as many elements
     * @return an array for a file of the same kind
     * @throws ArgumentException if there are more or fewer elements
     */
    public StoredArray withoutChannels(long... shape) {
        ArgumentException.require(
                Arrays.stream(shape).reduce(1, Math::multiplyExact) == values.length(),
                "shape",
                shape,
                "give one of " + values.length() + " elements");
        return new StoredArray(values.reshape('c', shape), false, type, grid, remarks, header);
    }

    /**
     * The values as {@code [C, size...]} with that many axes of {@code size}: axes of size 1 are put before or left out.
     *
     * @param dimensions axes of {@code size}
     * @return the same memory in that shape where possible, else a copy
     * @throws DataException if there are more or fewer axes
     */
    public INDArray withDimensions(int dimensions) {
        return values.reshape('c', withDimensions(dimensions, channels, values.shape()));
    }

    /** What becomes of the shape of a file's array. */
    static long[] withDimensions(int dimensions, boolean channels, long... shape) {
        int first = 0;
        while (shape.length - first > dimensions + 1 && shape[first] == 1) {
            first++;
        }
        if (channels && first > 0 && shape.length - first == dimensions + 1) {
            // a volume of one page, say: its channels stay
            throw wrongAxes(dimensions, shape);
        }
        long[] rest = Arrays.copyOfRange(shape, first, shape.length);
        if (channels && rest.length == dimensions + 2 && rest[1] == 1) {
            rest = dropped(rest);
        }
        if (rest.length == dimensions && !channels) {
            rest = Axes.prepended(1, rest);
        }
        if (rest.length != dimensions + 1) {
            throw wrongAxes(dimensions, shape);
        }
        return rest;
    }

    private static long[] dropped(long... shape) {
        long[] rest = Arrays.copyOfRange(shape, 1, shape.length);
        rest[0] = shape[0];
        return rest;
    }

    private static DataException wrongAxes(int dimensions, long... shape) {
        return new DataException("holds an array of shape " + Arrays.toString(shape) + ", not of " + dimensions
                + " axes after the channels; use a network of another number of dimensions, or other files");
    }
}
