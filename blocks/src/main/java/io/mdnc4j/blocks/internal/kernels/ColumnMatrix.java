package io.mdnc4j.blocks.internal.kernels;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Maps {@code [N, C, size...]} as matrices with a column for each output position of a convolution, those of all samples
 * side by side: {@code [C * window, N * positions]} with a row for each channel and window element, and
 * {@code [C, N * positions]} for the output.
 */
final class ColumnMatrix {
    final int samples;
    final int window;
    final int positions;
    /** Whether the columns of a sample are the sample itself: an unstrided kernel of 1. */
    final boolean plain;

    private final Axis depth;
    private final Axis height;
    private final Axis width;
    private final int map;

    private record Axis(int in, int out, int kernel, int stride, int padding) {
        static final Axis NONE = new Axis(1, 1, 1, 1, 0);

        boolean plain() {
            return kernel == 1 && stride == 1 && padding == 0;
        }
    }

    ColumnMatrix(Convolutions convolution, long[] xShape, long[] yShape) {
        int axes = convolution.kernel().length;
        Axis[] all = {Axis.NONE, Axis.NONE, Axis.NONE};
        for (int i = 0; i < axes; i++) {
            all[3 - axes + i] = new Axis(
                    (int) xShape[i + 2],
                    (int) yShape[i + 2],
                    convolution.kernel()[i],
                    convolution.stride()[i],
                    convolution.padding()[i]);
        }
        depth = all[0];
        height = all[1];
        width = all[2];
        samples = (int) xShape[0];
        map = depth.in * height.in * width.in;
        window = depth.kernel * height.kernel * width.kernel;
        positions = depth.out * height.out * width.out;
        plain = Stream.of(all).allMatch(Axis::plain);
    }

    int columns() {
        return samples * positions;
    }

    /** From maps of the input to columns; what lies in the padding is 0. */
    void fill(INDArray x, FloatBuffer matrix) {
        if (plain) {
            gather(x, matrix);
            return;
        }
        int channels = (int) x.size(1);
        FloatBuffer source = Rows.of(x);
        Rows.forEach(channels, elements(channels), (channel, scratch) -> {
            float[] values = scratch.first(map);
            float[] line = scratch.second(window * columns());
            for (int n = 0; n < samples; n++) {
                source.get((n * channels + channel) * map, values, 0, map);
                for (int k = 0; k < window; k++) {
                    read(values, k, line, k * columns() + n * positions);
                }
            }
            matrix.put(channel * window * columns(), line, 0, window * columns());
        });
    }

    /** The transpose of {@link #fill}: sums columns up to where their elements came from. */
    void sumUp(FloatBuffer matrix, INDArray dx) {
        if (plain) {
            spread(matrix, dx);
            return;
        }
        int channels = (int) dx.size(1);
        FloatBuffer target = Rows.of(dx);
        Rows.forEach(channels, elements(channels), (channel, scratch) -> {
            float[] values = scratch.first(map);
            float[] line = scratch.second(window * columns());
            matrix.get(channel * window * columns(), line, 0, window * columns());
            for (int n = 0; n < samples; n++) {
                Arrays.fill(values, 0, map, 0);
                for (int k = 0; k < window; k++) {
                    add(line, k * columns() + n * positions, k, values);
                }
                target.put((n * channels + channel) * map, values, 0, map);
            }
        });
    }

    private long elements(int channels) {
        return (long) channels * window * columns();
    }

    /** From maps of the output to rows. */
    void gather(INDArray y, FloatBuffer matrix) {
        int channels = (int) y.size(1);
        FloatBuffer source = Rows.of(y);
        Rows.forEach(channels, y.length(), (channel, scratch) -> {
            float[] line = scratch.first(columns());
            for (int n = 0; n < samples; n++) {
                source.get((n * channels + channel) * positions, line, n * positions, positions);
            }
            matrix.put(channel * columns(), line, 0, columns());
        });
    }

    /** From rows to maps of the output. */
    void spread(FloatBuffer matrix, INDArray y) {
        int channels = (int) y.size(1);
        FloatBuffer target = Rows.of(y);
        Rows.forEach(channels, y.length(), (channel, scratch) -> {
            float[] line = scratch.first(columns());
            matrix.get(channel * columns(), line, 0, columns());
            for (int n = 0; n < samples; n++) {
                target.put((n * channels + channel) * positions, line, n * positions, positions);
            }
        });
    }

    /** For window element {@code k}, what each position sees; 0 in the padding. */
    private void read(float[] map, int k, float[] line, int start) {
        int i = start;
        for (int d = 0; d < depth.out; d++) {
            for (int h = 0; h < height.out; h++) {
                int row = row(k, d, h);
                int x = k % width.kernel - width.padding;
                for (int w = 0; w < width.out; w++, x += width.stride) {
                    line[i++] = row >= 0 && x >= 0 && x < width.in ? map[row + x] : 0;
                }
            }
        }
    }

    /** The transpose of {@link #read}. */
    private void add(float[] line, int start, int k, float[] map) {
        int i = start;
        for (int d = 0; d < depth.out; d++) {
            for (int h = 0; h < height.out; h++) {
                int row = row(k, d, h);
                int x = k % width.kernel - width.padding;
                for (int w = 0; w < width.out; w++, x += width.stride, i++) {
                    if (row >= 0 && x >= 0 && x < width.in) {
                        map[row + x] += line[i];
                    }
                }
            }
        }
    }

    /** Where the row of the input starts that window element {@code k} sees at those positions; -1 in the padding. */
    private int row(int k, int d, int h) {
        int z = d * depth.stride + k / (height.kernel * width.kernel) - depth.padding;
        int y = h * height.stride + k / width.kernel % height.kernel - height.padding;
        boolean inside = z >= 0 && z < depth.in && y >= 0 && y < height.in;
        return inside ? (z * height.in + y) * width.in : -1;
    }
}
