package io.mdnc4j.blocks.internal.kernels;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolutions by oneDNN's primitives for them. These see the arrays in the layouts that they are
 * fastest with, usually with 16 channels side by side; arrays are brought into them and results out of them.
 */
final class ConvolutionPlan implements HostConvolution {
    private static final int DIRECT = dnnl.dnnl_convolution_direct;

    private final OneDnn oneDnn;
    private final Natives natives = new Natives();
    private final long[] xShape;
    private final long[] weightShape;
    private final long[] yShape;
    private final Convolutions convolution;
    private final boolean bias;

    private final convolution_forward.primitive_desc description;
    private final Step forward;
    private Step backwardData;
    private Step backwardWeights;
    private Boolean canGoBackward;
    private boolean sharedTarget;

    ConvolutionPlan(
            OneDnn oneDnn, Convolutions convolution, long[] xShape, long[] weightShape, long[] yShape, boolean bias) {
        this.oneDnn = oneDnn;
        this.convolution = convolution;
        this.xShape = xShape;
        this.weightShape = weightShape;
        this.yShape = yShape;
        this.bias = bias;
        description = natives.keep(forwardDescription());
        forward = new Step(
                new convolution_forward(description),
                new Operand(dnnl.DNNL_ARG_SRC, xShape, description.src_desc(), oneDnn.source),
                new Operand(dnnl.DNNL_ARG_WEIGHTS, weightShape, description.weights_desc(), oneDnn.weights),
                new Operand(dnnl.DNNL_ARG_DST, yShape, description.dst_desc(), oneDnn.target),
                biasOperand(dnnl.DNNL_ARG_BIAS),
                description.scratchpad_desc());
    }

    @Override
    public void forward(INDArray x, INDArray weight, INDArray bias, INDArray y) {
        forward.source.load(x);
        forward.weights.load(weight);
        forward.target.point(y);
        forward.pointBias(bias);
        forward.execute();
        forward.target.store();
        oneDnn.stream._wait();
    }

    @Override
    public boolean canGoBackward() {
        if (canGoBackward == null) {
            canGoBackward = OneDnn.unlessRefused("gradients of " + convolution, this::createBackward)
                    .isPresent();
        }
        return canGoBackward;
    }

    @Override
    public void backward(INDArray x, INDArray weight, INDArray dy, INDArray dx, INDArray dWeight, INDArray dBias) {
        backwardData.target.load(dy);
        backwardData.weights.load(weight);
        backwardData.source.point(dx);
        backwardData.execute();
        backwardData.source.store();
        if (sharedTarget) {
            backwardWeights.target.point(dy); // lies there already
        } else {
            backwardWeights.target.load(dy);
        }
        backwardWeights.source.load(x);
        backwardWeights.weights.point(dWeight);
        backwardWeights.pointBias(dBias);
        backwardWeights.execute();
        backwardWeights.weights.store();
        oneDnn.stream._wait();
    }

    @Override
    public void free() {
        natives.free();
    }

    private convolution_forward.primitive_desc forwardDescription() {
        return new convolution_forward.primitive_desc(
                oneDnn.engine,
                dnnl.dnnl_forward_training,
                DIRECT,
                any(xShape),
                any(weightShape),
                biasLayout(),
                any(yShape),
                numbers(convolution.stride()),
                numbers(convolution.padding()),
                numbers(convolution.padding()),
                attributes(),
                false);
    }

    private Step createBackward() {
        long[] stride = numbers(convolution.stride());
        long[] padding = numbers(convolution.padding());
        var data = new convolution_backward_data.primitive_desc(
                oneDnn.engine,
                DIRECT,
                any(xShape),
                any(weightShape),
                any(yShape),
                stride,
                padding,
                padding,
                description,
                attributes(),
                false);
        var weights = new convolution_backward_weights.primitive_desc(
                oneDnn.engine,
                DIRECT,
                any(xShape),
                any(weightShape),
                biasLayout(),
                any(yShape),
                stride,
                padding,
                padding,
                description,
                attributes(),
                false);
        backwardWeights = new Step(
                new convolution_backward_weights(weights),
                new Operand(dnnl.DNNL_ARG_SRC, xShape, weights.src_desc(), oneDnn.source),
                new Operand(dnnl.DNNL_ARG_DIFF_WEIGHTS, weightShape, weights.diff_weights_desc(), oneDnn.weights),
                new Operand(dnnl.DNNL_ARG_DIFF_DST, yShape, weights.diff_dst_desc(), oneDnn.target),
                biasOperand(dnnl.DNNL_ARG_DIFF_BIAS),
                weights.scratchpad_desc());
        backwardData = new Step(
                new convolution_backward_data(data),
                new Operand(dnnl.DNNL_ARG_DIFF_SRC, xShape, data.diff_src_desc(), oneDnn.source),
                new Operand(dnnl.DNNL_ARG_WEIGHTS, weightShape, data.weights_desc(), oneDnn.weights),
                new Operand(dnnl.DNNL_ARG_DIFF_DST, yShape, data.diff_dst_desc(), oneDnn.target),
                null,
                data.scratchpad_desc());
        sharedTarget = weights.diff_dst_desc().equals(data.diff_dst_desc());
        return backwardData;
    }

