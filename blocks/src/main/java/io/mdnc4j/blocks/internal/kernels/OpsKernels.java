package io.mdnc4j.blocks.internal.kernels;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@link Kernels} as ND4J operations: for any data type and any backend. */
final class OpsKernels implements Kernels {
    static final OpsKernels INSTANCE = new OpsKernels();

    private OpsKernels() {}

    @Override
    public Statistics statistics(INDArray x, Grouping grouping, double epsilon) {
        INDArray groups = groups(x, grouping);
        INDArray mean = groups.mean(1);
        INDArray centred = groups.subColumnVector(column(mean));
        INDArray variance = centred.muli(centred).mean(1);
        return Statistics.fixed(mean.data().asDouble(), variance.data().asDouble(), epsilon);
    }

    @Override
    public void normalize(
            INDArray x, Grouping grouping, Statistics statistics, INDArray scale, INDArray shift, INDArray y) {
        INDArray result = normalized(x, grouping, statistics);
        if (scale != null) {
            result.muliColumnVector(perGroup(x, grouping, scale));
        }
        if (shift != null) {
            result.addiColumnVector(perGroup(x, grouping, shift));
        }
        y.assign(ungroup(result, grouping, x));
    }

    @Override
    public void normalizeBackward(
            INDArray x,
            INDArray dy,
            Grouping grouping,
            Statistics statistics,
            boolean ownStatistics,
            INDArray scale,
            INDArray dx,
            INDArray dScale,
            INDArray dShift) {
        INDArray normalized = normalized(x, grouping, statistics);
        INDArray gradient = groups(dy, grouping);
        INDArray sums = gradient.sum(1);
        INDArray products = gradient.mul(normalized).sum(1);
        if (dScale != null) {
            dScale.assign(perChannel(products, dScale));
        }
        if (dShift != null) {
            dShift.assign(perChannel(sums, dShift));
        }
        INDArray result = gradient.dup('c');
        if (ownStatistics) {
            double size = grouping.size(x);
            result.subiColumnVector(column(sums.div(size)));
            result.subi(normalized.muliColumnVector(column(products.div(size))));
        }
        INDArray factor = vector(statistics.inverseDeviation(), x.dataType());
        if (scale != null) {
            factor.muli(perGroup(x, grouping, scale));
        }
        dx.assign(ungroup(result.muliColumnVector(factor), grouping, x));
    }

    @Override
    public void prelu(INDArray x, INDArray slope, INDArray y) {
        INDArray positive = positive(x);
        y.assign(
                slope == null
                        ? positive
                        : x.sub(positive).muli(broadcast(slope, x)).addi(positive));
    }

    @Override
    public double least(INDArray x) {
        return x.minNumber().doubleValue();
    }

    @Override
    public void preluBackward(
            INDArray x, boolean overwritten, INDArray dy, INDArray slope, INDArray dx, INDArray dSlope) {
        INDArray isPositive = x.gt(0).castTo(x.dataType());
        if (dSlope != null) {
            INDArray product = x.sub(positive(x)).muli(dy);
            dSlope.assign(
                    product.reshape('c', x.size(0), x.size(1), -1).sum(0, 2).reshape(dSlope.shape()));
            if (overwritten) {
                dSlope.divi(slope);
            }
        }
        INDArray derivative = slope == null
                ? isPositive
                : isPositive.rsub(1).muli(broadcast(slope, x)).addi(isPositive);
        dx.assign(derivative.muli(dy));
    }

    @Override
    public void interpolate(INDArray x, INDArray y) {
        INDArray result = x;
        for (int axis = 2; axis < x.rank(); axis++) {
            result = along(axis, result, weights(x.size(axis), y.size(axis), x.dataType()));
        }
        y.assign(result);
    }

