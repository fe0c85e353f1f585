package io.mdnc4j.blocks.internal.channelslast;

import java.util.Arrays;

/**
 * Numbers of each channel, repeated for as many elements as are worked on at a time: loops over arrays of that length become
 * vector code, however few channels there are; those over the channels of one position do not.
 */
final class Lanes {
    /** Elements worked on at a time, which stay in the first-level cache. */
    private static final int BLOCK = 4096;

    /** Fewer, down to this many, where a sample would not have so many blocks: to repeat and drain lanes takes time as well. */
    private static final int SHORT_BLOCK = 512;

    private static final int BLOCKS = 8;

    final int channels;
    /** Elements worked on at a time: the channels, times a power of two. */
    final int period;

    Lanes(Maps maps) {
        channels = maps.channels;
        int length = channels;
        int most = Math.min(BLOCK, Math.max(SHORT_BLOCK, maps.sample() / BLOCKS));
        while (2 * length <= most && length < maps.sample()) {
            length *= 2;
        }
        period = length;
    }

    /** The channels' values from an offset on, repeated. */
    float[] repeat(float[] values, int offset) {
        return repeat(values, offset, new float[period]);
    }

    /** {@link #repeat} into an array that is there. */
    float[] repeat(float[] values, int offset, float[] repeated) {
        System.arraycopy(values, offset, repeated, 0, channels);
        for (int filled = channels; filled < period; filled *= 2) {
            System.arraycopy(repeated, 0, repeated, filled, filled);
        }
        return repeated;
    }

    float[] repeat(double value) {
        float[] repeated = new float[period];
        Arrays.fill(repeated, (float) value);
        return repeated;
    }

    /** Adds up the lanes of each channel, which are lost. */
    void drain(float[] lanes, Blocks blocks, double[] sums, int offset) {
        float[] from = lanes;
        float[] to = blocks.lanes(9, period);
        for (int half = period / 2; half >= channels; half /= 2) {
            halve(from, half, to);
            float[] free = from;
            from = to;
            to = free;
        }
        for (int c = 0; c < channels; c++) {
            sums[offset + c] += from[c];
        }
    }

    private static void halve(float[] from, int half, float[] to) {
        for (int i = 0; i < half; i++) {
            to[i] = from[i] + from[half + i];
        }
    }
}
