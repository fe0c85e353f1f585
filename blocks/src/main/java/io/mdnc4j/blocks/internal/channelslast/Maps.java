package io.mdnc4j.blocks.internal.channelslast;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/** Activations, {@code [samples, size..., channels]} in memory, and their gradient. */
public final class Maps {
    /** Numbers that a view of memory outside the heap has, since it is one of bytes first. */
    private static final int MOST = Integer.MAX_VALUE / Float.BYTES;

    final int samples;
    final int channels;
    final int positions;
    final long[] size;

    /** Steps that read them, in the order of the forward pass. */
    final List<Step> readers = new ArrayList<>();

    Step writer;
    Slot data;
    Slot gradient;
    boolean wantsGradient;

    Maps(long samples, long channels, long... size) {
        this.samples = Math.toIntExact(samples);
        this.channels = Math.toIntExact(channels);
        this.size = size;
        positions = Math.toIntExact(Arrays.stream(size).reduce(1, Math::multiplyExact));
        if (elements() > MOST) {
            // as the bindings do, where oneDNN has no primitive: the network is computed in another way
            throw new RuntimeException(elements() + " numbers of a map are more than a view of memory has");
        }
    }

    /** {@return the spatial size; empty for vectors} */
    public long[] size() {
        return size.clone();
    }

    long elements() {
        return (long) samples * positions * channels;
    }

    /** Elements of a sample. */
    int sample() {
        return positions * channels;
    }

    FloatBuffer buffer() {
        return data.buffer();
    }

    FloatBuffer gradientBuffer() {
        return gradient.buffer();
    }

    Pointer pointer() {
        return data.pointer();
    }

    Pointer gradientPointer() {
        return gradient.pointer();
    }

    /** {@code N, C, size...}, as DL4J has it: a vector where there is no size. */
    public long[] shape() {
        long[] shape = new long[size.length + 2];
        shape[0] = samples;
        shape[1] = channels;
        System.arraycopy(size, 0, shape, 2, size.length);
        return shape;
    }

    /** The sizes of the last three axes, missing ones counted as 1. */
    int[] volume() {
        int[] volume = {1, 1, 1};
        for (int i = 0; i < size.length; i++) {
            volume[3 - size.length + i] = (int) size[i];
        }
        return volume;
    }
}
