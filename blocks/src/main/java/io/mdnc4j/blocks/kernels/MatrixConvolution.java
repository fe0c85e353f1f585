package io.mdnc4j.blocks.kernels;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Convolutions as matrix products over the weights as they lie, {@code [out, in * window]}, on the host: faster than
 * oneDNN's kernels where those spend their time reordering: for kernels of 1 on large maps, and for many weights that meet
 * few positions.
 *
 * <p>The other factor has a column for each output position and a row for each input channel and window element; for an
 * unstrided kernel of 1 it is the input itself. Small maps of several samples share one product.
 */
final class MatrixConvolution {
    /** Columns that a product should have at least, if there are more samples to take them from. */
    private static final long COLUMNS = 512;

    /** The largest matrix of columns, in elements. */
    private static final long LARGEST = 1 << 24;

    /** Multiply-adds below which OpenBLAS takes one thread for a product, so that samples can be taken in parallel. */
    private static final long SINGLE_THREADED = 1 << 18;

    /** An unstrided kernel of 1 on maps so large, with no more channels than {@link #FEW}, is mere copying for oneDNN. */
    private static final int LARGE_MAP = 2048;

    private static final int FEW = 96;

    /** Weights so many are mere copying for oneDNN where they meet only a few positions. */
    private static final long MANY_WEIGHTS = 1 << 22;

    /** Positions in all that are few: for a forward pass, and for a backward pass, whose weights oneDNN copies twice. */
    private static final long FEW_FORWARD = 64;

    private static final long FEW_BACKWARD = 128;

    private final Axis depth;
    private final Axis height;
    private final Axis width;
    private final int samples;
    private final int in;
    private final int out;
    private final int window;
    private final int positions;
    private final boolean direct;
    /** Samples that share a product. */
    private final int group;

    private record Axis(int in, int out, int kernel, int stride, int padding) {
        static final Axis NONE = new Axis(1, 1, 1, 1, 0);

        boolean trivial() {
            return kernel == 1 && stride == 1 && padding == 0;
        }
    }

    MatrixConvolution(Convolutions convolution, INDArray x, INDArray y) {
        int axes = convolution.kernel().length;
        Axis[] all = {Axis.NONE, Axis.NONE, Axis.NONE};
        for (int i = 0; i < axes; i++) {
            all[3 - axes + i] = new Axis(
                    (int) x.size(i + 2),
                    (int) y.size(i + 2),
                    convolution.kernel()[i],
                    convolution.stride()[i],
                    convolution.padding()[i]);
        }
        depth = all[0];
        height = all[1];
        width = all[2];
        samples = (int) x.size(0);
        in = (int) x.size(1);
        out = (int) y.size(1);
        window = depth.kernel * height.kernel * width.kernel;
        positions = depth.out * height.out * width.out;
        direct = Arrays.stream(all).allMatch(Axis::trivial);
        long wanted = (COLUMNS + positions - 1) / positions;
        long affordable = Math.max(1, LARGEST / ((long) in * window * positions));
        group = (int) Math.min(samples, Math.min(wanted, affordable));
    }

    /**
     * Whether this way is the faster one, by rules measured on two cores with AVX-512: oneDNN is ahead wherever its
     * reordering of activations and weights is small beside the arithmetic.
     */
    boolean suits(boolean forward) {
        if (direct && positions >= LARGE_MAP && Math.max(in, out) <= FEW) {
            return true;
        }
        long few = forward ? FEW_FORWARD : FEW_BACKWARD;
        return (long) in * out * window >= MANY_WEIGHTS && (long) samples * positions <= few;
    }

    void forward(INDArray x, INDArray weight, INDArray bias, INDArray y) {
        FloatPointer weights = pointer(weight);
        if (sampleWise()) {
            Rows.forEach(
                    samples,
                    work(),
                    (n, scratch) -> multiply(false, false, out, positions, in, weights, sample(x, n), 0, sample(y, n)));
        } else {
            forwardInGroups(x, weights, y);
        }
        if (bias != null) {
            addBias(bias, y);
        }
    }

    /** Whether each sample's products are small and need no packing, so that cores share the samples. */
    private boolean sampleWise() {
        return direct && group == 1 && samples > 1 && (long) in * out * positions < SINGLE_THREADED;
    }

    private long work() {
        return (long) samples * in * out * positions;
    }

    private void forwardInGroups(INDArray x, FloatPointer weights, INDArray y) {
        boolean packedOut = group > 1;
        INDArray columns = direct && !packedOut ? null : matrix((long) in * window);
        INDArray products = packedOut ? matrix(out) : null;
        for (int first = 0; first < samples; first += group) {
            int count = Math.min(group, samples - first);
            int width = count * positions;
            FloatPointer factor = columns == null ? sample(x, first) : columns(x, first, count, columns);
            FloatPointer product = packedOut ? pointer(products) : sample(y, first);
            multiply(false, false, out, width, in * window, weights, factor, 0, product);
            if (packedOut) {
                spread(products, y, first, count);
            }
        }
    }

