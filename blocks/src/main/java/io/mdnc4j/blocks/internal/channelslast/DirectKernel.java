package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.javacpp.Pointer;

/** A convolution by oneDNN's primitives. */
final class DirectKernel implements Kernel {
    /** Channels side by side in oneDNN's layouts for AVX2, several times over. */
    private static final int BLOCK = 16;

    private static final int DIRECT = dnnl.dnnl_convolution_direct;

    private final Pass pass;
    private final Maps x;
    private final Primitive primitive;
    private final String name;

    /** @param blocked whether maps are brought into oneDNN's own layout, rather than read and written as they lie */
    DirectKernel(Pass pass, Convolved of, boolean blocked) {
        this.pass = pass;
        x = of.x;
        primitive_desc made = describe(pass, of, blocked);
        name = name(made);
        memory.desc xs = Primitive.channelsLast(of.xShape);
        memory.desc ys = Primitive.channelsLast(of.yShape);
        memory.desc weights = Primitive.plain(of.weightShape);
        primitive = switch (pass) {
            case FORWARD ->
                new Primitive(
                                new convolution_forward((convolution_forward.primitive_desc) made),
                                made.scratchpad_desc())
                        .reads(dnnl.DNNL_ARG_SRC, xs, made.src_desc(), place -> place.source)
                        .reads(dnnl.DNNL_ARG_WEIGHTS, weights, made.weights_desc(), place -> place.weights)
                        .writes(dnnl.DNNL_ARG_DST, ys, made.dst_desc(), place -> place.target);
            case DATA ->
                new Primitive(
                                new convolution_backward_data((convolution_backward_data.primitive_desc) made),
                                made.scratchpad_desc())
                        .reads(dnnl.DNNL_ARG_DIFF_DST, ys, made.diff_dst_desc(), place -> place.target)
                        .reads(dnnl.DNNL_ARG_WEIGHTS, weights, made.weights_desc(), place -> place.weights)
                        .writes(dnnl.DNNL_ARG_DIFF_SRC, xs, made.diff_src_desc(), place -> place.source);
            case WEIGHTS ->
                new Primitive(
                                new convolution_backward_weights((convolution_backward_weights.primitive_desc) made),
                                made.scratchpad_desc())
                        .reads(dnnl.DNNL_ARG_SRC, xs, made.src_desc(), place -> place.source)
                        .reads(dnnl.DNNL_ARG_DIFF_DST, ys, made.diff_dst_desc(), place -> place.target)
                        .writes(dnnl.DNNL_ARG_DIFF_WEIGHTS, weights, made.diff_weights_desc(), place -> place.weights);
        };
        if (of.biased && pass != Pass.DATA) {
            primitive.has(pass == Pass.FORWARD ? dnnl.DNNL_ARG_BIAS : dnnl.DNNL_ARG_DIFF_BIAS, bias(of));
        }
    }

    private static String name(primitive_desc description) {
        return description.impl_info_str().getString();
    }

    /** A kernel that nobody would want to wait for. */
    private static boolean slow(primitive_desc description) {
        return name(description).startsWith("ref");
    }

    /**
     * What oneDNN 3.8.1 does wrong with maps as they lie: gradients of weights of kernels of 1, whose memory it counts without the
     * rest of the last vector, so that it crashes or waits for ever; and, for AVX-512, strided kernels over one channel to a width
     * of 1, whose results are anything.
     */
    private static boolean unsafe(Pass pass, Convolved of, primitive_desc channelsLast) {
        int last = of.yShape.length - 1;
        boolean narrow = of.xShape[1] == 1 && of.yShape[last] == 1 && of.stride[of.stride.length - 1] > 1;
        return switch (pass) {
            case FORWARD -> narrow && name(channelsLast).startsWith("brg");
            case DATA -> false;
            case WEIGHTS -> name(channelsLast).startsWith("jit_1x1");
        };
    }

    /** Whether it is right, no kernel to wait for, and, in oneDNN's layout, another than that of maps as they lie. */
    static boolean suits(Pass pass, Convolved of, boolean blocked) {
        return OneDnn.unlessRefused(of, () -> {
                    primitive_desc made = describe(pass, of, blocked);
                    return !slow(made) && (blocked ? reorders(pass, of, made) : !unsafe(pass, of, made));
                })
                .orElse(false);
    }