    private static primitive_attr attributes() {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
        return attributes;
    }

    private Operand biasOperand(int argument) {
        return bias ? new Operand(argument, new long[] {yShape[1]}, biasLayout(), null) : null;
    }

    /** An empty description stands for no bias. */
    private memory.desc biasLayout() {
        return bias ? plain(yShape[1]) : new memory.desc();
    }

    private static memory.desc any(long... shape) {
        return new memory.desc(shape, memory.data_type.f32, memory.format_tag.any);
    }

    /** Row-major. */
    private static memory.desc plain(long... shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return new memory.desc(shape, memory.data_type.f32, strides);
    }

    private static long[] numbers(int... values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    /** A primitive with its arguments. */
    private final class Step {
        final Operand source;
        final Operand weights;
        final Operand target;
        private final Operand bias;
        private final primitive primitive;
        private final IntMemoryMap arguments = natives.keep(new IntMemoryMap());
        private final memory scratch;
        private final long scratchSize;

        Step(
                primitive primitive,
                Operand source,
                Operand weights,
                Operand target,
                Operand bias,
                memory.desc scratchpad) {
            this.primitive = natives.keep(primitive);
            this.source = source;
            this.weights = weights;
            this.target = target;
            this.bias = bias;
            scratchSize = scratchpad.get_size();
            scratch = natives.keep(new memory(scratchpad, oneDnn.engine, null));
            for (Operand operand : Arrays.asList(source, weights, target, bias)) {
                if (operand != null) {
                    arguments.put(operand.argument, operand.inner);
                }
            }
            arguments.put(dnnl.DNNL_ARG_SCRATCHPAD, scratch);
        }

        void pointBias(INDArray array) {
            if (bias != null) {
                bias.point(array);
            }
        }

        void execute() {
            if (scratchSize > 0) {
                scratch.set_data_handle(oneDnn.scratchpad.atLeast(scratchSize));
            }
            primitive.execute(oneDnn.stream, arguments);
        }
    }

    /** An array as the caller has it, and as the primitive sees it. */
    private final class Operand {
        final int argument;
        final memory inner;
        private final memory plain;
        private final OneDnn.Staging staging;
        private final long size;
        private final long elements;
        private Pointer place;
        private reorder in;
        private reorder out;

        Operand(int argument, long[] shape, memory.desc layout, OneDnn.Staging staging) {
            this.argument = argument;
            this.staging = staging;
            memory.desc rowMajor = plain(shape);
            plain = natives.keep(new memory(rowMajor, oneDnn.engine, null));
            size = layout.get_size();
            elements = LongStream.of(shape).reduce(1, Math::multiplyExact);
            inner = layout.equals(rowMajor) ? plain : natives.keep(new memory(layout, oneDnn.engine, null));
        }

        /** Takes the array, without reading it. */
        void point(INDArray array) {
            plain.set_data_handle(Rows.memory(array, elements));
            if (inner != plain) {
                Pointer current = staging.atLeast(size);
                if (place != current) {
                    inner.set_data_handle(current);
                    place = current;
                }
            }
        }

        /** Takes the array and brings its values into the primitive's layout. */
        void load(INDArray array) {
            point(array);
            if (inner != plain) {
                if (in == null) {
                    in = natives.keep(new reorder(plain, inner));
                }
                in.execute(oneDnn.stream, plain, inner);
            }
        }

        /** Brings the primitive's values into the array. */
        void store() {
            if (inner != plain) {
                if (out == null) {
                    out = natives.keep(new reorder(inner, plain));
                }
                out.execute(oneDnn.stream, inner, plain);
            }
        }
    }
}
