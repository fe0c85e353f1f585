package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.Convolutions;
import io.mdnc4j.blocks.internal.kernels.Natives;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A convolution by oneDNN's primitives. */
final class Convolving extends Step {
    /** Channels side by side in oneDNN's layouts for AVX2, several times over. */
    private static final int BLOCK = 16;

    private static final int DIRECT = dnnl.dnnl_convolution_direct;

    private final Trained weight;
    private final Trained bias;
    private final long[] xShape;
    private final long[] weightShape;
    private final long[] yShape;
    private final long[] stride;
    private final long[] padding;
    private final InferencePrecision precision;

    private final Natives natives = new Natives();
    private final convolution_forward.primitive_desc description;
    private final Primitive forward;
    private Primitive toData;
    private Primitive toWeights;
    private final List<String> kernels = new ArrayList<>();

    /**
     * A convolution.
     *
     * @param size of the input; that of vectors, too
     * @param bias {@code null} for none
     */
    Convolving(
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
        this.precision = precision;
        xShape = Primitive.image(shape(x, size));
        yShape = Primitive.image(y.shape());
        weightShape = new long[xShape.length];
        weightShape[0] = y.channels;
        weightShape[1] = x.channels;
        long[] kernel = Primitive.axes(convolution.kernel(), 1);
        System.arraycopy(kernel, 0, weightShape, 2, kernel.length);
        stride = Primitive.axes(convolution.stride(), 1);
        padding = Primitive.axes(convolution.padding(), 0);

        description = natives.keep(describe());
        kernels.add(name(description.impl_info_str()));
        forward = new Primitive(new convolution_forward(description), description.scratchpad_desc())
                .reads(dnnl.DNNL_ARG_SRC, Primitive.channelsLast(xShape), description.src_desc(), place -> place.source)
                .reads(
                        dnnl.DNNL_ARG_WEIGHTS,
                        Primitive.plain(weightShape),
                        description.weights_desc(),
                        place -> place.weights)
                .writes(
                        dnnl.DNNL_ARG_DST,
                        Primitive.channelsLast(yShape),
                        description.dst_desc(),
                        place -> place.target);
        if (bias != null) {
            forward.has(dnnl.DNNL_ARG_BIAS, biasLayout());
        }
        if (training) {
            createToData();
            createToWeights();
        }
    }

    private static long[] shape(Maps maps, long... size) {
        long[] shape = new long[size.length + 2];
        shape[0] = maps.samples;
        shape[1] = maps.channels;
        System.arraycopy(size, 0, shape, 2, size.length);
        return shape;
    }

    private static String name(BytePointer name) {
        return name.getString();
    }

    /** A kernel that nobody would want to wait for. */
    private static boolean slow(BytePointer name) {
        return name(name).startsWith("ref");
    }

    /**
     * Whether weights' gradients are to be computed with channels in blocks. Strided kernels of 1 need it: in oneDNN 3.8.1 that
     * kernel counts its memory without the rest of the last vector, and where channels do not fill it crashes, or its threads
     * wait for each other for ever. Others are twice as fast so without AVX-512.
     */
    private boolean inBlocks(BytePointer name) {
        boolean full = xShape[1] % BLOCK == 0 && yShape[1] % BLOCK == 0 && xShape[1] > BLOCK;
        return name(name).startsWith("jit_1x1") || full && name(name).endsWith("avx2");
    }

    private memory.desc biasLayout() {
        return bias == null ? new memory.desc() : Primitive.plain(yShape[1]);
    }

    private convolution_forward.primitive_desc describe() {
        if (precision != InferencePrecision.FLOAT) {
            var rounded = describe(
                    Primitive.channelsLast(precision, xShape),
                    Primitive.any(precision, weightShape),
                    Primitive.channelsLast(yShape));
            if (!slow(rounded.impl_info_str())) {
                return rounded;
            }
        }
        var asItLies =
                describe(Primitive.channelsLast(xShape), Primitive.any(weightShape), Primitive.channelsLast(yShape));
        return slow(asItLies.impl_info_str())
                ? describe(Primitive.any(xShape), Primitive.any(weightShape), Primitive.any(yShape))
                : asItLies;
    }

    private convolution_forward.primitive_desc describe(memory.desc x, memory.desc weights, memory.desc y) {
        return new convolution_forward.primitive_desc(
                OneDnn.cpu(),
                dnnl.dnnl_forward_training,
                DIRECT,
                x,
                weights,
                biasLayout(),
                y,
                stride,
                padding,
                padding,
                Primitive.attributes(),
                false);
    }

