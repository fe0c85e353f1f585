package io.mdnc4j.blocks.internal.kernels;

import java.util.Arrays;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Transposed convolutions whose stride is their kernel, so that each element of the input has a cell of the output to itself:
 * a convolution with kernel 1, that is a matrix product, to a channel for each place of a cell, which are then laid out over
 * space. The channels of the output are taken some at a time, so that what lies between stays small beside them.
 *
 * @param cell kernel and stride, one number an axis
 * @param atOnce elements in between at a time, or those of one channel if these are more
 * @param memory gives memory for intermediate results of that shape
 */
public record CellConvolution(int[] cell, long atOnce, Function<long[], INDArray> memory) {
    /** {@code y = transposed convolution(x, weight [in, out, k...]) + bias}; {@code bias} may be {@code null}. */
    public void forward(INDArray x, INDArray weight, INDArray bias, INDArray y) {
        INDArray rows = rows(weight);
        INDArray biases = bias == null ? null : repeated(bias);
        int step = channelsAtOnce(y);
        for (int first = 0; first < y.size(1); first += step) {
            long count = Math.min(step, y.size(1) - first);
            INDArray part = memory.apply(between(x, count));
            pointwise().forward(x, part(rows, first, count), biases == null ? null : part(biases, first, count), part);
            Kernels.of(part, y).depthToSpace(part, cell, y, first);
        }
    }

    /** Gradients of {@link #forward}, overwriting {@code dx}, {@code dWeight} and {@code dBias}. */
    public void backward(
            INDArray x, INDArray weight, INDArray bias, INDArray dy, INDArray dx, INDArray dWeight, INDArray dBias) {
        INDArray rows = rows(weight);
        INDArray dRows = memory.apply(rows.shape());
        INDArray biases = bias == null ? null : repeated(bias);
        INDArray dBiases = bias == null ? null : memory.apply(biases.shape());
        int step = channelsAtOnce(dy);
        INDArray more = step < dy.size(1) ? memory.apply(dx.shape()) : null;
        for (int first = 0; first < dy.size(1); first += step) {
            long count = Math.min(step, dy.size(1) - first);
            INDArray part = memory.apply(between(x, count));
            Kernels.of(dy, part).spaceToDepth(dy, first, cell, part);
            pointwise()
                    .backward(
                            x,
                            part(rows, first, count),
                            biases == null ? null : part(biases, first, count),
                            part,
                            first == 0 ? dx : more,
                            part(dRows, first, count),
                            biases == null ? null : part(dBiases, first, count));
            if (first > 0) {
                dx.addi(more);
            }
        }
        dWeight.assign(dRows.reshape('c', places() * dy.size(1), x.size(1))
                .transpose()
                .dup('c')
                .reshape('c', dWeight.shape()));
        if (dBias != null) {
            dBias.assign(dBiases.reshape('c', dBias.length(), places()).sum(1).reshape(dBias.shape()));
        }
    }

    private Convolutions pointwise() {
        int[] ones = new int[cell.length];
        Arrays.fill(ones, 1);
        return new Convolutions(ones, ones, new int[cell.length]);
    }

    private long places() {
        return Arrays.stream(cell).asLongStream().reduce(1, Math::multiplyExact);
    }

    private int channelsAtOnce(INDArray y) {
        long ofChannel = y.length() / y.size(1);
        return (int) Math.max(1, Math.min(y.size(1), atOnce / ofChannel));
    }

    /** The weights of a convolution with kernel 1, {@code [out K, in, 1...]}. */
    private INDArray rows(INDArray weight) {
        long[] shape = new long[weight.rank()];
        Arrays.fill(shape, 1);
        shape[0] = weight.size(1) * places();
        shape[1] = weight.size(0);
        return weight.reshape('c', shape[1], shape[0]).transpose().dup('c').reshape('c', shape);
    }

    private INDArray repeated(INDArray bias) {
        return bias.reshape('c', bias.length(), 1)
                .broadcast(bias.length(), places())
                .dup('c')
                .reshape(bias.length() * places());
    }

    /** The rows of some channels of the output. */
    private INDArray part(INDArray rows, long first, long count) {
        return count * places() == rows.size(0)
                ? rows
                : rows.get(NDArrayIndex.interval(first * places(), (first + count) * places()));
    }

    private long[] between(INDArray x, long channels) {
        long[] shape = x.shape().clone();
        shape[1] = channels * places();
        return shape;
    }
}
