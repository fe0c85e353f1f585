package io.mdnc4j.blocks.internal.kernels;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolutions as products with the weights as they lie, {@code [out, in * window]}. That is the faster way where many
 * weights meet few positions, for which {@link ConvolutionPlan} would mostly reorder weights.
 */
final class MatrixConvolution implements HostConvolution {
    /** Positions of a sample that fill a product of its own. */
    private static final int MANY_POSITIONS = 32;

    /** From so many weights on, by rows and columns, reordering them costs more than the matrix of columns ... */
    private static final int MANY_OUT = 512;

    private static final int MANY_IN = 1024;

    /** ... if that is narrower than the weights are high, by this factor. */
    private static final int FEW_COLUMNS = 4;

    private final OneDnn oneDnn;
    private final Natives natives = new Natives();
    private final ColumnMatrix columns;
    private final int out;
    private final int inner;
    /** Whether each sample has a product of its own, from maps to maps. */
    private final boolean bySample;
    /** Columns of a product. */
    private final int width;

    private final MatrixProduct forward;
    private MatrixProduct toWeights;
    private MatrixProduct addToWeights;
    private MatrixProduct toData;
    private Boolean canGoBackward;

    MatrixConvolution(OneDnn oneDnn, ColumnMatrix columns, long[] weightShape, boolean bias) {
        this.oneDnn = oneDnn;
        this.columns = columns;
        out = (int) weightShape[0];
        inner = (int) weightShape[1] * columns.window;
        bySample = bySample(columns);
        width = bySample ? columns.positions : columns.columns();
        forward = product(out, inner, width, false, false, bias);
    }

    /** Whether this way is the faster one, by rules measured on two cores with AVX-512. */
    static boolean suits(ColumnMatrix columns, long[] weightShape) {
        long out = weightShape[0];
        long inner = weightShape[1] * columns.window;
        return bySample(columns) || out >= MANY_OUT && inner >= MANY_IN && FEW_COLUMNS * columns.columns() <= out;
    }

    private static boolean bySample(ColumnMatrix columns) {
        return columns.plain && (columns.samples == 1 || columns.positions >= MANY_POSITIONS);
    }

    @Override
    public void forward(INDArray x, INDArray weight, INDArray bias, INDArray y) {
        if (bySample) {
            if (bias != null) {
                fillRows(bias, Rows.of(y), columns.samples * out);
            }
            for (int n = 0; n < columns.samples; n++) {
                forward.run(weights(weight), sample(x, inner, n), sample(y, out, n));
            }
            return;
        }
        Pointer result = columns.samples == 1 ? Rows.memory(y, elements(out)) : oneDnn.target.atLeast(bytes(out));
        if (bias != null) {
            fillRows(bias, buffer(result, out), out);
        }
        forward.run(weights(weight), filled(x), result);
        if (columns.samples > 1) {
            columns.spread(buffer(result, out), y);
        }
    }

    @Override
    public boolean canGoBackward() {
        if (canGoBackward == null) {
            canGoBackward = OneDnn.unlessRefused("gradients of products", this::createBackward)
                    .isPresent();
        }
        return canGoBackward;
    }

    @Override
    public void backward(INDArray x, INDArray weight, INDArray dy, INDArray dx, INDArray dWeight, INDArray dBias) {
        if (dBias != null) {
            sumChannels(dy, dBias);
        }
        if (bySample) {
            for (int n = 0; n < columns.samples; n++) {
                (n == 0 ? toWeights : addToWeights).run(sample(dy, out, n), sample(x, inner, n), weights(dWeight));
                toData.run(weights(weight), sample(dy, out, n), sample(dx, inner, n));
            }
            return;
        }
        Pointer gradient;
        if (columns.samples == 1) {
            gradient = Rows.memory(dy, elements(out));
        } else {
            gradient = oneDnn.target.atLeast(bytes(out));
            columns.gather(dy, buffer(gradient, out));
        }
        Pointer factor = filled(x);
        toWeights.run(gradient, factor, weights(dWeight));
        // the columns have served: their gradient takes their place
        toData.run(weights(weight), gradient, factor);
        columns.sumUp(buffer(factor, inner), dx);
    }

    @Override
    public void free() {
        natives.free();
    }

    private MatrixProduct createBackward() {
        toWeights = product(out, width, inner, false, true, false);
        addToWeights = product(out, width, inner, false, true, true);
        toData = product(inner, out, width, true, false, false);
        return toData;
    }

    private MatrixProduct product(
            long rows, long inner, long columns, boolean transposeA, boolean transposeB, boolean add) {
        return new MatrixProduct(
                oneDnn, natives, new MatrixProduct.Form(rows, inner, columns, transposeA, transposeB, add));
    }

    private Pointer filled(INDArray x) {
        Pointer matrix = oneDnn.source.atLeast(bytes(inner));
        columns.fill(x, buffer(matrix, inner));
        return matrix;
    }

    private long bytes(int rows) {
        return elements(rows) * Float.BYTES;
    }

    /** Elements of a matrix with so many rows and the columns of all samples. */
    private long elements(int rows) {
        return (long) rows * columns.columns();
    }

    private FloatBuffer buffer(Pointer matrix, int rows) {
        return new FloatPointer(matrix).capacity(elements(rows)).asBuffer();
    }

    /** What products are added to: rows as wide as a product, of each channel in turn. */
    private void fillRows(INDArray bias, FloatBuffer target, int rows) {
        float[] values = Rows.copy(bias);
        Rows.forEach(rows, (long) rows * width, (row, scratch) -> {
            float[] line = scratch.first(width);
            Arrays.fill(line, 0, width, values[row % out]);
            target.put(row * width, line, 0, width);
        });
    }

    private void sumChannels(INDArray dy, INDArray dBias) {
        FloatBuffer source = Rows.of(dy);
        float[] sums = new float[out];
        Rows.forEach(out, dy.length(), (channel, scratch) -> {
            float[] line = scratch.first(columns.positions);
            double sum = 0;
            for (int n = 0; n < columns.samples; n++) {
                source.get((n * out + channel) * columns.positions, line, 0, columns.positions);
                for (int i = 0; i < columns.positions; i++) {
                    sum += line[i];
                }
            }
            sums[channel] = (float) sum;
        });
        Rows.of(dBias).put(0, sums);
    }

    private Pointer weights(INDArray weight) {
        return Rows.memory(weight, (long) out * inner);
    }

    /** The maps of a sample where each has a product of its own; {@code rows} of them. */
    private Pointer sample(INDArray array, int rows, int n) {
        return new FloatPointer(Rows.memory(array, elements(rows))).getPointer(n * (long) rows * width);
    }
}