    void backward(INDArray x, INDArray weight, INDArray dy, INDArray dx, INDArray dWeight, INDArray dBias) {
        if (sampleWise()) {
            backwardBySamples(x, pointer(weight), dy, dx, dWeight);
        } else {
            backwardInGroups(x, pointer(weight), dy, dx, pointer(dWeight));
        }
        if (dBias != null) {
            sumPositions(dy, dBias);
        }
    }

    /** Each core takes a share of the samples and sums their weight gradients apart. */
    private void backwardBySamples(INDArray x, FloatPointer weights, INDArray dy, INDArray dx, INDArray dWeight) {
        int shares = Math.min(samples, Runtime.getRuntime().availableProcessors());
        INDArray sums = Nd4j.createUninitialized(DataType.FLOAT, shares, (long) out * in);
        Rows.forEach(shares, work(), (share, scratch) -> {
            int first = share * samples / shares;
            int end = (share + 1) * samples / shares;
            for (int n = first; n < end; n++) {
                FloatPointer gradient = sample(dy, n);
                multiply(
                        false,
                        true,
                        out,
                        in,
                        positions,
                        gradient,
                        sample(x, n),
                        n == first ? 0 : 1,
                        sample(sums, share));
                multiply(true, false, in, positions, out, weights, gradient, 0, sample(dx, n));
            }
        });
        float[] total = new float[out * in];
        float[] share = new float[out * in];
        for (int i = 0; i < shares; i++) {
            Rows.of(sums).get(i * total.length, share);
            for (int j = 0; j < total.length; j++) {
                total[j] += share[j];
            }
        }
        Rows.of(dWeight).put(0, total);
    }

    private void backwardInGroups(INDArray x, FloatPointer weights, INDArray dy, INDArray dx, FloatPointer dWeights) {
        boolean packedOut = group > 1;
        boolean packedIn = packedOut || !direct;
        INDArray columns = packedIn ? matrix((long) in * window) : null;
        INDArray gradients = packedOut ? matrix(out) : null;
        for (int first = 0; first < samples; first += group) {
            int count = Math.min(group, samples - first);
            int width = count * positions;
            FloatPointer gradient;
            if (packedOut) {
                gather(dy, gradients, first, count);
                gradient = pointer(gradients);
            } else {
                gradient = sample(dy, first);
            }
            FloatPointer factor = packedIn ? columns(x, first, count, columns) : sample(x, first);
            multiply(false, true, out, in * window, width, gradient, factor, first == 0 ? 0 : 1, dWeights);
            // the columns have served: their gradient takes their place
            FloatPointer dColumns = packedIn ? factor : sample(dx, first);
            multiply(true, false, in * window, width, out, weights, gradient, 0, dColumns);
            if (packedIn) {
                scatter(columns, dx, first, count);
            }
        }
    }

    private INDArray matrix(long rows) {
        return Nd4j.createUninitialized(DataType.FLOAT, rows * group * positions);
    }

    /** {@code c = op(a) op(b) + beta c}, row-major, {@code op(a)} being {@code [rows, inner]}. */
    private static void multiply(
            boolean transposeA,
            boolean transposeB,
            int rows,
            int columns,
            int inner,
            FloatPointer a,
            FloatPointer b,
            float beta,
            FloatPointer c) {
        cblas_sgemm(
                CblasRowMajor,
                transposeA ? CblasTrans : CblasNoTrans,
                transposeB ? CblasTrans : CblasNoTrans,
                rows,
                columns,
                inner,
                1,
                a,
                transposeA ? rows : inner,
                b,
                transposeB ? inner : columns,
                beta,
                c,
                columns);
    }

    /** Fills the matrix of columns {@code [in * window, count * positions]} of some samples. */
    private FloatPointer columns(INDArray x, int first, int count, INDArray columns) {
        FloatBuffer source = Rows.of(x);
        FloatBuffer target = Rows.of(columns);
        int map = depth.in * height.in * width.in;
        int row = count * positions;
        Rows.forEach(in, (long) in * window * row, (channel, scratch) -> {
            float[] values = scratch.first(map);
            float[] line = scratch.second(row);
            for (int n = 0; n < count; n++) {
                source.get(((first + n) * in + channel) * map, values, 0, map);
                for (int k = 0; k < window; k++) {
                    read(values, k, line);
                    target.put((channel * window + k) * row + n * positions, line, 0, positions);
                }
            }
        });
        return pointer(columns);
    }

