package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import io.mdnc4j.blocks.internal.kernels.Statistics;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A normalisation and, where one follows it, the rectifier, in one pass over the activations. */
final class Normalizing extends Step {
    private final Norm norm;
    private final Slope slope;
    private final Lanes lanes;
    private final Chunks chunks;
    private final int channels;

    private Statistics statistics;
    private boolean own;

    /** @param slope of the rectifier; {@code null} for none */
    Normalizing(String name, Norm norm, Slope slope, Maps x, Maps y) {
        super(name, y, x);
        this.norm = norm;
        this.slope = slope;
        channels = x.channels;
        lanes = new Lanes(x);
        chunks = new Chunks(x, lanes);
    }

    @Override
    boolean canOverwrite() {
        return true;
    }

    @Override
    boolean canOverwriteGradient() {
        return true;
    }

    @Override
    void forward(OneDnn oneDnn, boolean training) {
        statistics = norm.fixed().apply(training);
        own = statistics == null;
        if (own) {
            statistics = moments();
        }
        FloatBuffer in = input().buffer();
        FloatBuffer out = output.buffer();
        Factors factors = new Factors();
        Rectifier rectifier = slope == null ? null : new Rectifier(slope, lanes);
        chunks.forEach(1, (chunk, blocks) -> {
            Affine group = factors.of(group(chunk), blocks);
            chunks.forEachBlock(chunk, (offset, length) -> {
                float[] a = blocks.loadA(in, offset, length);
                if (rectifier == null) {
                    apply(a, length, group);
                } else {
                    apply(a, length, group, rectifier);
                }
                out.put(offset, a, 0, length);
            });
        });
    }

    private int groups() {
        return norm.bySample() ? chunks.samples : 1;
    }

    private int group(int chunk) {
        return norm.bySample() ? chunks.sampleOf(chunk) : 0;
    }

    /** Elements of a group. */
    private long size() {
        return (long) input().positions * chunks.samples / groups();
    }

    /** Sums of the distances from a value of the channel itself, and of their squares, which lose nothing by cancellation. */
    private Statistics moments() {
        FloatBuffer in = input().buffer();
        int groups = groups();
        float[] origins = new float[groups * channels];
        for (int g = 0; g < groups; g++) {
            in.get(g * input().sample(), origins, g * channels, channels);
        }
        double[] sums = new double[chunks.count() * channels];
        double[] squares = new double[chunks.count() * channels];
        chunks.forEach(1, (chunk, blocks) -> {
            float[] origin = lanes.repeat(origins, group(chunk) * channels, blocks.lanes(3, lanes.period));
            float[] sum = blocks.zeros(0, lanes.period);
            float[] square = blocks.zeros(1, lanes.period);
            chunks.forEachBlock(
                    chunk,
                    (offset, length) -> addMoments(blocks.loadA(in, offset, length), length, origin, sum, square));
            lanes.drain(sum, blocks, sums, chunk * channels);
            lanes.drain(square, blocks, squares, chunk * channels);
        });
        double[] mean = new double[groups * channels];
        double[] inverse = new double[groups * channels];
        double[] first = byGroup(sums);
        double[] second = byGroup(squares);
        double n = size();
        for (int i = 0; i < mean.length; i++) {
            double distance = first[i] / n;
            mean[i] = origins[i] + distance;
            inverse[i] = 1 / Math.sqrt(Math.max(0, second[i] / n - distance * distance) + norm.epsilon());
        }
        return new Statistics(mean, inverse);
    }

    /** From sums of chunks to those of groups. */
    private double[] byGroup(double[] ofChunks) {
        double[] sums = new double[groups() * channels];
        for (int chunk = 0; chunk < chunks.count(); chunk++) {
            for (int c = 0; c < channels; c++) {
                sums[group(chunk) * channels + c] += ofChunks[chunk * channels + c];
            }
        }
        return sums;
    }

