package io.mdnc4j.blocks.internal.channelslast;

import java.util.Arrays;

/**
 * Numbers of each channel, repeated so that loops over them are long enough to become vector code however few channels
 * there are.
 */
final class Lanes {
    private static final int LONG = 128;

    /** Elements worked on at a time, which stay in the first-level cache. */
    private static final int BLOCK = 4096;

    final int channels;
    /** Elements after which the channels repeat, a multiple of their number. */
    final int period;
    /** Elements worked on at a time, a multiple of the period. */
    final int block;

    Lanes(int channels) {
        this.channels = channels;
        period = channels * Math.max(1, LONG / channels);
        block = period * Math.max(1, BLOCK / period);
    }

    /** The channels' values from an offset on, repeated. */
    float[] repeat(float[] values, int offset) {
        float[] repeated = new float[period];
        for (int i = 0; i < period; i += channels) {
            System.arraycopy(values, offset, repeated, i, channels);
        }
        return repeated;
    }

    float[] repeat(double value) {
        float[] repeated = new float[period];
        Arrays.fill(repeated, (float) value);
        return repeated;
    }

    /** Adds up the lanes of each channel, and clears them. */
    void drain(float[] lanes, double[] sums, int offset) {
        for (int i = 0; i < period; i += channels) {
            for (int c = 0; c < channels; c++) {
                sums[offset + c] += lanes[i + c];
            }
        }
        Arrays.fill(lanes, 0);
    }
}
