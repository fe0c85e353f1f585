package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A convolution as products with the weights as they lie: the faster way where many weights meet few positions, for which
 * {@link DirectKernel} would mostly reorder weights.
 */
final class WindowKernel implements Kernel {
    /** The rule: from so many weights on, by rows and columns, ... */
    private static final int MANY_OUT = 512;

    private static final int MANY_IN = 1024;

    /** ... if there are fewer positions than rows, by this factor. */
    private static final int FEW_POSITIONS = 4;

    private final Pass pass;
    private final Maps output;
    private final Window window;
    private final long rows;
    private final long in;
    private final long out;
    private final Primitive product;

    WindowKernel(Pass pass, Convolved of) {
        this.pass = pass;
        output = of.y;
        window = of.window();
        rows = of.rows();
        in = of.in();
        out = of.y.channels;
        product = switch (pass) {
            case FORWARD ->
                ProductKernel.product(
                        Primitive.matrix(out, in, false),
                        Primitive.matrix(in, rows, true),
                        Primitive.matrix(out, rows, false),
                        of.precision);
            case DATA ->
                ProductKernel.product(
                        Primitive.matrix(rows, out, false),
                        Primitive.matrix(out, in, false),
                        Primitive.matrix(rows, in, false),
                        InferencePrecision.FLOAT);
            case WEIGHTS ->
                ProductKernel.product(
                        Primitive.matrix(out, rows, true),
                        Primitive.matrix(rows, in, false),
                        Primitive.matrix(out, in, false),
                        InferencePrecision.FLOAT);
        };
    }

    /** Whether it can be the fastest: with more positions than output channels what each sees takes too much memory and time. */
    static boolean suits(Pass pass, Convolved of) {
        return of.elements() > 1 && of.rows() <= of.y.channels;
    }

    /** Whether this way is the faster one, by rules measured on two cores with AVX-512. */
    static boolean isRule(Convolved of) {
        return of.elements() > 1
                && of.y.channels >= MANY_OUT
                && of.in() >= MANY_IN
                && FEW_POSITIONS * of.rows() <= of.y.channels;
    }

    @Override
    public long scratch(boolean add) {
        return rows * in + (pass == Pass.FORWARD ? rows * out : 0);
    }

    @Override
    public void run(OneDnn oneDnn, Operands at) {
        Pointer columns = at.scratch().pointer();
        switch (pass) {
            case FORWARD -> {
                window.gather(at.x().buffer(), at.scratch().buffer());
                FloatPointer result =
                        new FloatPointer(columns).getPointer(rows * in).capacity(rows * out);
                product.run(oneDnn, at.weights(), columns, result);
                transpose(result.asBuffer(), at.bias(), at.y().buffer());
            }
            case DATA -> {
                product.run(oneDnn, at.y().pointer(), at.weights(), columns);
                window.scatter(at.scratch().buffer(), at.x().buffer(), at.add());
            }
            case WEIGHTS -> {
                window.gather(at.x().buffer(), at.scratch().buffer());
                product.run(oneDnn, at.y().pointer(), columns, at.weights());
                if (at.bias() != null) {
                    ProductKernel.sumPositions(output, at.y().buffer(), at.bias());
                }
            }
        }
    }

    /** Rows of channels as rows of positions, with the bias. */
    private void transpose(FloatBuffer from, Pointer bias, FloatBuffer to) {
        int channels = (int) out;
        int places = (int) rows;
        float[] biases = new float[channels];
        if (bias != null) {
            new FloatPointer(bias).get(biases);
        }
        float[] result = new float[channels * places];
        from.get(0, result);
        float[] line = Blocks.ofThread().a(channels);
        for (int p = 0; p < places; p++) {
            for (int c = 0; c < channels; c++) {
                line[c] = result[c * places + p] + biases[c];
            }
            to.put(p * channels, line, 0, channels);
        }
    }

    @Override
    public String name() {
        return "products";
    }

    @Override
    public void free() {
        product.free();
    }
}
