package io.mdnc4j.blocks.internal.kernels;

import java.nio.FloatBuffer;

/** The blocks that a thread works on, and the lanes of its sums. */
public final class Scratch {
    private static final ThreadLocal<Scratch> LOCAL = ThreadLocal.withInitial(Scratch::new);

    final float[] a = new float[Rows.BLOCK];
    final float[] b = new float[Rows.BLOCK];
    final float[] lanes = new float[Rows.LANES];

    private Scratch() {}

    static Scratch ofThread() {
        return LOCAL.get();
    }

    private float[] first = {};
    private float[] second = {};

    /** At least that many elements, whatever stands in them. */
    public float[] first(int length) {
        first = first.length < length ? new float[length] : first;
        return first;
    }

    /** A second line of at least that many elements. */
    public float[] second(int length) {
        second = second.length < length ? new float[length] : second;
        return second;
    }

    float[] loadA(FloatBuffer from, int offset, int length) {
        from.get(offset, a, 0, length);
        return a;
    }

    float[] loadB(FloatBuffer from, int offset, int length) {
        from.get(offset, b, 0, length);
        return b;
    }
}
