package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.Rows;
import java.nio.FloatBuffer;

/**
 * From weights, {@code [out, in, depth, 3, 3]}, to those of {@link Winograd}'s products, {@code [36, depth, out, in]}, and the
 * gradient back.
 *
 * @param depth taps along depth, which are not transformed
 * @param pairs of channels, all those of some output channels
 */
record TransformedWeights(int depth, int pairs) {
    /** Pairs that are worked on at a time. */
    private static final int CHUNK = 512;

    /** All its numbers. */
    int transformed() {
        return Tiles.PRODUCTS * depth * pairs;
    }

    /** Weights of a pair. */
    int taps() {
        return depth * Winograd.TAPS * Winograd.TAPS;
    }

    private static int tap(int z, int y, int x) {
        return (z * Winograd.TAPS + y) * Winograd.TAPS + x;
    }

    /** What a thread works with. */
    private static final class Scratch {
        private static final ThreadLocal<Scratch> LOCAL = ThreadLocal.withInitial(Scratch::new);

        float[] given = {};
        final float[][][] all = new float[Winograd.POINTS][Winograd.POINTS][CHUNK];
        final float[][] column = new float[Winograd.POINTS][];
        final float[][] six = new float[Winograd.POINTS][CHUNK];
        final float[][][] taps = new float[Winograd.TAPS][Winograd.TAPS][CHUNK];
        final float[][] three = new float[Winograd.TAPS][];
        final float[][] parts = new float[4][CHUNK];

        static Scratch of(int taps) {
            Scratch scratch = LOCAL.get();
            if (scratch.given.length < CHUNK * taps) {
                scratch.given = new float[CHUNK * taps];
            }
            return scratch;
        }
    }

    @FunctionalInterface
    private interface Chunk {
        void run(int begin, int length, Scratch scratch);
    }

    private void forEachChunk(Chunk work) {
        int count = (pairs + CHUNK - 1) / CHUNK;
        Rows.forEach(
                count,
                transformed(),
                (number, unused) ->
                        work.run(number * CHUNK, Math.min(CHUNK, pairs - number * CHUNK), Scratch.of(taps())));
    }

    /**
     * Transforms them.
     *
     * @param first of the pairs, of all that there are
     * @param turned whether the kernel is turned around, as gradients of data want it
     */
    void transform(FloatBuffer weights, int first, boolean turned, FloatBuffer transformed) {
        int taps = taps();
        forEachChunk((begin, length, scratch) -> {
            weights.get((first + begin) * taps, scratch.given, 0, length * taps);
            for (int z = 0; z < depth; z++) {
                for (int y = 0; y < Winograd.TAPS; y++) {
                    int tap = tap(z, y, 0);
                    float[][] row = scratch.taps[y];
                    pick(
                            scratch.given,
                            turned ? taps - 1 - tap : tap,
                            turned ? -1 : 1,
                            taps,
                            row[0],
                            row[1],
                            row[2],
                            length);
                }
                for (int x = 0; x < Winograd.TAPS; x++) {
                    for (int i = 0; i < Winograd.POINTS; i++) {
                        scratch.column[i] = scratch.all[i][x];
                    }
                    for (int y = 0; y < Winograd.TAPS; y++) {
                        scratch.three[y] = scratch.taps[y][x];
                    }
                    Winograd.weights(scratch.three, scratch.column, scratch.parts[0], length);
                }
                for (int i = 0; i < Winograd.POINTS; i++) {
                    Winograd.weights(scratch.all[i], scratch.six, scratch.parts[0], length);
                    for (int j = 0; j < Winograd.POINTS; j++) {
                        transformed.put(place(i, j, z) + begin, scratch.six[j], 0, length);
                    }
                }
            }
        });
    }

    private int place(int row, int column, int z) {
        return ((row * Winograd.POINTS + column) * depth + z) * pairs;
    }

    /** Three taps beside each other, of each pair. */
    private static void pick(float[] from, int first, int next, int step, float[] a, float[] b, float[] c, int length) {
        for (int i = 0; i < length; i++) {
            int at = first + i * step;
            a[i] = from[at];
            b[i] = from[at + next];
            c[i] = from[at + 2 * next];
        }
    }

    /**
     * The gradient of the weights.
     *
     * @param sums those of the transformed weights, of which the first {@code parts} add up
     * @param distance from one to the next
     * @param first of the pairs, of all that there are
     */
    void gradient(FloatBuffer sums, int parts, int distance, FloatBuffer gradient, int first) {
        int taps = taps();
        forEachChunk((begin, length, scratch) -> {
            for (int z = 0; z < depth; z++) {
                for (int i = 0; i < Winograd.POINTS; i++) {
                    for (int j = 0; j < Winograd.POINTS; j++) {
                        int offset = place(i, j, z) + begin;
                        sums.get(offset, scratch.six[j], 0, length);
                        for (int part = 1; part < parts; part++) {
                            sums.get(part * distance + offset, scratch.parts[0], 0, length);
                            add(scratch.parts[0], scratch.six[j], length);
                        }
                    }
                    for (int x = 0; x < Winograd.TAPS; x++) {
                        scratch.column[x] = scratch.all[x][i];
                    }
                    Winograd.weightGradient(scratch.six, scratch.column, scratch.parts, length);
                }
                for (int x = 0; x < Winograd.TAPS; x++) {
                    Winograd.weightGradient(scratch.all[x], scratch.taps[x], scratch.parts, length);
                    for (int y = 0; y < Winograd.TAPS; y++) {
                        lay(scratch.taps[x][y], scratch.given, tap(z, y, x), taps, length);
                    }
                }
            }
            gradient.put((first + begin) * taps, scratch.given, 0, length * taps);
        });
    }

    private static void add(float[] a, float[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += a[i];
        }
    }

    private static void lay(float[] from, float[] to, int first, int step, int length) {
        for (int i = 0; i < length; i++) {
            to[first + i * step] = from[i];
        }
    }
}
