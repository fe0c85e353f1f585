package io.mdnc4j.blocks.internal.kernels;

import static io.mdnc4j.blocks.internal.kernels.Rows.LANES;

/** Sums over a part of a block, in independent partial sums that vectorise or at least overlap. */
final class RowSums {
    /** Elements below which lanes cost more to drain than they save. */
    private static final int SHORT = 192;

    private RowSums() {}

    static double sum(float[] row, int from, int to, float[] lanes) {
        int i = from;
        if (to - from < SHORT) {
            float a = 0;
            float b = 0;
            float c = 0;
            float d = 0;
            for (; i + 4 <= to; i += 4) {
                a += row[i];
                b += row[i + 1];
                c += row[i + 2];
                d += row[i + 3];
            }
            return (double) (a + b) + (c + d) + rest(row, i, to);
        }
        for (; i + LANES <= to; i += LANES) {
            for (int j = 0; j < LANES; j++) {
                lanes[j] += row[i + j];
            }
        }
        return rest(row, i, to) + Rows.drain(lanes);
    }

    private static double rest(float[] row, int from, int to) {
        double rest = 0;
        for (int i = from; i < to; i++) {
            rest += row[i];
        }
        return rest;
    }

    /** Sum of the squared distances from the mean. */
    static double squares(float[] row, int from, int to, float mean, float[] lanes) {
        return product(row, mean, row, mean, from, to, lanes);
    }

    /** Sum of {@code (row - mean) * (other - otherMean)}. */
    static double product(float[] row, float mean, float[] other, float otherMean, int from, int to, float[] lanes) {
        int i = from;
        double sum = 0;
        if (to - from < SHORT) {
            float a = 0;
            float b = 0;
            float c = 0;
            float d = 0;
            for (; i + 4 <= to; i += 4) {
                a += (row[i] - mean) * (other[i] - otherMean);
                b += (row[i + 1] - mean) * (other[i + 1] - otherMean);
                c += (row[i + 2] - mean) * (other[i + 2] - otherMean);
                d += (row[i + 3] - mean) * (other[i + 3] - otherMean);
            }
            sum = (double) (a + b) + (c + d);
        } else {
            for (; i + LANES <= to; i += LANES) {
                for (int j = 0; j < LANES; j++) {
                    lanes[j] += (row[i + j] - mean) * (other[i + j] - otherMean);
                }
            }
            sum = Rows.drain(lanes);
        }
        for (; i < to; i++) {
            sum += (row[i] - mean) * (other[i] - otherMean);
        }
        return sum;
    }
}
