package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.Coded;
import java.util.Arrays;
import java.util.Locale;

/**
 * What an array that is smaller than a window is extended with, on both sides as equally as can be, the odd element behind. The
 * output for what was added is cut off again.
 */
public enum Padding implements Coded {
    /** Nothing: on such an axis the window is as small as the array. */
    NONE,
    /** Its mirror image; elements at the border occur once, as {@code 2 1 0 1 2 3 2 1} of {@code 0 1 2 3}. */
    REFLECT,
    /** Zeros, in the units of the data. */
    ZERO;

    /** The name in lower case: {@code none}, {@code reflect}, {@code zero}. */
    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The size of an array once it is padded for a window. */
    long[] padded(long[] size, long... window) {
        long[] padded = size.clone();
        Arrays.setAll(padded, axis -> this == NONE ? size[axis] : Math.max(size[axis], window[axis]));
        return padded;
    }

    /** The elements that are added before an axis. */
    static long before(long size, long padded) {
        return (padded - size) / 2;
    }

    /** The element of an axis whose mirror image lies at a place beyond it. */
    static long mirrored(long place, long size) {
        if (size == 1) {
            return 0;
        }
        long inPeriod = Math.floorMod(place, 2 * (size - 1));
        return Math.min(inPeriod, 2 * (size - 1) - inPeriod);
    }
}
