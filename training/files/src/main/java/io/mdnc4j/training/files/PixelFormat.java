package io.mdnc4j.training.files;

import io.mdnc4j.training.arrays.OnHeap;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What the channels of a picture are.
 *
 * @param alpha whether the last one is opacity
 * @param palette colours, 8 bits each of opacity, red, green and blue, of which the only channel holds the numbers;
 *     {@code null} where channels are colours themselves
 */
record PixelFormat(boolean alpha, int @Nullable [] palette) {
    private static final int COLOURS = 3;
    private static final int OPAQUE = 0xff;
    private static final int BYTE = 0xff;

    /** Shares of red, green and blue in grey, ITU-R BT.601. */
    private static final double[] GREY = {0.299, 0.587, 0.114};

    /** Whether opacity is told, by a channel or by the palette. */
    boolean hasOpacity() {
        return alpha
                || palette != null && Arrays.stream(palette).anyMatch(colour -> colour >>> 3 * Byte.SIZE != OPAQUE);
    }

    /** A picture's values {@code [C, size...]} with the channels that are wanted. */
    INDArray values(INDArray stored, Channels wanted) {
        INDArray values = palette == null ? stored : expanded(stored, palette);
        boolean opacity = values.size(0) % 2 == 0 && (alpha || palette != null);
        if (wanted == Channels.ALL) {
            return values;
        }
        long colours = values.size(0) - (opacity ? 1 : 0);
        if (wanted == Channels.GRAY && colours == COLOURS) {
            INDArray grey = values.slice(0).mul(GREY[0]);
            for (int c = 1; c < COLOURS; c++) {
                grey.addi(values.slice(c).mul(GREY[c]));
            }
            return withChannels(1, values, grey);
        }
        if (wanted == Channels.RGB && colours == 1) {
            INDArray grey = values.slice(0);
            return withChannels(COLOURS, values, Nd4j.stack(0, grey, grey, grey));
        }
        return opacity ? values.get(NDArrayIndex.interval(0, colours)).dup('c') : values;
    }

    private static INDArray withChannels(long channels, INDArray like, INDArray values) {
        long[] shape = like.shape().clone();
        shape[0] = channels;
        return values.reshape('c', shape);
    }

    /** Colours for numbers: grey where all that occur are, red, green and blue otherwise, with opacity where it tells. */
    private static INDArray expanded(INDArray stored, int... palette) {
        int[] numbers = OnHeap.ints(stored);
        Set<Integer> used = new HashSet<>();
        for (int number : numbers) {
            used.add(colour(number, palette));
        }
        boolean grey = used.stream()
                .allMatch(colour -> part(colour, 0) == part(colour, 1) && part(colour, 1) == part(colour, 2));
        boolean opacity = used.stream().anyMatch(colour -> colour >>> COLOURS * Byte.SIZE != OPAQUE);
        int colours = grey ? 1 : COLOURS;
        int channels = colours + (opacity ? 1 : 0);
        try {
            // more than the numbers that were read
            Limits.elements(Long.MAX_VALUE, 0, DataType.FLOAT, channels, numbers.length);
        } catch (IOException e) {
            throw new DataException("its colours take more memory than its palette: " + e.getMessage(), e);
        }
        float[] values = new float[channels * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            int colour = colour(numbers[i], palette);
            for (int c = 0; c < colours; c++) {
                values[c * numbers.length + i] = part(colour, c);
            }
            if (opacity) {
                values[colours * numbers.length + i] = colour >>> COLOURS * Byte.SIZE;
            }
        }
        return withChannels(channels, stored, Nd4j.createFromArray(values));
    }

    /** Numbers beyond the palette are black, as viewers have it. */
    private static int colour(int number, int... palette) {
        return number < palette.length ? palette[number] : OPAQUE << COLOURS * Byte.SIZE;
    }

    /** Its red, green or blue, for 0, 1 or 2. */
    private static int part(int colour, int channel) {
        return colour >> (COLOURS - 1 - channel) * Byte.SIZE & BYTE;
    }
}
