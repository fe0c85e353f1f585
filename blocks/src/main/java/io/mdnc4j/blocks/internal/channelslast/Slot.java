package io.mdnc4j.blocks.internal.channelslast;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** A place in a thread's memory, for the time in which a program needs it. Several values can have one, one after the other. */
final class Slot {
    final long floats;
    final int from;
    int to;
    /** In floats, from the beginning of the memory; given by {@link Placement}. */
    long offset = -1;

    private Pointer base;
    private FloatPointer pointer;
    private FloatBuffer buffer;

    /** Needed from the first time to the last, both included. */
    Slot(long floats, int from, int to) {
        this.floats = floats;
        this.from = from;
        this.to = to;
    }

    void bind(Pointer memory) {
        if (memory != base) {
            base = memory;
            pointer = new FloatPointer(memory).getPointer(offset).capacity(floats);
            buffer = null;
        }
    }

    Pointer pointer() {
        return pointer;
    }

    FloatBuffer buffer() {
        if (buffer == null) {
            buffer = new FloatPointer(pointer).capacity(floats).asBuffer();
        }
        return buffer;
    }
}
