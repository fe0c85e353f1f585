package io.mdnc4j.blocks.internal.kernels;

import static io.mdnc4j.blocks.internal.kernels.Rows.BLOCK;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Normalisation over groups of rows, on the host. A task is a group, or a tile of short ones. */
final class HostNormalization {
    private HostNormalization() {}

    static Statistics statistics(INDArray x, Grouping grouping, double epsilon) {
        Layout layout = new Layout(x, grouping);
        FloatBuffer in = Rows.of(x);
        Statistics statistics = Statistics.of(layout.groups);
        Rows.forEach(layout.groups, x.length(), (g, scratch) -> moments(layout, in, g, epsilon, statistics, scratch));
        return statistics;
    }

    /** {@link #statistics} and {@link #forward} in one go: groups that fit into a block are read once, several together. */
    static Statistics forwardByOwn(
            INDArray x, Grouping grouping, double epsilon, INDArray scale, INDArray shift, INDArray y) {
        Layout layout = new Layout(x, grouping);
        FloatBuffer in = Rows.of(x);
        FloatBuffer out = Rows.of(y);
        Affine affine = Affine.of(scale, shift, layout.channels);
        Statistics statistics = Statistics.of(layout.groups);
        Rows.forEach(layout.tiles(), x.length(), (tile, scratch) -> {
            int first = tile * layout.perTile;
            if (layout.perTile == 0) {
                moments(layout, in, tile, epsilon, statistics, scratch);
                normalize(layout, in, tile, statistics, affine, out, scratch);
                return;
            }
            int end = Math.min(first + layout.perTile, layout.groups);
            float[] block = scratch.loadA(in, first * layout.row, (end - first) * layout.row);
            for (int g = first; g < end; g++) {
                int from = (g - first) * layout.row;
                int to = from + layout.row;
                double mean = RowSums.sum(block, from, to, scratch.lanes) / layout.size;
                statistics.mean()[g] = mean;
                double squares = RowSums.squares(block, from, to, (float) mean, scratch.lanes);
                statistics.inverseDeviation()[g] = 1 / Math.sqrt(squares / layout.size + epsilon);
                normalize(block, from, to, statistics, g, affine, layout.channels);
            }
            out.put(first * layout.row, block, 0, (end - first) * layout.row);
        });
        return statistics;
    }

    private static void moments(
            Layout layout, FloatBuffer in, int g, double epsilon, Statistics statistics, Scratch scratch) {
        double sum = 0;
        for (int b = 0; b < layout.blocks; b++) {
            sum += RowSums.sum(
                    scratch.loadA(in, layout.offset(g, b), layout.length(b)), 0, layout.length(b), scratch.lanes);
        }
        double mean = sum / layout.size;
        double squares = 0;
        for (int b = 0; b < layout.blocks; b++) {
            float[] block = scratch.loadA(in, layout.offset(g, b), layout.length(b));
            squares += RowSums.squares(block, 0, layout.length(b), (float) mean, scratch.lanes);
        }
        statistics.mean()[g] = mean;
        statistics.inverseDeviation()[g] = 1 / Math.sqrt(squares / layout.size + epsilon);
    }

    private static void normalize(
            Layout layout,
            FloatBuffer in,
            int g,
            Statistics statistics,
            Affine affine,
            FloatBuffer out,
            Scratch scratch) {
        for (int b = 0; b < layout.blocks; b++) {
            int length = layout.length(b);
            float[] block = scratch.loadA(in, layout.offset(g, b), length);
            normalize(block, 0, length, statistics, g, affine, layout.channels);
            out.put(layout.offset(g, b), block, 0, length);
        }
    }

    private static void normalize(
            float[] block, int from, int to, Statistics statistics, int g, Affine affine, int channels) {
        float mean = (float) statistics.mean()[g];
        float factor = (float) (statistics.inverseDeviation()[g] * affine.scale[g % channels]);
        float offset = affine.shift[g % channels];
        for (int i = from; i < to; i++) {
            block[i] = (block[i] - mean) * factor + offset;
        }
    }

