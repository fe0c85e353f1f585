package io.mdnc4j.blocks.internal.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic of the layers that Deeplearning4j computes slowly or not at all, in two ways with one result: by loops
 * over the host's memory ({@link HostKernels}) and by ND4J operations ({@link OpsKernels}).
 *
 * <p>Activations are {@code [N, C, ...]} with one, two or three spatial axes; a row is one {@code [sample, channel]}
 * map. Scales, shifts and slopes are {@code [C]} and may be {@code null} where noted. Results are written to arrays that
 * the caller allocates, so that they lie in the caller's workspace.
 */
public interface Kernels {
    /** The kernels that suit all these arrays. */
    static Kernels of(INDArray... arrays) {
        return Rows.serve(arrays) ? HostKernels.INSTANCE : OpsKernels.INSTANCE;
    }

    /** Whether the array's elements lie in row-major order without gaps, wherever they begin. */
    static boolean dense(INDArray array) {
        long expected = 1;
        for (int axis = array.rank() - 1; axis >= 0; axis--) {
            if (array.size(axis) != 1 && array.stride(axis) != expected) {
                return false;
            }
            expected *= array.size(axis);
        }
        return true;
    }

    /** Mean and inverse deviation, {@code 1 / sqrt(biased variance + epsilon)}, of each group of {@code x}. */
    Statistics statistics(INDArray x, Grouping grouping, double epsilon);

    /**
     * {@code y = (x - mean) * inverseDeviation * scale + shift}.
     *
     * @param scale {@code null} for 1
     * @param shift {@code null} for 0
     */
    void normalize(INDArray x, Grouping grouping, Statistics statistics, INDArray scale, INDArray shift, INDArray y);

    /** {@link #normalize} by the input's own {@link #statistics}, which it returns. */
    default Statistics normalizeByOwn(
            INDArray x, Grouping grouping, double epsilon, INDArray scale, INDArray shift, INDArray y) {
        Statistics statistics = statistics(x, grouping, epsilon);
        normalize(x, grouping, statistics, scale, shift, y);
        return statistics;
    }

    /**
     * Gradients of {@link #normalize}.
     *
     * @param ownStatistics whether the statistics are those of {@code x} and so depend on it; else they are constants
     * @param dScale receives the gradient of the scale, {@code null} without one
     * @param dShift receives the gradient of the shift, {@code null} without one
     */
    void normalizeBackward(
            INDArray x,
            INDArray dy,
            Grouping grouping,
            Statistics statistics,
            boolean ownStatistics,
            INDArray scale,
            INDArray dx,
            INDArray dScale,
            INDArray dShift);

    /**
     * {@code y = x} where {@code x > 0}, else {@code slope * x}.
     *
     * @param slope {@code null} for 0 (ReLU)
     */
    void prelu(INDArray x, INDArray slope, INDArray y);

    /**
     * Gradients of {@link #prelu}; at exactly 0 the derivative is the slope.
     *
     * @param overwritten whether {@code x} holds the output by now, which needs slopes above 0
     * @param dSlope receives the gradient of the slope, {@code null} for ReLU
     */
    void preluBackward(INDArray x, boolean overwritten, INDArray dy, INDArray slope, INDArray dx, INDArray dSlope);

    /** The least element. */
    double least(INDArray x);

    /**
     * Linear interpolation to the size of {@code y}, corners aligned: the source position of element {@code i} of an axis
     * is {@code i (in - 1) / (out - 1)}, and 0 where {@code out} is 1.
     */
    void interpolate(INDArray x, INDArray y);

    /** Gradient of {@link #interpolate}: its transpose. */
    void interpolateBackward(INDArray dy, INDArray dx);

    /**
     * Lays channels out over space: {@code y[n, first + c, i f + k] = x[n, c K + k, i]} on all axes, where {@code k} counts
     * the places of a cell of {@code factors} in row-major order and {@code K} is their number.
     *
     * @param factors size of a cell, one number an axis
     * @param first first channel of {@code y} that is written; as many are as {@code x} has for
     */
    void depthToSpace(INDArray x, int[] factors, INDArray y, int first);

    /** The way back from {@link #depthToSpace}, which is its transpose too: reads {@code y}, writes {@code x}. */
    void spaceToDepth(INDArray y, int first, int[] factors, INDArray x);

    /**
     * The mean of each cell; what does not fill a cell at the end of an axis is left out.
     *
     * @param factors size of a cell, one number an axis
     */
    void averageCells(INDArray x, int[] factors, INDArray y);

    /** Gradient of {@link #averageCells}: its transpose. */
    void averageCellsBackward(INDArray dy, int[] factors, INDArray dx);
}
