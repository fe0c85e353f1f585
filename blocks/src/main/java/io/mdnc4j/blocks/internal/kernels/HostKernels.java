package io.mdnc4j.blocks.internal.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Kernels} as loops over the host's memory; for float arrays whose elements lie in order without gaps. */
final class HostKernels implements Kernels {
    static final HostKernels INSTANCE = new HostKernels();

    private HostKernels() {}

    @Override
    public Statistics statistics(INDArray x, Grouping grouping, double epsilon) {
        return HostNormalization.statistics(x, grouping, epsilon);
    }

    @Override
    public void normalize(
            INDArray x, Grouping grouping, Statistics statistics, INDArray scale, INDArray shift, INDArray y) {
        HostNormalization.forward(x, grouping, statistics, scale, shift, y);
    }

    @Override
    public Statistics normalizeByOwn(
            INDArray x, Grouping grouping, double epsilon, INDArray scale, INDArray shift, INDArray y) {
        return HostNormalization.forwardByOwn(x, grouping, epsilon, scale, shift, y);
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
        HostNormalization.backward(x, dy, grouping, statistics, ownStatistics, scale, dx, dScale, dShift);
    }

    @Override
    public void prelu(INDArray x, INDArray slope, INDArray y) {
        HostPReLU.forward(x, slope, y);
    }

    @Override
    public void preluBackward(
            INDArray x, boolean overwritten, INDArray dy, INDArray slope, INDArray dx, INDArray dSlope) {
        HostPReLU.backward(x, overwritten, dy, slope, dx, dSlope);
    }

    @Override
    public double least(INDArray x) {
        float least = Float.POSITIVE_INFINITY;
        for (float value : Rows.copy(x)) {
            least = Math.min(least, value);
        }
        return least;
    }

    @Override
    public void interpolate(INDArray x, INDArray y) {
        HostInterpolation.forward(x, y);
    }

    @Override
    public void interpolateBackward(INDArray dy, INDArray dx) {
        HostInterpolation.backward(dy, dx);
    }

    @Override
    public void depthToSpace(INDArray x, int[] factors, INDArray y, int first) {
        new HostCells(x.shape(), factors).spread(x, y, first);
    }

    @Override
    public void spaceToDepth(INDArray y, int first, int[] factors, INDArray x) {
        new HostCells(x.shape(), factors).gather(y, first, x);
    }

    @Override
    public void averageCells(INDArray x, int[] factors, INDArray y) {
        new HostCells(y.shape(), factors).average(x, y);
    }

    @Override
    public void averageCellsBackward(INDArray dy, int[] factors, INDArray dx) {
        new HostCells(dy.shape(), factors).share(dy, dx);
    }
}
