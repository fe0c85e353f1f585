package io.mdnc4j.blocks.kernels;

import static io.mdnc4j.blocks.kernels.Rows.BLOCK;
import static io.mdnc4j.blocks.kernels.Rows.LANES;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Normalisation over groups of rows, on the host. A group is one task. */
final class HostNormalization {
    private HostNormalization() {}

    static Statistics statistics(INDArray x, Grouping grouping, double epsilon) {
        Layout layout = Layout.of(x, grouping);
        FloatBuffer in = Rows.of(x);
        Statistics statistics = Statistics.of(layout.groups);
        Rows.forEach(layout.groups, x.length(), (g, scratch) -> moments(layout, in, g, epsilon, statistics, scratch));
        return statistics;
    }

    /** {@link #statistics} and {@link #forward} in one go: a group of one block is read once. */
    static Statistics forwardByOwn(
            INDArray x, Grouping grouping, double epsilon, INDArray scale, INDArray shift, INDArray y) {
        Layout layout = Layout.of(x, grouping);
        FloatBuffer in = Rows.of(x);
        FloatBuffer out = Rows.of(y);
        float[] scales = scale == null ? null : Rows.copy(scale);
        float[] shifts = shift == null ? null : Rows.copy(shift);
        Statistics statistics = Statistics.of(layout.groups);
        Rows.forEach(layout.groups, x.length(), (g, scratch) -> {
            moments(layout, in, g, epsilon, statistics, scratch);
            normalize(layout, in, g, statistics, scales, shifts, out, scratch, layout.blocks == 1);
        });
        return statistics;
    }

    /** Leaves a group of one block in {@code scratch.a}. */
    private static void moments(
            Layout layout, FloatBuffer in, int g, double epsilon, Statistics statistics, Scratch scratch) {
        double sum = 0;
        for (int b = 0; b < layout.blocks; b++) {
            sum += sum(scratch.loadA(in, layout.offset(g, b), layout.length(b)), layout.length(b), scratch.lanes);
        }
        double mean = sum / layout.size;
        double squares = 0;
        for (int b = 0; b < layout.blocks; b++) {
            float[] row = layout.blocks == 1 ? scratch.a : scratch.loadA(in, layout.offset(g, b), layout.length(b));
            squares += squares(row, layout.length(b), (float) mean, scratch.lanes);
        }
        statistics.mean()[g] = mean;
        statistics.inverseDeviation()[g] = 1 / Math.sqrt(squares / layout.size + epsilon);
    }

    private static void normalize(
            Layout layout,
            FloatBuffer in,
            int g,
            Statistics statistics,
            float[] scales,
            float[] shifts,
            FloatBuffer out,
            Scratch scratch,
            boolean loaded) {
        int c = g % layout.channels;
        float mean = (float) statistics.mean()[g];
        float factor = (float) (statistics.inverseDeviation()[g] * (scales == null ? 1 : scales[c]));
        float offset = shifts == null ? 0 : shifts[c];
        for (int b = 0; b < layout.blocks; b++) {
            int length = layout.length(b);
            float[] row = loaded ? scratch.a : scratch.loadA(in, layout.offset(g, b), length);
            for (int i = 0; i < length; i++) {
                row[i] = (row[i] - mean) * factor + offset;
            }
            out.put(layout.offset(g, b), row, 0, length);
        }
    }

    static void forward(
            INDArray x, Grouping grouping, Statistics statistics, INDArray scale, INDArray shift, INDArray y) {
        Layout layout = Layout.of(x, grouping);
        FloatBuffer in = Rows.of(x);
        FloatBuffer out = Rows.of(y);
        float[] scales = scale == null ? null : Rows.copy(scale);
        float[] shifts = shift == null ? null : Rows.copy(shift);
        Rows.forEach(
                layout.groups,
                x.length(),
                (g, scratch) -> normalize(layout, in, g, statistics, scales, shifts, out, scratch, false));
    }

