package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.HostInterpolation.Axis;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Linear interpolation, corners aligned. A line of the output along the last axis is made of up to four lines of the input,
 * mixed, and then interpolated along that axis.
 */
final class Upsampling extends Step {
    private final int channels;
    private final Axis depth;
    private final Axis height;
    private final Axis width;
    /** For each place of the input along the first axes those of the output that it takes part in; made on first use. */
    private int[][] depths;

    private int[][] heights;

    /** Elements of a line of the input and of the output. */
    private final int small;

    private final int large;

    Upsampling(String name, Maps x, Maps y) {
        super(name, y, x);
        channels = x.channels;
        int[] in = x.volume();
        int[] out = y.volume();
        depth = Axis.of(in[0], out[0]);
        height = Axis.of(in[1], out[1]);
        width = Axis.of(in[2], out[2]);
        small = in[2] * channels;
        large = out[2] * channels;
    }

    @Override
    boolean readsInputsBackward() {
        return false;
    }

    /** Lines of one sample and row of the output. */
    private int lines() {
        return output.samples * depth.out() * height.out();
    }

    @Override
    void forward(OneDnn oneDnn, boolean training) {
        FloatBuffer from = input().buffer();
        FloatBuffer to = output.buffer();
        Rows.forEach(lines(), output.elements(), (number, scratch) -> {
            Blocks blocks = Blocks.ofThread();
            float[] mixed = mixed(number, from, blocks);
            float[] line = blocks.c(large);
            for (int w = 0; w < width.out(); w++) {
                mix(
                        mixed,
                        width.source(w, 0) * channels,
                        width.source(w, 1) * channels,
                        width.weight(w, 1),
                        line,
                        w * channels);
            }
            to.put(number * large, line, 0, large);
        });
    }

    /** The input's lines around a line of the output, weighed. */
    private float[] mixed(int number, FloatBuffer from, Blocks blocks) {
        int h = number % height.out();
        int d = number / height.out() % depth.out();
        int n = number / height.out() / depth.out();
        float[] mixed = blocks.a(small);
        boolean first = true;
        for (int i = 0; i < 4; i++) {
            float weight = depth.weight(d, i / 2) * height.weight(h, i % 2);
            if (weight == 0) {
                continue;
            }
            int line = (n * depth.in() + depth.source(d, i / 2)) * height.in() + height.source(h, i % 2);
            float[] source = first && weight == 1 ? mixed : blocks.b(small);
            from.get(line * small, source, 0, small);
            if (source != mixed) {
                if (first) {
                    Arrays.fill(mixed, 0, small, 0);
                }
                addWeighed(source, weight, mixed, small);
            }
            first = false;
        }
        return mixed;
    }

    private static void addWeighed(float[] from, float weight, float[] to, int length) {
        for (int i = 0; i < length; i++) {
            to[i] += weight * from[i];
        }
    }

    private void mix(float[] from, int lower, int upper, float weight, float[] to, int offset) {
        for (int c = 0; c < channels; c++) {
            float low = from[lower + c];
            to[offset + c] = low + weight * (from[upper + c] - low);
        }
    }

    @Override
    long scratchBackward() {
        return (long) lines() * small;
    }

    /** First along the last axis, then along the others: no two tasks write to the same place. */
    @Override
    void backward(OneDnn oneDnn) {
        if (!input().wantsGradient) {
            return;
        }
        FloatBuffer gradient = output.gradientBuffer();
        FloatBuffer between = scratch.buffer();
        FloatBuffer to = input().gradientBuffer();
        Rows.forEach(lines(), output.elements(), (number, unused) -> {
            Blocks blocks = Blocks.ofThread();
            float[] line = blocks.loadA(gradient, number * large, large);
            float[] sums = blocks.b(small);
            Arrays.fill(sums, 0, small, 0);
            for (int w = 0; w < width.out(); w++) {
                spread(line, w * channels, width.weight(w, 0), sums, width.source(w, 0) * channels);
                spread(line, w * channels, width.weight(w, 1), sums, width.source(w, 1) * channels);
            }
            between.put(number * small, sums, 0, small);
        });
        if (depths == null) {
            depths = readers(depth);
            heights = readers(height);
        }
        int count = output.samples * depth.in() * height.in();
        Rows.forEach(count, output.elements(), (number, unused) -> {
            Blocks blocks = Blocks.ofThread();
            int h = number % height.in();
            int d = number / height.in() % depth.in();
            int n = number / height.in() / depth.in();
            float[] sums = blocks.a(small);
            Arrays.fill(sums, 0, small, 0);
            for (int dd : depths[d]) {
                for (int hh : heights[h]) {
                    int line = (n * depth.out() + dd) * height.out() + hh;
                    addWeighed(
                            blocks.loadB(between, line * small, small),
                            weight(depth, dd, d) * weight(height, hh, h),
                            sums,
                            small);
                }
            }
            if (adds[0]) {
                Normalizing.add(sums, blocks.loadC(to, number * small, small), small);
            }
            to.put(number * small, sums, 0, small);
        });
    }

    private void spread(float[] from, int offset, float weight, float[] to, int target) {
        if (weight == 0) {
            return;
        }
        for (int c = 0; c < channels; c++) {
            to[target + c] += weight * from[offset + c];
        }
    }

    /** For each place of the input those of the output that it takes part in. */
    private static int[][] readers(Axis axis) {
        int[][] readers = new int[axis.in()][];
        for (int i = 0; i < axis.in(); i++) {
            int place = i;
            readers[i] = java.util.stream.IntStream.range(0, axis.out())
                    .filter(out -> weight(axis, out, place) != 0)
                    .toArray();
        }
        return readers;
    }

    /** What a place of the input counts for one of the output. */
    private static float weight(Axis axis, int out, int in) {
        return (axis.source(out, 0) == in ? axis.weight(out, 0) : 0)
                + (axis.source(out, 1) == in ? axis.weight(out, 1) : 0);
    }
}