    @Override
    public void interpolateBackward(INDArray dy, INDArray dx) {
        INDArray result = dy;
        for (int axis = 2; axis < dy.rank(); axis++) {
            result = along(
                    axis,
                    result,
                    weights(dx.size(axis), dy.size(axis), dy.dataType()).transpose());
        }
        dx.assign(result);
    }

    @Override
    public void depthToSpace(INDArray x, int[] factors, INDArray y, int first) {
        int axes = factors.length;
        int[] order = new int[2 * axes + 2]; // N, C, then size and cell in turn
        order[1] = 1;
        for (int axis = 0; axis < axes; axis++) {
            order[2 * axis + 2] = axis + 2 + axes;
            order[2 * axis + 3] = axis + 2;
        }
        long[] apart = apart(x.shape(), factors);
        INDArray spread = x.reshape('c', apart).permute(order).dup('c');
        long[] shape = y.shape().clone();
        shape[1] = apart[1];
        channels(y, first, shape[1]).assign(spread.reshape('c', shape));
    }

    @Override
    public void spaceToDepth(INDArray y, int first, int[] factors, INDArray x) {
        int axes = factors.length;
        long[] apart = apart(x.shape(), factors);
        int[] order = new int[2 * axes + 2]; // N, C, cells, sizes
        order[1] = 1;
        for (int axis = 0; axis < axes; axis++) {
            order[axis + 2] = 2 * axis + 3;
            order[axis + 2 + axes] = 2 * axis + 2;
        }
        INDArray cells = channels(y, first, apart[1]).dup('c').reshape('c', inCells(y.shape(), apart[1], factors));
        x.assign(cells.permute(order).dup('c').reshape('c', x.shape()));
    }

    @Override
    public void averageCells(INDArray x, int[] factors, INDArray y) {
        INDArray whole = x.get(filled(x.shape(), factors)).dup('c');
        int[] cellAxes =
                IntStream.range(0, factors.length).map(axis -> 2 * axis + 3).toArray();
        y.assign(whole.reshape('c', inCells(whole.shape(), whole.size(1), factors))
                .mean(cellAxes)
                .reshape('c', y.shape()));
    }

    @Override
    public void averageCellsBackward(INDArray dy, int[] factors, INDArray dx) {
        dx.assign(0);
        long[] single = inCells(dy.shape(), dy.size(1), ones(factors.length));
        long[] cells = single.clone();
        for (int axis = 0; axis < factors.length; axis++) {
            cells[2 * axis + 3] = factors[axis];
        }
        INDArray part = dx.get(filled(dx.shape(), factors));
        part.assign(dy.div(Arrays.stream(factors).reduce(1, Math::multiplyExact))
                .reshape('c', single)
                .broadcast(cells)
                .dup('c')
                .reshape('c', part.shape()));
    }

    /** {@code [N, C / K, cell..., size...]} for {@code [N, C, size...]}. */
    private static long[] apart(long[] shape, int... factors) {
        long[] apart = new long[2 * factors.length + 2];
        apart[0] = shape[0];
        apart[1] = shape[1];
        for (int axis = 0; axis < factors.length; axis++) {
            apart[1] /= factors[axis];
            apart[axis + 2] = factors[axis];
            apart[axis + 2 + factors.length] = shape[axis + 2];
        }
        return apart;
    }

    /** {@code [N, channels, size / f, f, ...]} for {@code [N, C, size...]}. */
    private static long[] inCells(long[] shape, long channels, int... factors) {
        long[] cells = new long[2 * factors.length + 2];
        cells[0] = shape[0];
        cells[1] = channels;
        for (int axis = 0; axis < factors.length; axis++) {
            cells[2 * axis + 2] = shape[axis + 2] / factors[axis];
            cells[2 * axis + 3] = factors[axis];
        }
        return cells;
    }

    /** All that fills cells. */
    private static INDArrayIndex[] filled(long[] shape, int... factors) {
        INDArrayIndex[] part = all(shape.length);
        for (int axis = 0; axis < factors.length; axis++) {
            part[axis + 2] = NDArrayIndex.interval(0, shape[axis + 2] / factors[axis] * factors[axis]);
        }
        return part;
    }

