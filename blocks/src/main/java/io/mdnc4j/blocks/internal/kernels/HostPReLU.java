package io.mdnc4j.blocks.internal.kernels;

import static io.mdnc4j.blocks.internal.kernels.Rows.BLOCK;
import static io.mdnc4j.blocks.internal.kernels.Rows.LANES;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** PReLU and ReLU over rows, on the host. A row is one task. */
final class HostPReLU {
    /** Times this, every positive normal float is at least 1: {@code clamp(x * STEEP, 0, 1)} is 1 for x > 0, else 0. */
    private static final float STEEP = Float.MAX_VALUE;

    private HostPReLU() {}

    static void forward(INDArray x, INDArray slope, INDArray y) {
        FloatBuffer in = Rows.of(x);
        FloatBuffer out = Rows.of(y);
        Tiles tiles = new Tiles(x, slope);
        tiles.forEach(x.length(), (start, length, scratch) -> {
            float[] block = scratch.loadA(in, start, length);
            for (int row = start / tiles.row, from = 0; from < length; row++) {
                int to = Math.min(length, (row + 1) * tiles.row - start);
                float a = tiles.slope(row);
                for (int i = from; i < to; i++) {
                    block[i] = Math.max(block[i], 0) + a * Math.min(block[i], 0);
                }
                from = to;
            }
            out.put(start, block, 0, length);
        });
    }

    static void backward(INDArray x, boolean overwritten, INDArray dy, INDArray slope, INDArray dx, INDArray dSlope) {
        int channels = (int) x.size(1);
        FloatBuffer in = Rows.of(x);
        FloatBuffer gradient = Rows.of(dy);
        FloatBuffer out = Rows.of(dx);
        Tiles tiles = new Tiles(x, slope);
        int rows = tiles.rows;
        double[] products = new double[rows];
        tiles.forEach(2 * x.length(), (start, length, scratch) -> {
            float[] block = scratch.loadA(in, start, length);
            float[] grad = scratch.loadB(gradient, start, length);
            for (int row = start / tiles.row, from = 0; from < length; row++) {
                int to = Math.min(length, (row + 1) * tiles.row - start);
                float a = tiles.slope(row);
                if (dSlope != null) {
                    products[row] += negative(block, grad, from, to, scratch.lanes);
                }
                for (int i = from; i < to; i++) {
                    float positive = Math.min(Math.max(block[i] * STEEP, 0), 1);
                    grad[i] = grad[i] * positive + a * grad[i] * (1 - positive);
                }
                from = to;
            }
            out.put(start, grad, 0, length);
        });
        if (dSlope != null) {
            float[] sums = new float[channels];
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                for (int r = c; r < rows; r += channels) {
                    sum += products[r];
                }
                // the output's negative part is slope times the input's
                sums[c] = (float) (overwritten ? sum / tiles.slopes[c] : sum);
            }
            Rows.of(dSlope).put(0, sums);
        }
    }

    /** Sum of x * dy over the x below 0. */
    private static double negative(float[] x, float[] dy, int from, int to, float[] lanes) {
        int i = from;
        for (; i + LANES <= to; i += LANES) {
            for (int j = 0; j < LANES; j++) {
                lanes[j] += Math.min(x[i + j], 0) * dy[i + j];
            }
        }
        double rest = 0;
        for (; i < to; i++) {
            rest += Math.min(x[i], 0) * dy[i];
        }
        return to - from < LANES ? rest : rest + Rows.drain(lanes);
    }

    /** What is worked on at a time: a block of a row, or several short rows. */
    private static final class Tiles {
        final int rows;
        final int row;
        private final int channels;
        private final float[] slopes;

        Tiles(INDArray x, INDArray slope) {
            channels = (int) x.size(1);
            rows = (int) (x.size(0) * channels);
            row = (int) (x.length() / rows);
            slopes = slope == null ? new float[channels] : Rows.copy(slope);
        }

        float slope(int row) {
            return slopes[row % channels];
        }

        void forEach(long elements, Tile tile) {
            int rowsAtOnce = Math.max(1, BLOCK / row);
            Rows.forEach((rows + rowsAtOnce - 1) / rowsAtOnce, elements, (number, scratch) -> {
                int start = number * rowsAtOnce * row;
                int end = Math.min(rows, (number + 1) * rowsAtOnce) * row;
                for (int from = start; from < end; from += BLOCK) {
                    tile.run(from, Math.min(BLOCK, end - from), scratch);
                }
            });
        }
    }

    @FunctionalInterface
    private interface Tile {
        void run(int start, int length, Scratch scratch);
    }
}
