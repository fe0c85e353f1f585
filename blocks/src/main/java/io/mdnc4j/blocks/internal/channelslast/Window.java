package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.Convolutions;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * What a convolution sees at each position of its output, as a matrix {@code [positions, channels * window]}: the order in
 * which weights lie.
 */
final class Window {
    /** Channels that a task takes at a time. */
    private static final int TOGETHER = 16;

    final int elements;
    /** For each position of a sample's output and each window element, the position of the input; -1 in the padding. */
    private final int[] sources;

    private final Maps x;
    private final int positions;

    Window(Convolutions convolution, Maps x, long[] xSize, Maps y) {
        this.x = x;
        positions = y.positions;
        int axes = xSize.length;
        int[] kernel = convolution.kernel();
        elements = Arrays.stream(kernel).reduce(1, Math::multiplyExact);
        sources = new int[positions * elements];
        for (int place = 0; place < positions; place++) {
            for (int k = 0; k < elements; k++) {
                int source = 0;
                int stride = 1;
                int restOfPlace = place;
                int restOfWindow = k;
                for (int axis = axes - 1; axis >= 0; axis--) {
                    int i = restOfPlace % (int) y.size[axis] * convolution.stride()[axis]
                            + restOfWindow % kernel[axis]
                            - convolution.padding()[axis];
                    restOfPlace /= (int) y.size[axis];
                    restOfWindow /= kernel[axis];
                    boolean inside = i >= 0 && i < xSize[axis];
                    source = inside && source >= 0 ? source + i * stride : -1;
                    stride *= (int) xSize[axis];
                }
                sources[place * elements + k] = source;
            }
        }
    }

    private int line() {
        return x.channels * elements;
    }

    private int tasks() {
        return (x.channels + TOGETHER - 1) / TOGETHER;
    }

    private long work() {
        return (long) x.samples * positions * line();
    }

    /** From maps to the matrix. */
    void gather(FloatBuffer from, FloatBuffer matrix) {
        Rows.forEach(tasks(), work(), (task, unused) -> {
            int first = task * TOGETHER;
            int channels = Math.min(TOGETHER, x.channels - first);
            Blocks blocks = Blocks.ofThread();
            float[] values = blocks.a(x.positions * channels);
            float[] part = blocks.b(channels * elements);
            for (int n = 0; n < x.samples; n++) {
                for (int q = 0; q < x.positions; q++) {
                    from.get((n * x.positions + q) * x.channels + first, values, q * channels, channels);
                }
                for (int p = 0; p < positions; p++) {
                    for (int k = 0; k < elements; k++) {
                        int source = sources[p * elements + k];
                        for (int c = 0; c < channels; c++) {
                            part[c * elements + k] = source < 0 ? 0 : values[source * channels + c];
                        }
                    }
                    matrix.put((n * positions + p) * line() + first * elements, part, 0, channels * elements);
                }
            }
        });
    }

    /** The transpose of {@link #gather}: sums up to where elements came from, and to what is there if {@code add}. */
    void scatter(FloatBuffer matrix, FloatBuffer to, boolean add) {
        Rows.forEach(tasks(), work(), (task, unused) -> {
            int first = task * TOGETHER;
            int channels = Math.min(TOGETHER, x.channels - first);
            Blocks blocks = Blocks.ofThread();
            float[] values = blocks.a(x.positions * channels);
            for (int n = 0; n < x.samples; n++) {
                Arrays.fill(values, 0, x.positions * channels, 0);
                for (int q = 0; add && q < x.positions; q++) {
                    to.get((n * x.positions + q) * x.channels + first, values, q * channels, channels);
                }
                for (int p = 0; p < positions; p++) {
                    float[] part =
                            blocks.loadB(matrix, (n * positions + p) * line() + first * elements, channels * elements);
                    for (int k = 0; k < elements; k++) {
                        int source = sources[p * elements + k];
                        for (int c = 0; source >= 0 && c < channels; c++) {
                            values[source * channels + c] += part[c * elements + k];
                        }
                    }
                }
                for (int q = 0; q < x.positions; q++) {
                    to.put((n * x.positions + q) * x.channels + first, values, q * channels, channels);
                }
            }
        });
    }
}