    private static INDArray channels(INDArray y, long first, long count) {
        INDArrayIndex[] part = all(y.rank());
        part[1] = NDArrayIndex.interval(first, first + count);
        return y.get(part);
    }

    private static INDArrayIndex[] all(int rank) {
        INDArrayIndex[] all = new INDArrayIndex[rank];
        Arrays.fill(all, NDArrayIndex.all());
        return all;
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** {@code [groups, elements]}; a copy for batch normalisation, whose groups lie scattered. */
    private static INDArray groups(INDArray x, Grouping grouping) {
        long channels = x.size(1);
        INDArray rows = x.dup('c').reshape('c', x.size(0), channels, -1);
        return grouping == Grouping.INSTANCE
                ? rows.reshape('c', x.size(0) * channels, -1)
                : rows.permute(1, 0, 2).dup('c').reshape('c', channels, -1);
    }

    private static INDArray ungroup(INDArray groups, Grouping grouping, INDArray like) {
        if (grouping == Grouping.INSTANCE) {
            return groups.reshape('c', like.shape());
        }
        return groups.reshape('c', like.size(1), like.size(0), -1)
                .permute(1, 0, 2)
                .dup('c')
                .reshape('c', like.shape());
    }

    private static INDArray normalized(INDArray x, Grouping grouping, Statistics statistics) {
        return groups(x, grouping)
                .subiColumnVector(vector(statistics.mean(), x.dataType()))
                .muliColumnVector(vector(statistics.inverseDeviation(), x.dataType()));
    }

    /** A value a channel, repeated for each group: {@code [groups, 1]}. */
    private static INDArray perGroup(INDArray x, Grouping grouping, INDArray values) {
        int repeats = (int) (grouping.groups(x) / x.size(1));
        return column(Nd4j.tile(values.reshape(1, values.length()), repeats, 1).dup('c'));
    }

    private static INDArray perChannel(INDArray groups, INDArray like) {
        return groups.reshape('c', groups.length() / like.length(), like.length())
                .sum(0)
                .reshape(like.shape());
    }

    private static INDArray column(INDArray vector) {
        return vector.reshape('c', vector.length(), 1);
    }

    private static INDArray vector(double[] values, DataType type) {
        return column(Nd4j.createFromArray(values).castTo(type));
    }

    private static INDArray positive(INDArray x) {
        return Transforms.max(x, 0, true);
    }

    private static INDArray broadcast(INDArray perChannel, INDArray like) {
        long[] shape = new long[like.rank()];
        Arrays.fill(shape, 1);
        shape[1] = like.size(1);
        return perChannel.dup('c').reshape('c', shape).broadcast(like.shape());
    }

    /** The matrix {@code [in, out]} of an interpolation along one axis. */
    private static INDArray weights(long in, long out, DataType type) {
        INDArray matrix = Nd4j.zeros(type, in, out);
        for (long i = 0; i < out; i++) {
            double position = out == 1 ? 0 : (double) i * (in - 1) / (out - 1);
            long lower = Math.min((long) position, in - 1);
            matrix.putScalar(lower, i, 1 - (position - lower));
            if (lower + 1 < in) {
                matrix.putScalar(lower + 1, i, position - lower);
            }
        }
        return matrix;
    }

    private static INDArray along(int axis, INDArray x, INDArray matrix) {
        int last = x.rank() - 1;
        int[] order = IntStream.rangeClosed(0, last).toArray();
        order[axis] = last;
        order[last] = axis;
        INDArray lines = x.permute(order).dup('c');
        long[] shape = lines.shape().clone();
        shape[last] = matrix.size(1);
        INDArray product = lines.reshape('c', -1, lines.size(last)).mmul(matrix);
        return product.dup('c').reshape('c', shape).permute(order).dup('c');
    }
}
