package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.Convolutions;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A convolution as products with the weights as they lie: the faster way where many weights meet few positions, for which
 * {@link Convolving} would mostly reorder weights.
 */
final class WindowMultiplying extends Step {
    /** From so many weights on, by rows and columns, ... */
    private static final int MANY_OUT = 512;

    private static final int MANY_IN = 1024;

    /** ... if there are fewer positions than rows, by this factor. */
    private static final int FEW_POSITIONS = 4;

    private final Trained weight;
    private final Trained bias;
    private final Window window;
    private final long rows;
    private final long in;
    private final long out;

    private final Primitive forward;
    private Primitive toData;
    private Primitive toWeights;

    /**
     * A convolution.
     *
     * @param size of the input; that of vectors, too
     * @param bias {@code null} for none
     */
    WindowMultiplying(
            String name,
            Convolutions convolution,
            long[] size,
            Trained weight,
            Trained bias,
            boolean training,
            InferencePrecision precision,
            Maps x,
            Maps y) {
        super(name, y, x);
        this.weight = weight;
        this.bias = bias;
        window = new Window(convolution, x, size, y);
        rows = (long) x.samples * y.positions;
        in = (long) x.channels * window.elements;
        out = y.channels;
        forward = Multiplying.product(
                Primitive.matrix(out, in, false),
                Primitive.matrix(in, rows, true),
                Primitive.matrix(out, rows, false),
                false,
                precision);
        if (training) {
            toData = Multiplying.product(
                    Primitive.matrix(rows, out, false),
                    Primitive.matrix(out, in, false),
                    Primitive.matrix(rows, in, false),
                    false);
            toWeights = Multiplying.product(
                    Primitive.matrix(out, rows, true),
                    Primitive.matrix(rows, in, false),
                    Primitive.matrix(out, in, false),
                    false);
        }
    }

    /** Whether this way is the faster one, by rules measured on two cores with AVX-512. */
    static boolean suits(Convolutions convolution, Maps x, Maps y) {
        long in = x.channels;
        for (int length : convolution.kernel()) {
            in *= length;
        }
        return in > x.channels
                && y.channels >= MANY_OUT
                && in >= MANY_IN
                && FEW_POSITIONS * (long) x.samples * y.positions <= y.channels;
    }

    @Override
    long scratchForward() {
        return rows * in + rows * out;
    }

    @Override
    long scratchBackward() {
        return rows * in;
    }

    @Override
    void forward(OneDnn oneDnn, boolean training) {
        window.gather(input().buffer(), scratchForward.buffer());
        Pointer columns = scratchForward.pointer();
        FloatPointer product = new FloatPointer(columns).getPointer(rows * in).capacity(rows * out);
        forward.run(oneDnn, Rows.memory(weight.value().get(), in * out), columns, product);
        transpose(product.asBuffer(), output.buffer());
    }

    /** Rows of channels as rows of positions, with the bias. */
    private void transpose(FloatBuffer from, FloatBuffer to) {
        float[] biases =
                bias == null ? new float[(int) out] : Rows.copy(bias.value().get());
        int channels = (int) out;
        int places = (int) rows;
        float[] product = new float[channels * places];
        from.get(0, product);
        float[] line = Blocks.ofThread().a(channels);
        for (int p = 0; p < places; p++) {
            for (int c = 0; c < channels; c++) {
                line[c] = product[c * places + p] + biases[c];
            }
            to.put(p * channels, line, 0, channels);
        }
    }

    @Override
    void backward(OneDnn oneDnn) {
        Pointer columns = scratch.pointer();
        window.gather(input().buffer(), scratch.buffer());
        toWeights.run(
                oneDnn,
                output.gradientPointer(),
                columns,
                Rows.memory(weight.gradient().get(), in * out));
        if (bias != null) {
            Multiplying.sumPositions(output, bias);
        }
        if (input().wantsGradient) {
            // the columns have served: their gradient takes their place
            toData.run(
                    oneDnn, output.gradientPointer(), Rows.memory(weight.value().get(), in * out), columns);
            window.scatter(scratch.buffer(), input().gradientBuffer(), adds[0]);
        }
    }

    @Override
    List<String> kernels() {
        return List.of("products");
    }

    @Override
    void free() {
        forward.free();
        if (toData != null) {
            toData.free();
            toWeights.free();
        }
    }
}