    static void backward(
            INDArray x,
            INDArray dy,
            Grouping grouping,
            Statistics statistics,
            boolean ownStatistics,
            INDArray scale,
            INDArray dx,
            INDArray dScale,
            INDArray dShift) {
        Layout layout = Layout.of(x, grouping);
        FloatBuffer in = Rows.of(x);
        FloatBuffer gradient = Rows.of(dy);
        FloatBuffer out = Rows.of(dx);
        float[] scales = scale == null ? null : Rows.copy(scale);
        // of each group: the sums of dy and of dy * normalised x
        double[] sums = new double[layout.groups];
        double[] products = new double[layout.groups];
        Rows.forEach(layout.groups, 2 * x.length(), (g, scratch) -> {
            float mean = (float) statistics.mean()[g];
            float inverse = (float) statistics.inverseDeviation()[g];
            double sum = 0;
            double product = 0;
            for (int b = 0; b < layout.blocks; b++) {
                int length = layout.length(b);
                float[] row = scratch.loadA(in, layout.offset(g, b), length);
                float[] grad = scratch.loadB(gradient, layout.offset(g, b), length);
                sum += sum(grad, length, scratch.lanes);
                product += product(row, grad, length, mean, scratch.lanes);
            }
            product *= inverse;
            sums[g] = sum;
            products[g] = product;
            float factor = inverse * (scales == null ? 1 : scales[g % layout.channels]);
            // dx = factor * (dy - mean(dy) - xhat * mean(dy xhat)), the means only where the statistics depend on x
            float constant = ownStatistics ? (float) (sum / layout.size) : 0;
            float slope = ownStatistics ? (float) (product / layout.size) * inverse : 0;
            for (int b = 0; b < layout.blocks; b++) {
                int length = layout.length(b);
                float[] row = scratch.a;
                float[] grad = scratch.b;
                if (layout.blocks > 1) {
                    scratch.loadA(in, layout.offset(g, b), length);
                    scratch.loadB(gradient, layout.offset(g, b), length);
                }
                for (int i = 0; i < length; i++) {
                    row[i] = factor * (grad[i] - constant - (row[i] - mean) * slope);
                }
                out.put(layout.offset(g, b), row, 0, length);
            }
        });
        if (dScale != null) {
            Rows.of(dScale).put(0, perChannel(products, layout.channels));
        }
        if (dShift != null) {
            Rows.of(dShift).put(0, perChannel(sums, layout.channels));
        }
    }

    private static float[] perChannel(double[] groups, int channels) {
        double[] sums = new double[channels];
        for (int g = 0; g < groups.length; g++) {
            sums[g % channels] += groups[g];
        }
        float[] result = new float[channels];
        for (int c = 0; c < channels; c++) {
            result[c] = (float) sums[c];
        }
        return result;
    }

    private static double sum(float[] row, int length, float[] lanes) {
        int i = 0;
        for (; i + LANES <= length; i += LANES) {
            for (int j = 0; j < LANES; j++) {
                lanes[j] += row[i + j];
            }
        }
        for (int j = 0; i + j < length; j++) {
            lanes[j] += row[i + j];
        }
        return Rows.drain(lanes);
    }

    private static double squares(float[] row, int length, float mean, float[] lanes) {
        int i = 0;
        for (; i + LANES <= length; i += LANES) {
            for (int j = 0; j < LANES; j++) {
                float d = row[i + j] - mean;
                lanes[j] += d * d;
            }
        }
        for (int j = 0; i + j < length; j++) {
            float d = row[i + j] - mean;
            lanes[j] += d * d;
        }
        return Rows.drain(lanes);
    }

    private static double product(float[] row, float[] grad, int length, float mean, float[] lanes) {
        int i = 0;
        for (; i + LANES <= length; i += LANES) {
            for (int j = 0; j < LANES; j++) {
                lanes[j] += (row[i + j] - mean) * grad[i + j];
            }
        }
        for (int j = 0; i + j < length; j++) {
            lanes[j] += (row[i + j] - mean) * grad[i + j];
        }
        return Rows.drain(lanes);
    }

    /** Where the blocks of a group lie. */
    private static final class Layout {
        final int groups;
        final int channels;
        final long size;
        final int blocks;
        private final int row;
        private final int blocksPerRow;
        private final Grouping grouping;

        private Layout(INDArray x, Grouping grouping) {
            this.grouping = grouping;
            groups = grouping.groups(x);
            channels = (int) x.size(1);
            size = grouping.size(x);
            row = (int) (x.length() / (x.size(0) * x.size(1)));
            blocksPerRow = (row + BLOCK - 1) / BLOCK;
            blocks = grouping.rows(x) * blocksPerRow;
        }

        static Layout of(INDArray x, Grouping grouping) {
            return new Layout(x, grouping);
        }

        int offset(int group, int block) {
            int first = grouping == Grouping.INSTANCE ? group : block / blocksPerRow * channels + group;
            return first * row + block % blocksPerRow * BLOCK;
        }

        int length(int block) {
            return Math.min(BLOCK, row - block % blocksPerRow * BLOCK);
        }
    }
}
