package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.Pointer;

/** A linear map of each position's channels: an unstrided convolution with kernel 1, or a linear layer. */
final class Multiplying extends Step {
    private final Trained weight;
    private final Trained bias;
    private final long rows;
    private final long in;
    private final long out;
    private final String kernel;

    private final Primitive forward;
    private Primitive toData;
    private Primitive addToData;
    private Primitive toWeights;

    /** @param bias {@code null} for none */
    Multiplying(
            String name, Trained weight, Trained bias, boolean training, InferencePrecision precision, Maps x, Maps y) {
        super(name, y, x);
        this.weight = weight;
        this.bias = bias;
        rows = (long) x.samples * x.positions;
        in = x.channels;
        out = y.channels;
        memory.desc xs = Primitive.matrix(rows, in, false);
        memory.desc ys = Primitive.matrix(rows, out, false);
        memory.desc transposed = Primitive.matrix(in, out, true);
        memory.desc biases = bias == null ? new memory.desc() : Primitive.matrix(1, out, false);
        var description = new matmul.primitive_desc(
                OneDnn.cpu(), xs, transposed, biases, ys, Primitive.attributes(precision), false);
        kernel = description.impl_info_str().getString();
        forward = primitive(description, xs, transposed, ys);
        if (bias != null) {
            forward.has(dnnl.DNNL_ARG_BIAS, biases);
        }
        if (training) {
            memory.desc weights = Primitive.matrix(out, in, false);
            toData = product(ys, weights, xs, false);
            addToData = product(ys, weights, xs, true);
            toWeights = product(Primitive.matrix(out, rows, true), xs, weights, false);
        }
    }

    /** {@code c = a b}, or {@code c += a b}. */
    static Primitive product(memory.desc a, memory.desc b, memory.desc c, boolean add) {
        return product(a, b, c, add, InferencePrecision.FLOAT);
    }

    /** The same with factors of that precision. */
    static Primitive product(memory.desc a, memory.desc b, memory.desc c, boolean add, InferencePrecision precision) {
        primitive_attr attributes = Primitive.attributes(precision);
        if (add) {
            post_ops sum = new post_ops();
            sum.append_sum();
            attributes.set_post_ops(sum);
        }
        return primitive(new matmul.primitive_desc(OneDnn.cpu(), a, b, c, attributes, false), a, b, c);
    }

    private static Primitive primitive(matmul.primitive_desc description, memory.desc a, memory.desc b, memory.desc c) {
        return new Primitive(new matmul(description), description.scratchpad_desc())
                .has(dnnl.DNNL_ARG_SRC, a)
                .has(dnnl.DNNL_ARG_WEIGHTS, b)
                .has(dnnl.DNNL_ARG_DST, c);
    }

    @Override
    void forward(OneDnn oneDnn, boolean training) {
        Pointer weights = Rows.memory(weight.value().get(), in * out);
        if (bias == null) {
            forward.run(oneDnn, input().pointer(), weights, output.pointer());
        } else {
            forward.run(
                    oneDnn,
                    input().pointer(),
                    weights,
                    output.pointer(),
                    Rows.memory(bias.value().get(), out));
        }
    }

    @Override
    void backward(OneDnn oneDnn) {
        Pointer dy = output.gradientPointer();
        if (input().wantsGradient) {
            (adds[0] ? addToData : toData)
                    .run(oneDnn, dy, Rows.memory(weight.value().get(), in * out), input().gradientPointer());
        }
        toWeights.run(
                oneDnn, dy, input().pointer(), Rows.memory(weight.gradient().get(), in * out));
        if (bias != null) {
            sumPositions(output, bias);
        }
    }

    /** The gradient of a bias. */
    static void sumPositions(Maps output, Trained bias) {
        Lanes lanes = new Lanes(output);
        Chunks chunks = new Chunks(output, lanes);
        FloatBuffer gradient = output.gradientBuffer();
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
        Rows.of(bias.gradient().get()).put(0, values);
    }

    private static void addUp(float[] a, int length, float[] sum) {
        for (int i = 0; i < length; i++) {
            sum[i] += a[i];
        }
    }

    @Override
    List<String> kernels() {
        return List.of(kernel);
    }

    @Override
    void free() {
        forward.free();
        if (toData != null) {
            toData.free();
            addToData.free();
            toWeights.free();
        }
    }
}
