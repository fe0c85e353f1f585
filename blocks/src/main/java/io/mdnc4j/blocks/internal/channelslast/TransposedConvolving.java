package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.Natives;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.deconvolution_backward_data;
import org.bytedeco.dnnl.deconvolution_backward_weights;
import org.bytedeco.dnnl.deconvolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.javacpp.Pointer;

/** A transposed convolution whose stride is its kernel, by oneDNN's primitives. Weights lie as {@code [in, out, k...]}. */
final class TransposedConvolving extends Step {
    private static final int DIRECT = dnnl.dnnl_deconvolution_direct;

    private final Trained weight;
    private final Trained bias;
    private final long[] xShape;
    private final long[] yShape;
    private final long[] weightShape;
    private final long[] cell;
    private final long[] none;
    private final long weights;

    private final Natives natives = new Natives();
    private final deconvolution_forward.primitive_desc description;
    private final Primitive forward;
    private Primitive toData;
    private Primitive toWeights;
    private final List<String> kernels = new ArrayList<>();

    /**
     * A transposed convolution.
     *
     * @param cell kernel and stride
     * @param bias {@code null} for none
     */
    TransposedConvolving(
            String name,
            int[] cell,
            Trained weight,
            Trained bias,
            boolean training,
            InferencePrecision precision,
            Maps x,
            Maps y) {
        super(name, y, x);
        this.weight = weight;
        this.bias = bias;
        this.cell = Primitive.axes(cell, 1);
        none = new long[this.cell.length];
        xShape = Primitive.image(x.shape());
        yShape = Primitive.image(y.shape());
        weightShape = new long[xShape.length];
        weightShape[0] = y.channels;
        weightShape[1] = x.channels;
        System.arraycopy(this.cell, 0, weightShape, 2, this.cell.length);
        weights = Primitive.product(weightShape);

        var rounded = describe(precision);
        boolean slow = name(rounded).startsWith("ref") && precision != InferencePrecision.FLOAT;
        description = natives.keep(slow ? describe(InferencePrecision.FLOAT) : rounded);
        forward = new Primitive(new deconvolution_forward(description), description.scratchpad_desc())
                .reads(dnnl.DNNL_ARG_SRC, Primitive.channelsLast(xShape), description.src_desc(), place -> place.source)
                .reads(dnnl.DNNL_ARG_WEIGHTS, weightLayout(), description.weights_desc(), place -> place.weights)
                .writes(
                        dnnl.DNNL_ARG_DST,
                        Primitive.channelsLast(yShape),
                        description.dst_desc(),
                        place -> place.target);
        kernels.add(name(description));
        if (bias != null) {
            forward.has(dnnl.DNNL_ARG_BIAS, biasLayout());
        }
        if (training) {
            createToData();
            createToWeights();
        }
    }

    private static String name(primitive_desc description) {
        return description.impl_info_str().getString();
    }

    /** {@code [out, in, k...]} as they lie. */
    private memory.desc weightLayout() {
        long[] strides = new long[weightShape.length];
        long stride = 1;
        for (int axis = strides.length - 1; axis >= 2; axis--) {
            strides[axis] = stride;
            stride *= weightShape[axis];
        }
        strides[0] = stride;
        strides[1] = stride * weightShape[0];
        return new memory.desc(weightShape, memory.data_type.f32, strides);
    }

    private memory.desc biasLayout() {
        return bias == null ? new memory.desc() : Primitive.plain(yShape[1]);
    }

    private deconvolution_forward.primitive_desc describe(InferencePrecision precision) {
        return new deconvolution_forward.primitive_desc(
                OneDnn.cpu(),
                dnnl.dnnl_forward_training,
                DIRECT,
                Primitive.channelsLast(precision, xShape),
                Primitive.any(precision, weightShape),
                biasLayout(),
                Primitive.channelsLast(yShape),
                cell,
                none,
                none,
                Primitive.attributes(),
                false);
    }

    private void createToData() {
        var made = new deconvolution_backward_data.primitive_desc(
                OneDnn.cpu(),
                DIRECT,
                Primitive.channelsLast(xShape),
                Primitive.any(weightShape),
                Primitive.channelsLast(yShape),
                cell,
                none,
                none,
                description,
                Primitive.attributes(),
                false);
        kernels.add(name(made));
        toData = new Primitive(new deconvolution_backward_data(made), made.scratchpad_desc())
                .reads(
                        dnnl.DNNL_ARG_DIFF_DST,
                        Primitive.channelsLast(yShape),
                        made.diff_dst_desc(),
                        place -> place.target)
                .reads(dnnl.DNNL_ARG_WEIGHTS, weightLayout(), made.weights_desc(), place -> place.weights)
                .writes(
                        dnnl.DNNL_ARG_DIFF_SRC,
                        Primitive.channelsLast(xShape),
                        made.diff_src_desc(),
                        place -> place.source);
    }

    /** With channels in blocks, as oneDNN wants them: its kernels of other layouts can fail, see {@link Convolving}. */
    private void createToWeights() {
        var made = new deconvolution_backward_weights.primitive_desc(
                OneDnn.cpu(),
                DIRECT,
                Primitive.any(xShape),
                Primitive.any(weightShape),
                biasLayout(),
                Primitive.any(yShape),
                cell,
                none,
                none,
                description,
                Primitive.attributes(),
                false);
        kernels.add(name(made));
        toWeights = new Primitive(new deconvolution_backward_weights(made), made.scratchpad_desc())
                .reads(dnnl.DNNL_ARG_SRC, Primitive.channelsLast(xShape), made.src_desc(), place -> place.source)
                .reads(
                        dnnl.DNNL_ARG_DIFF_DST,
                        Primitive.channelsLast(yShape),
                        made.diff_dst_desc(),
                        place -> place.target)
                .writes(dnnl.DNNL_ARG_DIFF_WEIGHTS, weightLayout(), made.diff_weights_desc(), place -> place.weights);
        if (bias != null) {
            toWeights.has(dnnl.DNNL_ARG_DIFF_BIAS, biasLayout());
        }
    }

    private static Pointer[] places(Trained bias, Pointer biases, Pointer... others) {
        if (bias == null) {
            return others;
        }
        Pointer[] places = Arrays.copyOf(others, others.length + 1);
        places[others.length] = biases;
        return places;
    }

    @Override
    void forward(OneDnn oneDnn, boolean training) {
        Pointer biases = bias == null ? null : Rows.memory(bias.value().get(), yShape[1]);
        forward.run(
                oneDnn,
                places(
                        bias,
                        biases,
                        input().pointer(),
                        Rows.memory(weight.value().get(), weights),
                        output.pointer()));
    }

    @Override
    long scratchBackward() {
        return adds[0] ? input().elements() : 0;
    }

    @Override
    void backward(OneDnn oneDnn) {
        if (input().wantsGradient) {
            toData.run(
                    oneDnn,
                    output.gradientPointer(),
                    Rows.memory(weight.value().get(), weights),
                    adds[0] ? scratch.pointer() : input().gradientPointer());
            if (adds[0]) {
                Summing.add(input().gradientBuffer(), scratch.buffer(), input().gradientBuffer(), input());
            }
        }
        Pointer dBiases = bias == null ? null : Rows.memory(bias.gradient().get(), yShape[1]);
        toWeights.run(
                oneDnn,
                places(
                        bias,
                        dBiases,
                        input().pointer(),
                        output.gradientPointer(),
                        Rows.memory(weight.gradient().get(), weights)));
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
