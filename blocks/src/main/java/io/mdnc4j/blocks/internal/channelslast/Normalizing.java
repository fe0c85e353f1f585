package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import io.mdnc4j.blocks.internal.kernels.Statistics;
import java.nio.FloatBuffer;
import java.util.Arrays;
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
        lanes = new Lanes(channels);
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
        Affine[] affine = affine();
        Rectifier rectifier = slope == null ? null : new Rectifier(slope, lanes);
        chunks.forEach(1, (chunk, blocks) -> {
            Affine group = affine[group(chunk)];
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
            float[] origin = lanes.repeat(origins, group(chunk) * channels);
            float[] sum = new float[lanes.period];
            float[] square = new float[lanes.period];
            chunks.forEachBlock(chunk, (offset, length) -> {
                addMoments(blocks.loadA(in, offset, length), length, origin, sum, square);
                lanes.drain(sum, sums, chunk * channels);
                lanes.drain(square, squares, chunk * channels);
            });
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
        int period = sum.length;
        for (int i = 0; i < length; i += period) {
            int end = Math.min(period, length - i);
            for (int j = 0; j < end; j++) {
                float d = a[i + j] - origin[j];
                sum[j] += d;
                square[j] += d * d;
            }
        }
    }

    /** What a group's elements are normalised with, in lanes. */
    private static final class Affine {
        float[] mean;
        float[] inverse;
        float[] scale;
        float[] factor;
        float[] shift;
    }

    private Affine[] affine() {
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        float[] scale =
                norm.scale() == null ? ones : Rows.copy(norm.scale().value().get());
        float[] shift = lanes.repeat(
                norm.shift() == null
                        ? new float[channels]
                        : Rows.copy(norm.shift().value().get()),
                0);
        Affine[] affine = new Affine[groups()];
        float[] mean = new float[channels];
        float[] inverse = new float[channels];
        float[] factor = new float[channels];
        for (int g = 0; g < affine.length; g++) {
            for (int c = 0; c < channels; c++) {
                mean[c] = (float) statistics.mean()[g * channels + c];
                inverse[c] = (float) statistics.inverseDeviation()[g * channels + c];
                factor[c] = (float) (statistics.inverseDeviation()[g * channels + c] * scale[c]);
            }
            affine[g] = new Affine();
            affine[g].mean = lanes.repeat(mean, 0);
            affine[g].inverse = lanes.repeat(inverse, 0);
            affine[g].scale = lanes.repeat(scale, 0);
            affine[g].factor = lanes.repeat(factor, 0);
            affine[g].shift = shift;
        }
        return affine;
    }

    private static void apply(float[] a, int length, Affine affine) {
        float[] mean = affine.mean;
        float[] factor = affine.factor;
        float[] shift = affine.shift;
        int period = mean.length;
        for (int i = 0; i < length; i += period) {
            int end = Math.min(period, length - i);
            for (int j = 0; j < end; j++) {
                a[i + j] = (a[i + j] - mean[j]) * factor[j] + shift[j];
            }
        }
    }

    private static void apply(float[] a, int length, Affine affine, Rectifier rectifier) {
        float[] mean = affine.mean;
        float[] factor = affine.factor;
        float[] shift = affine.shift;
        float[] linear = rectifier.linear;
        float[] even = rectifier.even;
        int period = mean.length;
        for (int i = 0; i < length; i += period) {
            int end = Math.min(period, length - i);
            for (int j = 0; j < end; j++) {
                float z = (a[i + j] - mean[j]) * factor[j] + shift[j];
                a[i + j] = linear[j] * z + even[j] * Math.abs(z);
            }
        }
    }

    @Override
    void backward(OneDnn oneDnn) {
        FloatBuffer in = input().buffer();
        FloatBuffer gradient = output.gradientBuffer();
        Affine[] affine = affine();
        Rectifier rectifier = slope == null ? null : new Rectifier(slope, lanes);
        double[] sums = new double[chunks.count() * channels];
        double[] products = new double[chunks.count() * channels];
        double[] negatives = new double[chunks.count() * channels];
        chunks.forEach(2, (chunk, blocks) -> {
            Affine group = affine[group(chunk)];
            float[] sum = new float[lanes.period];
            float[] product = new float[lanes.period];
            float[] negative = new float[lanes.period];
            chunks.forEachBlock(chunk, (offset, length) -> {
                float[] x = blocks.loadA(in, offset, length);
                float[] dy = blocks.loadB(gradient, offset, length);
                if (rectifier != null) {
                    addNegatives(x, dy, length, group, negative);
                    lanes.drain(negative, negatives, chunk * channels);
                    rectifyGradient(x, dy, length, group, rectifier);
                }
                addProducts(x, dy, length, group, sum, product);
                lanes.drain(sum, sums, chunk * channels);
                lanes.drain(product, products, chunk * channels);
            });
        });
        double[] sumsOfGroups = byGroup(sums);
        double[] productsOfGroups = byGroup(products);
        if (input().wantsGradient) {
            applyGradient(affine, rectifier, sumsOfGroups, productsOfGroups);
        }
        store(norm.scale(), productsOfGroups);
        store(norm.shift(), sumsOfGroups);
        store(slope == null ? null : slope.trained(), negatives);
        norm.after().accept(statistics);
    }

    private void applyGradient(Affine[] affine, Rectifier rectifier, double[] sums, double[] products) {
        FloatBuffer in = input().buffer();
        FloatBuffer gradient = output.gradientBuffer();
        FloatBuffer out = input().gradientBuffer();
        double n = own ? size() : Double.POSITIVE_INFINITY;
        float[][] constants = new float[affine.length][];
        float[][] slopes = new float[affine.length][];
        for (int g = 0; g < affine.length; g++) {
            float[] constant = new float[channels];
            float[] perDeviation = new float[channels];
            for (int c = 0; c < channels; c++) {
                constant[c] = (float) (sums[g * channels + c] / n);
                perDeviation[c] = (float) (products[g * channels + c] / n);
            }
            constants[g] = lanes.repeat(constant, 0);
            slopes[g] = lanes.repeat(perDeviation, 0);
        }
        chunks.forEach(2, (chunk, blocks) -> {
            Affine group = affine[group(chunk)];
            float[] constant = constants[group(chunk)];
            float[] perDeviation = slopes[group(chunk)];
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
        float[] mean = affine.mean;
        float[] factor = affine.factor;
        float[] shift = affine.shift;
        int period = mean.length;
        for (int i = 0; i < length; i += period) {
            int end = Math.min(period, length - i);
            for (int j = 0; j < end; j++) {
                float z = (x[i + j] - mean[j]) * factor[j] + shift[j];
                negative[j] += Math.min(z, 0) * dy[i + j];
            }
        }
    }

    private static void rectifyGradient(float[] x, float[] dy, int length, Affine affine, Rectifier rectifier) {
        float[] mean = affine.mean;
        float[] factor = affine.factor;
        float[] shift = affine.shift;
        float[] slope = rectifier.slope;
        int period = mean.length;
        for (int i = 0; i < length; i += period) {
            int end = Math.min(period, length - i);
            for (int j = 0; j < end; j++) {
                float z = (x[i + j] - mean[j]) * factor[j] + shift[j];
                float positive = Math.min(Math.max(z * Rectifier.STEEP, 0), 1);
                dy[i + j] = dy[i + j] * positive + slope[j] * dy[i + j] * (1 - positive);
            }
        }
    }

    private static void addProducts(float[] x, float[] dy, int length, Affine affine, float[] sum, float[] product) {
        float[] mean = affine.mean;
        float[] inverse = affine.inverse;
        int period = mean.length;
        for (int i = 0; i < length; i += period) {
            int end = Math.min(period, length - i);
            for (int j = 0; j < end; j++) {
                sum[j] += dy[i + j];
                product[j] += (x[i + j] - mean[j]) * inverse[j] * dy[i + j];
            }
        }
    }

    /** {@code dx = factor (dy - mean(dy) - xhat mean(dy xhat))}, the means only where the moments depend on x. */
    private static void normalizeGradient(
            float[] x, float[] dy, int length, Affine affine, float[] constant, float[] perDeviation) {
        float[] mean = affine.mean;
        float[] inverse = affine.inverse;
        float[] factor = affine.factor;
        int period = mean.length;
        for (int i = 0; i < length; i += period) {
            int end = Math.min(period, length - i);
            for (int j = 0; j < end; j++) {
                float deviation = (x[i + j] - mean[j]) * inverse[j];
                x[i + j] = factor[j] * (dy[i + j] - constant[j] - deviation * perDeviation[j]);
            }
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