    /** Sums the matrix of columns back to where its elements came from. */
    private void scatter(INDArray columns, INDArray dx, int first, int count) {
        FloatBuffer source = Rows.of(columns);
        FloatBuffer target = Rows.of(dx);
        int map = depth.in * height.in * width.in;
        int row = count * positions;
        Rows.forEach(in, (long) in * window * row, (channel, scratch) -> {
            float[] values = scratch.first(map);
            float[] line = scratch.second(row);
            for (int n = 0; n < count; n++) {
                Arrays.fill(values, 0, map, 0);
                for (int k = 0; k < window; k++) {
                    source.get((channel * window + k) * row + n * positions, line, 0, positions);
                    add(line, k, values);
                }
                target.put(((first + n) * in + channel) * map, values, 0, map);
            }
        });
    }

    /** For window element {@code k}, the elements that each position sees; 0 in the padding. */
    private void read(float[] map, int k, float[] line) {
        int kd = k / (height.kernel * width.kernel);
        int kh = k / width.kernel % height.kernel;
        int kw = k % width.kernel;
        int i = 0;
        for (int d = 0; d < depth.out; d++) {
            int z = d * depth.stride + kd - depth.padding;
            for (int h = 0; h < height.out; h++) {
                int y = h * height.stride + kh - height.padding;
                boolean inside = z >= 0 && z < depth.in && y >= 0 && y < height.in;
                int base = (z * height.in + y) * width.in;
                int x = kw - width.padding;
                for (int w = 0; w < width.out; w++, x += width.stride) {
                    line[i++] = inside && x >= 0 && x < width.in ? map[base + x] : 0;
                }
            }
        }
    }

    /** The transpose of {@link #read}. */
    private void add(float[] line, int k, float[] map) {
        int kd = k / (height.kernel * width.kernel);
        int kh = k / width.kernel % height.kernel;
        int kw = k % width.kernel;
        int i = 0;
        for (int d = 0; d < depth.out; d++) {
            int z = d * depth.stride + kd - depth.padding;
            for (int h = 0; h < height.out; h++) {
                int y = h * height.stride + kh - height.padding;
                if (z < 0 || z >= depth.in || y < 0 || y >= height.in) {
                    i += width.out;
                    continue;
                }
                int base = (z * height.in + y) * width.in;
                int x = kw - width.padding;
                for (int w = 0; w < width.out; w++, x += width.stride, i++) {
                    if (x >= 0 && x < width.in) {
                        map[base + x] += line[i];
                    }
                }
            }
        }
    }

    /** From {@code [out, count * positions]} to samples. */
    private void spread(INDArray products, INDArray y, int first, int count) {
        FloatBuffer source = Rows.of(products);
        FloatBuffer target = Rows.of(y);
        Rows.forEach(out, (long) out * count * positions, (channel, scratch) -> {
            float[] line = scratch.first(count * positions);
            source.get(channel * count * positions, line, 0, count * positions);
            for (int n = 0; n < count; n++) {
                target.put(((first + n) * out + channel) * positions, line, n * positions, positions);
            }
        });
    }

    /** From samples to {@code [out, count * positions]}. */
    private void gather(INDArray dy, INDArray gradients, int first, int count) {
        FloatBuffer source = Rows.of(dy);
        FloatBuffer target = Rows.of(gradients);
        Rows.forEach(out, (long) out * count * positions, (channel, scratch) -> {
            float[] line = scratch.first(count * positions);
            for (int n = 0; n < count; n++) {
                source.get(((first + n) * out + channel) * positions, line, n * positions, positions);
            }
            target.put(channel * count * positions, line, 0, count * positions);
        });
    }

    private void addBias(INDArray bias, INDArray y) {
        float[] values = Rows.copy(bias);
        FloatBuffer target = Rows.of(y);
        Rows.forEach(samples * out, y.length(), (row, scratch) -> {
            float[] line = scratch.first(positions);
            target.get(row * positions, line, 0, positions);
            float value = values[row % out];
            for (int i = 0; i < positions; i++) {
                line[i] += value;
            }
            target.put(row * positions, line, 0, positions);
        });
    }

    private void sumPositions(INDArray dy, INDArray dBias) {
        FloatBuffer source = Rows.of(dy);
        float[] sums = new float[out];
        Rows.forEach(out, dy.length(), (channel, scratch) -> {
            float[] line = scratch.first(positions);
            double sum = 0;
            for (int n = 0; n < samples; n++) {
                source.get((n * out + channel) * positions, line, 0, positions);
                for (int i = 0; i < positions; i++) {
                    sum += line[i];
                }
            }
            sums[channel] = (float) sum;
        });
        Rows.of(dBias).put(0, sums);
    }

    private static FloatPointer pointer(INDArray array) {
        return new FloatPointer(array.data().addressPointer());
    }

    private static FloatPointer sample(INDArray array, int n) {
        return pointer(array).getPointer(n * (array.length() / array.size(0)));
    }
}
