package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.nio.FloatBuffer;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** A linear map of each position's channels as one product: an unstrided convolution with kernel 1, or a linear layer. */
final class ProductKernel implements Kernel {
    private final Pass pass;
    private final Maps output;
    private final Primitive product;
    private final Primitive sum;
    private final String name;

    ProductKernel(Pass pass, Convolved of) {
        this.pass = pass;
        output = of.y;
        long rows = of.rows();
        long in = of.in();
        long out = of.y.channels;
        memory.desc xs = Primitive.matrix(rows, in, false);
        memory.desc ys = Primitive.matrix(rows, out, false);
        memory.desc weights = Primitive.matrix(out, in, false);
        memory.desc biases = of.biased ? Primitive.matrix(1, out, false) : new memory.desc();
        Product made = switch (pass) {
            case FORWARD -> Product.of(xs, Primitive.matrix(in, out, true), biases, ys, false, of.precision);
            case DATA -> Product.of(ys, weights, null, xs, false, InferencePrecision.FLOAT);
            case WEIGHTS ->
                Product.of(Primitive.matrix(out, rows, true), xs, null, weights, false, InferencePrecision.FLOAT);
        };
        if (pass == Pass.FORWARD && of.biased) {
            made.primitive.has(dnnl.DNNL_ARG_BIAS, biases);
        }
        product = made.primitive;
        name = made.name;
        sum = pass == Pass.DATA ? Product.of(ys, weights, null, xs, true, InferencePrecision.FLOAT).primitive : null;
    }

    static boolean suits(Pass pass, Convolved of) {
        return of.pointwise();
    }

    /** A product of matrices, or of stacks of them, and the name of its native code. */
    record Product(Primitive primitive, String name) {
        static Product of(
                memory.desc a,
                memory.desc b,
                memory.desc bias,
                memory.desc c,
                boolean add,
                InferencePrecision precision) {
            primitive_attr attributes = Primitive.attributes(precision);
            if (add) {
                post_ops sum = new post_ops();
                sum.append_sum();
                attributes.set_post_ops(sum);
            }
            var description = bias == null
                    ? new matmul.primitive_desc(OneDnn.cpu(), a, b, c, attributes, false)
                    : new matmul.primitive_desc(OneDnn.cpu(), a, b, bias, c, attributes, false);
            Primitive primitive = new Primitive(new matmul(description), description.scratchpad_desc())
                    .has(dnnl.DNNL_ARG_SRC, a)
                    .has(dnnl.DNNL_ARG_WEIGHTS, b)
                    .has(dnnl.DNNL_ARG_DST, c);
            return new Product(primitive, description.impl_info_str().getString());
        }
    }

    /** {@code c = a b}, with factors of that precision. */
    static Primitive product(memory.desc a, memory.desc b, memory.desc c, InferencePrecision precision) {
        return Product.of(a, b, null, c, false, precision).primitive;
    }

    @Override
    public void run(OneDnn oneDnn, Operands at) {
        Pointer x = at.x().pointer();
        Pointer y = at.y().pointer();
        switch (pass) {
            case FORWARD -> {
                if (at.bias() == null) {
                    product.run(oneDnn, x, at.weights(), y);
                } else {
                    product.run(oneDnn, x, at.weights(), y, at.bias());
                }
            }
            case DATA -> (at.add() ? sum : product).run(oneDnn, y, at.weights(), x);
            case WEIGHTS -> {
                product.run(oneDnn, y, x, at.weights());
                if (at.bias() != null) {
                    sumPositions(output, at.y().buffer(), at.bias());
                }
            }
        }
    }

    /** The gradient of a bias, from that of the output. */
    static void sumPositions(Maps output, FloatBuffer gradient, Pointer bias) {
        Lanes lanes = new Lanes(output);
        Chunks chunks = new Chunks(output, lanes);
        double[] sums = new double[chunks.count() * output.channels];
        chunks.forEach(1, (chunk, blocks) -> {
            float[] sum = blocks.zeros(0, lanes.period);
            chunks.forEachBlock(chunk, (offset, length) -> addUp(blocks.loadA(gradient, offset, length), length, sum));
            lanes.drain(sum, blocks, sums, chunk * output.channels);
        });
        float[] values = new float[output.channels];
        double[] total = new double[output.channels];
        for (int i = 0; i < sums.length; i++) {
            total[i % total.length] += sums[i];
        }
        for (int c = 0; c < values.length; c++) {
            values[c] = (float) total[c];
        }
        new FloatPointer(bias).put(values);
    }

    private static void addUp(float[] a, int length, float[] sum) {
        for (int i = 0; i < length; i++) {
            sum[i] += a[i];
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void free() {
        product.free();
        if (sum != null) {
            sum.free();
        }
    }
}