    private static boolean reorders(Pass pass, Convolved of, primitive_desc made) {
        memory.desc xs = pass == Pass.DATA ? made.diff_src_desc() : made.src_desc();
        memory.desc ys = pass == Pass.FORWARD ? made.dst_desc() : made.diff_dst_desc();
        return !xs.equals(Primitive.channelsLast(of.xShape)) || !ys.equals(Primitive.channelsLast(of.yShape));
    }

    /**
     * Whether oneDNN's own layout is to be taken, by rule: where channels last has no kernel, or one that fails; and for gradients
     * of weights without AVX-512, which are twice as fast so.
     */
    static boolean blockedIsRule(Pass pass, Convolved of) {
        primitive_desc asItLies = describe(pass, of, false);
        boolean full = of.xShape[1] % BLOCK == 0 && of.yShape[1] % BLOCK == 0 && of.xShape[1] > BLOCK;
        return slow(asItLies)
                || unsafe(pass, of, asItLies)
                || pass == Pass.WEIGHTS && full && name(asItLies).endsWith("avx2");
    }

    private static memory.desc bias(Convolved of) {
        return of.biased ? Primitive.plain(of.yShape[1]) : new memory.desc();
    }

    private static primitive_desc describe(Pass pass, Convolved of, boolean blocked) {
        return of.description(List.of(pass, blocked), () -> {
            memory.desc x = blocked ? Primitive.any(of.xShape) : Primitive.channelsLast(of.xShape);
            memory.desc y = blocked ? Primitive.any(of.yShape) : Primitive.channelsLast(of.yShape);
            memory.desc weights = Primitive.any(of.weightShape);
            return switch (pass) {
                case FORWARD -> rounded(of, blocked).orElseGet(() -> forward(of, x, weights, y));
                case DATA ->
                    new convolution_backward_data.primitive_desc(
                            OneDnn.cpu(),
                            DIRECT,
                            x,
                            weights,
                            y,
                            of.stride,
                            of.padding,
                            of.padding,
                            hint(of),
                            Primitive.attributes(),
                            false);
                case WEIGHTS ->
                    new convolution_backward_weights.primitive_desc(
                            OneDnn.cpu(),
                            DIRECT,
                            x,
                            weights,
                            bias(of),
                            y,
                            of.stride,
                            of.padding,
                            of.padding,
                            hint(of),
                            Primitive.attributes(),
                            false);
            };
        });
    }

    private static convolution_forward.primitive_desc forward(
            Convolved of, memory.desc x, memory.desc weights, memory.desc y) {
        return new convolution_forward.primitive_desc(
                OneDnn.cpu(),
                dnnl.dnnl_forward_training,
                DIRECT,
                x,
                weights,
                bias(of),
                y,
                of.stride,
                of.padding,
                of.padding,
                Primitive.attributes(),
                false);
    }

    /** With factors of another precision, where that is asked for and there is a kernel. */
    private static Optional<convolution_forward.primitive_desc> rounded(Convolved of, boolean blocked) {
        if (blocked || of.precision == InferencePrecision.FLOAT) {
            return Optional.empty();
        }
        return Optional.of(forward(
                        of,
                        Primitive.channelsLast(of.precision, of.xShape),
                        Primitive.any(of.precision, of.weightShape),
                        Primitive.channelsLast(of.yShape)))
                .filter(made -> !slow(made));
    }

    /** The forward pass that a gradient is of. */
    private static convolution_forward.primitive_desc hint(Convolved of) {
        primitive_desc asItLies = describe(Pass.FORWARD, of, false);
        return (convolution_forward.primitive_desc) (slow(asItLies) ? describe(Pass.FORWARD, of, true) : asItLies);
    }

    @Override
    public long scratch(boolean add) {
        return add ? x.elements() : 0;
    }

    @Override
    public void run(OneDnn oneDnn, Operands at) {
        Pointer y = at.y().pointer();
        switch (pass) {
            case FORWARD -> run(oneDnn, at, at.x().pointer(), at.weights(), y);
            case DATA -> {
                Slot result = at.add() ? at.scratch() : at.x();
                primitive.run(oneDnn, y, at.weights(), result.pointer());
                if (at.add()) {
                    Summing.add(at.x().buffer(), result.buffer(), at.x().buffer(), x);
                }
            }
            case WEIGHTS -> run(oneDnn, at, at.x().pointer(), y, at.weights());
        }
    }

    private void run(OneDnn oneDnn, Operands at, Pointer first, Pointer second, Pointer third) {
        if (at.bias() == null) {
            primitive.run(oneDnn, first, second, third);
        } else {
            primitive.run(oneDnn, first, second, third, at.bias());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void free() {
        primitive.free();
    }
}
