package io.mdnc4j.blocks.internal.channelslast;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** What a thread works on: loops over arrays become vector code, loops over memory outside the heap do not. */
final class Blocks {
    private static final ThreadLocal<Blocks> LOCAL = ThreadLocal.withInitial(Blocks::new);

    private float[] a = {};
    private float[] b = {};
    private float[] c = {};

    private final float[][] lanes = new float[10][];

    private Blocks() {}

    static Blocks ofThread() {
        return LOCAL.get();
    }

    /** The array of that number, whatever stands in it. */
    float[] lanes(int number, int length) {
        if (lanes[number] == null || lanes[number].length < length) {
            lanes[number] = new float[length];
        }
        return lanes[number];
    }

    /** The array of that number, its first elements cleared. */
    float[] zeros(int number, int length) {
        float[] zeros = lanes(number, length);
        Arrays.fill(zeros, 0, length, 0);
        return zeros;
    }

    float[] a(int length) {
        a = a.length < length ? new float[length] : a;
        return a;
    }

    float[] b(int length) {
        b = b.length < length ? new float[length] : b;
        return b;
    }

    float[] c(int length) {
        c = c.length < length ? new float[length] : c;
        return c;
    }

    float[] loadA(FloatBuffer from, int offset, int length) {
        from.get(offset, a(length), 0, length);
        return a;
    }

    float[] loadB(FloatBuffer from, int offset, int length) {
        from.get(offset, b(length), 0, length);
        return b;
    }

    float[] loadC(FloatBuffer from, int offset, int length) {
        from.get(offset, c(length), 0, length);
        return c;
    }
}
