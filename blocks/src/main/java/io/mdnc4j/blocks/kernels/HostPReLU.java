package io.mdnc4j.blocks.kernels;

import static io.mdnc4j.blocks.kernels.Rows.BLOCK;
import static io.mdnc4j.blocks.kernels.Rows.LANES;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** PReLU and ReLU over rows, on the host. A row is one task. */
final class HostPReLU {
    /** Times this, every positive normal float is at least 1: {@code clamp(x * STEEP, 0, 1)} is 1 for x > 0, else 0. */
    private static final float STEEP = Float.MAX_VALUE;

    private HostPReLU() {}

    static void forward(INDArray x, INDArray slope, INDArray y) {
        int channels = (int) x.size(1);
        int rows = (int) (x.size(0) * channels);
        int row = (int) (x.length() / rows);
        FloatBuffer in = Rows.of(x);
        FloatBuffer out = Rows.of(y);
        float[] slopes = slope == null ? new float[channels] : Rows.copy(slope);
        Rows.forEach(rows, x.length(), (r, scratch) -> {
            float[] block = scratch.a;
            float a = slopes[r % channels];
            for (int from = 0; from < row; from += BLOCK) {
                int length = Math.min(BLOCK, row - from);
                in.get(r * row + from, block, 0, length);
                for (int i = 0; i < length; i++) {
                    block[i] = Math.max(block[i], 0) + a * Math.min(block[i], 0);
                }
                out.put(r * row + from, block, 0, length);
            }
        });
    }

    static void backward(INDArray x, INDArray dy, INDArray slope, INDArray dx, INDArray dSlope) {
        int channels = (int) x.size(1);
        int rows = (int) (x.size(0) * channels);
        int row = (int) (x.length() / rows);
        FloatBuffer in = Rows.of(x);
        FloatBuffer gradient = Rows.of(dy);
        FloatBuffer out = Rows.of(dx);
        float[] slopes = slope == null ? new float[channels] : Rows.copy(slope);
        double[] products = new double[rows];
        Rows.forEach(rows, 2 * x.length(), (r, scratch) -> {
            float[] block = scratch.a;
            float[] grad = scratch.b;
            float a = slopes[r % channels];
            double product = 0;
            for (int from = 0; from < row; from += BLOCK) {
                int length = Math.min(BLOCK, row - from);
                in.get(r * row + from, block, 0, length);
                gradient.get(r * row + from, grad, 0, length);
                if (dSlope != null) {
                    product += negative(block, grad, length, scratch.lanes);
                }
                for (int i = 0; i < length; i++) {
                    float positive = Math.min(Math.max(block[i] * STEEP, 0), 1);
                    grad[i] = grad[i] * positive + a * grad[i] * (1 - positive);
                }
                out.put(r * row + from, grad, 0, length);
            }
            products[r] = product;
        });
        if (dSlope != null) {
            float[] sums = new float[channels];
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                for (int r = c; r < rows; r += channels) {
                    sum += products[r];
                }
                sums[c] = (float) sum;
            }
            Rows.of(dSlope).put(0, sums);
        }
    }

    /** Sum of x * dy over the x below 0. */
    private static double negative(float[] x, float[] dy, int length, float[] lanes) {
        int i = 0;
        for (; i + LANES <= length; i += LANES) {
            for (int j = 0; j < LANES; j++) {
                lanes[j] += Math.min(x[i + j], 0) * dy[i + j];
            }
        }
        for (int j = 0; i + j < length; j++) {
            lanes[j] += Math.min(x[i + j], 0) * dy[i + j];
        }
        return Rows.drain(lanes);
    }
}
