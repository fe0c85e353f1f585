package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Averages over windows that cover the input. */
final class Pooling extends Step {
    private final int[] in;
    private final int[] out;

    Pooling(String name, Maps x, Maps y) {
        super(name, y, x);
        in = x.volume();
        out = y.volume();
    }

    @Override
    boolean readsInputsBackward() {
        return false;
    }

    @Override
    void forward(OneDnn oneDnn, boolean training) {
        int channels = output.channels;
        FloatBuffer from = input().buffer();
        FloatBuffer to = output.buffer();
        Rows.forEach(output.samples * output.positions, input().elements(), (place, scratch) -> {
            Blocks blocks = Blocks.ofThread();
            float[] sums = blocks.a(channels);
            Arrays.fill(sums, 0, channels, 0);
            int count = forEachLine(place, (offset, length) -> {
                float[] line = blocks.loadB(from, offset, length);
                for (int i = 0; i < length; i += channels) {
                    for (int c = 0; c < channels; c++) {
                        sums[c] += line[i + c];
                    }
                }
            });
            for (int c = 0; c < channels; c++) {
                sums[c] /= count;
            }
            to.put(place * channels, sums, 0, channels);
        });
    }

    /** Windows can share elements where the sizes do not divide, so samples are what is done at once. */
    @Override
    void backward(OneDnn oneDnn) {
        if (!input().wantsGradient) {
            return;
        }
        int channels = output.channels;
        int sample = input().sample();
        FloatBuffer gradient = output.gradientBuffer();
        FloatBuffer to = input().gradientBuffer();
        Rows.forEach(output.samples, input().elements(), (n, scratch) -> {
            Blocks blocks = Blocks.ofThread();
            float[] sums = blocks.a(sample);
            if (adds[0]) {
                to.get(n * sample, sums, 0, sample);
            } else {
                Arrays.fill(sums, 0, sample, 0);
            }
            for (int i = 0; i < output.positions; i++) {
                int place = n * output.positions + i;
                float[] dy = blocks.loadB(gradient, place * channels, channels);
                int count = forEachLine(place, (offset, length) -> {});
                forEachLine(place, (offset, length) -> {
                    for (int at = offset - n * sample; at < offset - n * sample + length; at += channels) {
                        for (int c = 0; c < channels; c++) {
                            sums[at + c] += dy[c] / count;
                        }
                    }
                });
            }
            to.put(n * sample, sums, 0, sample);
        });
    }

    @FunctionalInterface
    private interface Line {
        void run(int offset, int length);
    }

    /** The parts of lines that the window of a place of the output has; the number of its positions. */
    private int forEachLine(int place, Line action) {
        int w = place % out[2];
        int h = place / out[2] % out[1];
        int d = place / out[2] / out[1] % out[0];
        int n = place / output.positions;
        int first = from(w, 2);
        int length = to(w, 2) - first;
        int count = 0;
        for (int z = from(d, 0); z < to(d, 0); z++) {
            for (int y = from(h, 1); y < to(h, 1); y++) {
                action.run((((n * in[0] + z) * in[1] + y) * in[2] + first) * output.channels, length * output.channels);
                count += length;
            }
        }
        return count;
    }

    private int from(int i, int axis) {
        return (int) ((long) i * in[axis] / out[axis]);
    }

    private int to(int i, int axis) {
        return (int) (((i + 1L) * in[axis] + out[axis] - 1) / out[axis]);
    }
}