    static void forward(
            INDArray x, Grouping grouping, Statistics statistics, INDArray scale, INDArray shift, INDArray y) {
        Layout layout = new Layout(x, grouping);
        FloatBuffer in = Rows.of(x);
        FloatBuffer out = Rows.of(y);
        Affine affine = Affine.of(scale, shift, layout.channels);
        Rows.forEach(
                layout.groups, x.length(), (g, scratch) -> normalize(layout, in, g, statistics, affine, out, scratch));
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
        Layout layout = new Layout(x, grouping);
        FloatBuffer in = Rows.of(x);
        FloatBuffer gradient = Rows.of(dy);
        FloatBuffer out = Rows.of(dx);
        Gradients gradients = new Gradients(layout, statistics, ownStatistics, Affine.of(scale, null, layout.channels));
        Rows.forEach(layout.tiles(), 2 * x.length(), (tile, scratch) -> {
            if (layout.perTile == 0) {
                gradients.ofGroup(tile, in, gradient, out, scratch);
                return;
            }
            int first = tile * layout.perTile;
            int end = Math.min(first + layout.perTile, layout.groups);
            int length = (end - first) * layout.row;
            float[] block = scratch.loadA(in, first * layout.row, length);
            float[] grad = scratch.loadB(gradient, first * layout.row, length);
            for (int g = first; g < end; g++) {
                int from = (g - first) * layout.row;
                gradients.addSums(g, block, grad, from, from + layout.row, scratch.lanes);
                gradients.apply(g, block, grad, from, from + layout.row);
            }
            out.put(first * layout.row, block, 0, length);
        });
        if (dScale != null) {
            Rows.of(dScale).put(0, perChannel(gradients.products, layout.channels));
        }
        if (dShift != null) {
            Rows.of(dShift).put(0, perChannel(gradients.sums, layout.channels));
        }
    }

    /** The backward pass, with what it sums up for each group: dy, and dy * normalised x. */
    private static final class Gradients {
        final double[] sums;
        final double[] products;
        private final Layout layout;
        private final Statistics statistics;
        private final boolean ownStatistics;
        private final Affine affine;

        Gradients(Layout layout, Statistics statistics, boolean ownStatistics, Affine affine) {
            this.layout = layout;
            this.statistics = statistics;
            this.ownStatistics = ownStatistics;
            this.affine = affine;
            sums = new double[layout.groups];
            products = new double[layout.groups];
        }

        void ofGroup(int g, FloatBuffer in, FloatBuffer gradient, FloatBuffer out, Scratch scratch) {
            for (int b = 0; b < layout.blocks; b++) {
                int length = layout.length(b);
                float[] block = scratch.loadA(in, layout.offset(g, b), length);
                float[] grad = scratch.loadB(gradient, layout.offset(g, b), length);
                addSums(g, block, grad, 0, length, scratch.lanes);
            }
            for (int b = 0; b < layout.blocks; b++) {
                int length = layout.length(b);
                float[] block = scratch.loadA(in, layout.offset(g, b), length);
                float[] grad = scratch.loadB(gradient, layout.offset(g, b), length);
                apply(g, block, grad, 0, length);
                out.put(layout.offset(g, b), block, 0, length);
            }
        }

        void addSums(int g, float[] block, float[] grad, int from, int to, float[] lanes) {
            float mean = (float) statistics.mean()[g];
            sums[g] += RowSums.sum(grad, from, to, lanes);
            products[g] += RowSums.product(block, mean, grad, 0, from, to, lanes)
                    * (float) statistics.inverseDeviation()[g];
        }

        /** {@code dx = factor (dy - mean(dy) - xhat mean(dy xhat))}, the means only where the statistics depend on x. */
        void apply(int g, float[] block, float[] grad, int from, int to) {
            float mean = (float) statistics.mean()[g];
            float inverse = (float) statistics.inverseDeviation()[g];
            float factor = inverse * affine.scale[g % layout.channels];
            float constant = ownStatistics ? (float) (sums[g] / layout.size) : 0;
            float slope = ownStatistics ? (float) (products[g] / layout.size) * inverse : 0;
            for (int i = from; i < to; i++) {
                block[i] = factor * (grad[i] - constant - (block[i] - mean) * slope);
            }
        }
    }

    /** Scale and shift of each channel. */
    private record Affine(float[] scale, float[] shift) {
        static Affine of(INDArray scale, INDArray shift, int channels) {
            float[] ones = new float[channels];
            Arrays.fill(ones, 1);
            return new Affine(
                    scale == null ? ones : Rows.copy(scale), shift == null ? new float[channels] : Rows.copy(shift));
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

    /** Where the blocks of a group lie. Groups that are one short row are taken several at a time, as a tile. */
    private static final class Layout {
        final int groups;
        final int channels;
        final long size;
        final int blocks;
        final int row;
        /** Groups of a tile; 0 where a group is more than one block. */
        final int perTile;

        private final int blocksPerRow;
        private final Grouping grouping;

        Layout(INDArray x, Grouping grouping) {
            this.grouping = grouping;
            groups = grouping.groups(x);
            channels = (int) x.size(1);
            size = grouping.size(x);
            row = (int) (x.length() / (x.size(0) * x.size(1)));
            blocksPerRow = (row + BLOCK - 1) / BLOCK;
            blocks = grouping.rows(x) * blocksPerRow;
            perTile = blocks == 1 ? BLOCK / row : 0;
        }

        int tiles() {
            return perTile == 0 ? groups : (groups + perTile - 1) / perTile;
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