    private static void addMoments(float[] a, int length, float[] origin, float[] sum, float[] square) {
        for (int i = 0; i < length; i++) {
            float d = a[i] - origin[i];
            sum[i] += d;
            square[i] += d * d;
        }
    }

    /** What elements are normalised with, for each channel of each group. */
    private final class Factors {
        private final float[] mean = new float[groups() * channels];
        private final float[] inverse = new float[mean.length];
        private final float[] factor = new float[mean.length];
        private final float[] shift;

        Factors() {
            float[] scale =
                    norm.scale() == null ? null : Rows.copy(norm.scale().value().get());
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (float) statistics.mean()[i];
                inverse[i] = (float) statistics.inverseDeviation()[i];
                factor[i] = (float) (statistics.inverseDeviation()[i] * (scale == null ? 1 : scale[i % channels]));
            }
            shift = norm.shift() == null
                    ? new float[lanes.period]
                    : lanes.repeat(Rows.copy(norm.shift().value().get()), 0);
        }

        Affine of(int group, Blocks blocks) {
            int first = group * channels;
            return new Affine(
                    lanes.repeat(mean, first, blocks.lanes(4, lanes.period)),
                    lanes.repeat(inverse, first, blocks.lanes(5, lanes.period)),
                    lanes.repeat(factor, first, blocks.lanes(6, lanes.period)),
                    shift);
        }
    }

    /** {@link Factors} of a group, in lanes. */
    private record Affine(float[] mean, float[] inverse, float[] factor, float[] shift) {}

    private static void apply(float[] a, int length, Affine affine) {
        float[] mean = affine.mean();
        float[] factor = affine.factor();
        float[] shift = affine.shift();
        for (int i = 0; i < length; i++) {
            a[i] = (a[i] - mean[i]) * factor[i] + shift[i];
        }
    }

    private static void apply(float[] a, int length, Affine affine, Rectifier rectifier) {
        float[] mean = affine.mean();
        float[] factor = affine.factor();
        float[] shift = affine.shift();
        float[] linear = rectifier.linear;
        float[] even = rectifier.even;
        for (int i = 0; i < length; i++) {
            float z = (a[i] - mean[i]) * factor[i] + shift[i];
            a[i] = linear[i] * z + even[i] * Math.abs(z);
        }
    }

    @Override
    void backward(OneDnn oneDnn) {
        FloatBuffer in = input().buffer();
        FloatBuffer gradient = output.gradientBuffer();
        Factors factors = new Factors();
        Rectifier rectifier = slope == null ? null : new Rectifier(slope, lanes);
        double[] sums = new double[chunks.count() * channels];
        double[] products = new double[chunks.count() * channels];
        double[] negatives = new double[chunks.count() * channels];
        chunks.forEach(2, (chunk, blocks) -> {
            Affine group = factors.of(group(chunk), blocks);
            float[] sum = blocks.zeros(0, lanes.period);
            float[] product = blocks.zeros(1, lanes.period);
            float[] negative = blocks.zeros(2, lanes.period);
            chunks.forEachBlock(chunk, (offset, length) -> {
                float[] x = blocks.loadA(in, offset, length);
                float[] dy = blocks.loadB(gradient, offset, length);
                if (rectifier != null) {
                    addNegatives(x, dy, length, group, negative);
                    rectifyGradient(x, dy, length, group, rectifier);
                }
                addProducts(x, dy, length, group, sum, product);
            });
            lanes.drain(sum, blocks, sums, chunk * channels);
            lanes.drain(product, blocks, products, chunk * channels);
            lanes.drain(negative, blocks, negatives, chunk * channels);
        });
        double[] sumsOfGroups = byGroup(sums);
        double[] productsOfGroups = byGroup(products);
        if (input().wantsGradient) {
            applyGradient(factors, rectifier, sumsOfGroups, productsOfGroups);
        }
        store(norm.scale(), productsOfGroups);
        store(norm.shift(), sumsOfGroups);
        store(slope == null ? null : slope.trained(), negatives);
        norm.after().accept(statistics);
    }

    private void applyGradient(Factors factors, Rectifier rectifier, double[] sums, double[] products) {
        FloatBuffer in = input().buffer();
        FloatBuffer gradient = output.gradientBuffer();
        FloatBuffer out = input().gradientBuffer();
        double n = own ? size() : Double.POSITIVE_INFINITY;
        float[] constants = new float[sums.length];
        float[] slopes = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            constants[i] = (float) (sums[i] / n);
            slopes[i] = (float) (products[i] / n);
        }
        chunks.forEach(2, (chunk, blocks) -> {
            Affine group = factors.of(group(chunk), blocks);
            int first = group(chunk) * channels;
            float[] constant = lanes.repeat(constants, first, blocks.lanes(7, lanes.period));
            float[] perDeviation = lanes.repeat(slopes, first, blocks.lanes(8, lanes.period));
            chunks.forEachBlock(chunk, (offset, length) -> {
                float[] x = blocks.loadA(in, offset, length);
                float[] dy = blocks.loadB(gradient, offset, length);
                if (rectifier != null) {
                    rectifyGradient(x, dy, length, group, rectifier);
                }
                normalizeGradient(x, dy, length, group, constant, perDeviation);
                if (adds[0]) {
                    add(x, blocks.loadC(out, offset, length), length);
                }
                out.put(offset, x, 0, length);
            });
        });
    }

    /** Sums of the rectifier's gradient by its input where that is below 0. */
    private static void addNegatives(float[] x, float[] dy, int length, Affine affine, float[] negative) {
        float[] mean = affine.mean();
        float[] factor = affine.factor();
        float[] shift = affine.shift();
        for (int i = 0; i < length; i++) {
            float z = (x[i] - mean[i]) * factor[i] + shift[i];
            negative[i] += Math.min(z, 0) * dy[i];
        }
    }

    private static void rectifyGradient(float[] x, float[] dy, int length, Affine affine, Rectifier rectifier) {
        float[] mean = affine.mean();
        float[] factor = affine.factor();
        float[] shift = affine.shift();
        float[] slope = rectifier.slope;
        for (int i = 0; i < length; i++) {
            float z = (x[i] - mean[i]) * factor[i] + shift[i];
            float positive = Math.min(Math.max(z * Rectifier.STEEP, 0), 1);
            dy[i] = dy[i] * (positive + slope[i] * (1 - positive));
        }
    }

    private static void addProducts(float[] x, float[] dy, int length, Affine affine, float[] sum, float[] product) {
        float[] mean = affine.mean();
        float[] inverse = affine.inverse();
        for (int i = 0; i < length; i++) {
            sum[i] += dy[i];
            product[i] += (x[i] - mean[i]) * inverse[i] * dy[i];
        }
    }

    /** {@code dx = factor (dy - mean(dy) - xhat mean(dy xhat))}, the means only where the moments depend on x. */
    private static void normalizeGradient(
            float[] x, float[] dy, int length, Affine affine, float[] constant, float[] perDeviation) {
        float[] mean = affine.mean();
        float[] inverse = affine.inverse();
        float[] factor = affine.factor();
        for (int i = 0; i < length; i++) {
            float deviation = (x[i] - mean[i]) * inverse[i];
            x[i] = factor[i] * (dy[i] - constant[i] - deviation * perDeviation[i]);
        }
    }

    static void add(float[] a, float[] b, int length) {
        for (int i = 0; i < length; i++) {
            a[i] += b[i];
        }
    }

    /** Sums over groups or chunks, as the gradient of a parameter with one value a channel. */
    private void store(Trained parameter, double[] sums) {
        if (parameter == null) {
            return;
        }
        float[] values = new float[channels];
        double[] total = new double[channels];
        for (int i = 0; i < sums.length; i++) {
            total[i % channels] += sums[i];
        }
        for (int c = 0; c < channels; c++) {
            values[c] = (float) total[c];
        }
        INDArray gradient = parameter.gradient().get();
        Rows.of(gradient).put(0, values);
    }
}
