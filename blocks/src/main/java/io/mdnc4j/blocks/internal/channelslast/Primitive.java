package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.Natives;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.Pointer;

/** A primitive of oneDNN with its arguments, which are brought into its layouts and out of them where these differ. */
final class Primitive {
    private final primitive primitive;
    private final memory scratch;
    private final long scratchSize;
    private final IntMemoryMap arguments = new IntMemoryMap();
    private final List<Operand> operands = new ArrayList<>();
    private final Natives natives = new Natives();

    private static final class Operand {
        memory outer;
        memory inner;
        long size;
        Function<OneDnn, OneDnn.Staging> staging;
        reorder in;
        reorder out;
    }

    Primitive(primitive primitive, memory.desc scratchpad) {
        this.primitive = keep(primitive);
        scratchSize = scratchpad.get_size();
        scratch = keep(new memory(scratchpad, OneDnn.cpu(), null));
        keep(arguments);
        arguments.put(dnnl.DNNL_ARG_SCRATCHPAD, scratch);
    }

    /** Scratch memory is the caller's. */
    static primitive_attr attributes() {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
        return attributes;
    }

    /** For products of floats in memory, which may round them first. */
    static primitive_attr attributes(InferencePrecision precision) {
        primitive_attr attributes = attributes();
        if (precision == InferencePrecision.BF16) {
            attributes.set_fpmath_mode(dnnl.dnnl_fpmath_mode_bf16);
        }
        return attributes;
    }

    private <T extends Pointer> T keep(T pointer) {
        return natives.keep(pointer);
    }

    /** What the primitive reads, as it lies outside and as the primitive wants it. */
    Primitive reads(int argument, memory.desc outside, memory.desc inside, Function<OneDnn, OneDnn.Staging> staging) {
        Operand operand = operand(argument, outside, inside, staging);
        if (operand.inner != operand.outer) {
            operand.in = keep(new reorder(operand.outer, operand.inner));
        }
        return this;
    }

    /** What it writes. */
    Primitive writes(int argument, memory.desc outside, memory.desc inside, Function<OneDnn, OneDnn.Staging> staging) {
        Operand operand = operand(argument, outside, inside, staging);
        if (operand.inner != operand.outer) {
            operand.out = keep(new reorder(operand.inner, operand.outer));
        }
        return this;
    }

    /** What has one layout. */
    Primitive has(int argument, memory.desc layout) {
        operand(argument, layout, layout, null);
        return this;
    }

    private Operand operand(
            int argument, memory.desc outside, memory.desc inside, Function<OneDnn, OneDnn.Staging> staging) {
        Operand operand = new Operand();
        operand.outer = keep(new memory(outside, OneDnn.cpu(), null));
        boolean same = inside == outside || inside.equals(outside);
        operand.inner = same ? operand.outer : keep(new memory(inside, OneDnn.cpu(), null));
        operand.size = inside.get_size();
        operand.staging = staging;
        operands.add(operand);
        arguments.put(argument, operand.inner);
        return operand;
    }

    /** Computes with the operands at those places, in the order in which they were declared. */
    void run(OneDnn oneDnn, Pointer... places) {
        for (int i = 0; i < places.length; i++) {
            Operand operand = operands.get(i);
            operand.outer.set_data_handle(places[i]);
            if (operand.inner != operand.outer) {
                operand.inner.set_data_handle(operand.staging.apply(oneDnn).atLeast(operand.size));
                if (operand.in != null) {
                    operand.in.execute(oneDnn.stream, operand.outer, operand.inner);
                }
            }
        }
        if (scratchSize > 0) {
            scratch.set_data_handle(oneDnn.scratchpad.atLeast(scratchSize));
        }
        primitive.execute(oneDnn.stream, arguments);
        for (Operand operand : operands) {
            if (operand.out != null) {
                operand.out.execute(oneDnn.stream, operand.inner, operand.outer);
            }
        }
        oneDnn.stream._wait();
    }

    void free() {
        natives.free();
    }

    /** Row-major. */
    static memory.desc plain(long... shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return new memory.desc(shape, memory.data_type.f32, strides);
    }

    /** {@code [N, C, size...]} with the channels side by side. */
    static memory.desc channelsLast(long... shape) {
        return channelsLast(InferencePrecision.FLOAT, shape);
    }

    /** The same of such numbers. */
    static memory.desc channelsLast(InferencePrecision precision, long... shape) {
        long[] strides = new long[shape.length];
        strides[1] = 1;
        long stride = shape[1];
        for (int axis = shape.length - 1; axis >= 2; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        strides[0] = stride;
        return new memory.desc(shape, type(precision), strides);
    }

    private static memory.data_type type(InferencePrecision precision) {
        return precision == InferencePrecision.BF16 ? memory.data_type.bf16 : memory.data_type.f32;
    }

    /** Whatever layout the primitive is fastest with. */
    static memory.desc any(long... shape) {
        return any(InferencePrecision.FLOAT, shape);
    }

    /** The same of such numbers. */
    static memory.desc any(InferencePrecision precision, long... shape) {
        return new memory.desc(shape, type(precision), memory.format_tag.any);
    }

    /** A matrix, or one that lies in memory the other way round. */
    static memory.desc matrix(long rows, long columns, boolean transposed) {
        return new memory.desc(
                new long[] {rows, columns},
                memory.data_type.f32,
                transposed ? new long[] {1, rows} : new long[] {columns, 1});
    }

    /** A line, {@code [N, C, W]}, as an image of height 1; others as they are. */
    static long[] image(long... shape) {
        return shape.length == 3 ? new long[] {shape[0], shape[1], 1, shape[2]} : shape;
    }

    /** One number an axis of an {@link #image}, with {@code missing} for the height of a line. */
    static long[] axes(int[] values, long missing) {
        return values.length == 1 ? new long[] {missing, values[0]} : numbers(values);
    }

    static long product(long... shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    static long[] numbers(int... values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