    private void createToData() {
        var made = describeToData(Primitive.channelsLast(xShape), Primitive.channelsLast(yShape));
        if (slow(made.impl_info_str())) {
            made = describeToData(Primitive.any(xShape), Primitive.any(yShape));
        }
        kernels.add(name(made.impl_info_str()));
        toData = new Primitive(new convolution_backward_data(made), made.scratchpad_desc())
                .reads(
                        dnnl.DNNL_ARG_DIFF_DST,
                        Primitive.channelsLast(yShape),
                        made.diff_dst_desc(),
                        place -> place.target)
                .reads(dnnl.DNNL_ARG_WEIGHTS, Primitive.plain(weightShape), made.weights_desc(), place -> place.weights)
                .writes(
                        dnnl.DNNL_ARG_DIFF_SRC,
                        Primitive.channelsLast(xShape),
                        made.diff_src_desc(),
                        place -> place.source);
    }

    private convolution_backward_data.primitive_desc describeToData(memory.desc x, memory.desc y) {
        return new convolution_backward_data.primitive_desc(
                OneDnn.cpu(),
                DIRECT,
                x,
                Primitive.any(weightShape),
                y,
                stride,
                padding,
                padding,
                description,
                Primitive.attributes(),
                false);
    }

    private void createToWeights() {
        var made = describeToWeights(Primitive.channelsLast(xShape), Primitive.channelsLast(yShape));
        if (slow(made.impl_info_str()) || inBlocks(made.impl_info_str())) {
            made = describeToWeights(Primitive.any(xShape), Primitive.any(yShape));
        }
        kernels.add(name(made.impl_info_str()));
        toWeights = new Primitive(new convolution_backward_weights(made), made.scratchpad_desc())
                .reads(dnnl.DNNL_ARG_SRC, Primitive.channelsLast(xShape), made.src_desc(), place -> place.source)
                .reads(
                        dnnl.DNNL_ARG_DIFF_DST,
                        Primitive.channelsLast(yShape),
                        made.diff_dst_desc(),
                        place -> place.target)
                .writes(
                        dnnl.DNNL_ARG_DIFF_WEIGHTS,
                        Primitive.plain(weightShape),
                        made.diff_weights_desc(),
                        place -> place.weights);
        if (bias != null) {
            toWeights.has(dnnl.DNNL_ARG_DIFF_BIAS, biasLayout());
        }
    }

    private convolution_backward_weights.primitive_desc describeToWeights(memory.desc x, memory.desc y) {
        return new convolution_backward_weights.primitive_desc(
                OneDnn.cpu(),
                DIRECT,
                x,
                Primitive.any(weightShape),
                biasLayout(),
                y,
                stride,
                padding,
                padding,
                description,
                Primitive.attributes(),
                false);
    }

    @Override
    void forward(OneDnn oneDnn, boolean training) {
        Pointer weights = Rows.memory(weight.value().get(), weights());
        if (bias == null) {
            forward.run(oneDnn, input().pointer(), weights, output.pointer());
        } else {
            forward.run(
                    oneDnn,
                    input().pointer(),
                    weights,
                    output.pointer(),
                    Rows.memory(bias.value().get(), yShape[1]));
        }
    }

    private long weights() {
        long product = 1;
        for (long length : weightShape) {
            product *= length;
        }
        return product;
    }

    @Override
    long scratchBackward() {
        return adds[0] ? input().elements() : 0;
    }

    @Override
    void backward(OneDnn oneDnn) {
        if (input().wantsGradient) {
            Pointer result = adds[0] ? scratch.pointer() : input().gradientPointer();
            toData.run(
                    oneDnn, output.gradientPointer(), Rows.memory(weight.value().get(), weights()), result);
            if (adds[0]) {
                Summing.add(input().gradientBuffer(), scratch.buffer(), input().gradientBuffer(), input());
            }
        }
        Pointer dWeights = Rows.memory(weight.gradient().get(), weights());
        if (bias == null) {
            toWeights.run(oneDnn, input().pointer(), output.gradientPointer(), dWeights);
        } else {
            toWeights.run(
                    oneDnn,
                    input().pointer(),
                    output.gradientPointer(),
                    dWeights,
                    Rows.memory(bias.gradient().get(), yShape[1]));
        }
    }

    @Override
    List<String> kernels() {
        return kernels;
    }

    @Override
    void free() {
        forward.free();
        if (toData != null) {
            toData.free();
            toWeights.free();
        }
        natives.free();
    }
}
