package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.nio.FloatBuffer;

/** A rectifier that follows no normalisation. */
final class Rectifying extends Step {
    private final Slope slope;
    private final Lanes lanes;
    private final Chunks chunks;

    Rectifying(String name, Slope slope, Maps x, Maps y) {
        super(name, y, x);
        this.slope = slope;
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
        FloatBuffer in = input().buffer();
        FloatBuffer out = output.buffer();
        Rectifier rectifier = new Rectifier(slope, lanes);
        chunks.forEach(
                1,
                (chunk, blocks) -> chunks.forEachBlock(chunk, (offset, length) -> {
                    float[] a = blocks.loadA(in, offset, length);
                    apply(a, length, rectifier);
                    out.put(offset, a, 0, length);
                }));
    }

    private static void apply(float[] a, int length, Rectifier rectifier) {
        float[] linear = rectifier.linear;
        float[] even = rectifier.even;
        for (int i = 0; i < length; i++) {
            a[i] = linear[i] * a[i] + even[i] * Math.abs(a[i]);
        }
    }

    @Override
    void backward(OneDnn oneDnn) {
        FloatBuffer in = input().buffer();
        FloatBuffer gradient = output.gradientBuffer();
        FloatBuffer out = input().wantsGradient ? input().gradientBuffer() : null;
        Rectifier rectifier = new Rectifier(slope, lanes);
        int channels = lanes.channels;
        double[] negatives = new double[chunks.count() * channels];
        chunks.forEach(2, (chunk, blocks) -> {
            float[] negative = blocks.zeros(0, lanes.period);
            chunks.forEachBlock(chunk, (offset, length) -> {
                float[] x = blocks.loadA(in, offset, length);
                float[] dy = blocks.loadB(gradient, offset, length);
                addNegatives(x, dy, length, negative);
                if (out != null) {
                    rectifyGradient(x, dy, length, rectifier.slope);
                    if (adds[0]) {
                        Normalizing.add(dy, blocks.loadC(out, offset, length), length);
                    }
                    out.put(offset, dy, 0, length);
                }
            });
            lanes.drain(negative, blocks, negatives, chunk * channels);
        });
        if (slope.trained() != null) {
            float[] sums = new float[channels];
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                for (int i = c; i < negatives.length; i += channels) {
                    sum += negatives[i];
                }
                sums[c] = (float) sum;
            }
            Rows.of(slope.trained().gradient().get()).put(0, sums);
        }
    }

    private static void addNegatives(float[] x, float[] dy, int length, float[] negative) {
        for (int i = 0; i < length; i++) {
            negative[i] += Math.min(x[i], 0) * dy[i];
        }
    }

    private static void rectifyGradient(float[] x, float[] dy, int length, float[] slope) {
        for (int i = 0; i < length; i++) {
            float positive = Math.min(Math.max(x[i] * Rectifier.STEEP, 0), 1);
            dy[i] = dy[i] * (positive + slope[i] * (1 - positive));
        }
    }
}
