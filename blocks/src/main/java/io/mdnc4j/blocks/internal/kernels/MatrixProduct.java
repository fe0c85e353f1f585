package io.mdnc4j.blocks.internal.kernels;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.Pointer;

/** A product of row-major float matrices by oneDNN, {@code c = op(a) op(b)} or {@code c += op(a) op(b)}. */
final class MatrixProduct {
    private final OneDnn oneDnn;
    private final memory a;
    private final memory b;
    private final memory c;
    private final memory scratch;
    private final long scratchSize;
    private final matmul primitive;
    private final IntMemoryMap arguments;

    /**
     * What is multiplied: {@code op(a)} is {@code [rows, inner]}, {@code op(b)} {@code [inner, columns]}; a transposed
     * factor lies in memory the other way round.
     */
    record Form(long rows, long inner, long columns, boolean transposeA, boolean transposeB, boolean add) {}

    MatrixProduct(OneDnn oneDnn, Natives natives, Form form) {
        this.oneDnn = oneDnn;
        memory.desc layoutA = matrix(form.rows, form.inner, form.transposeA);
        memory.desc layoutB = matrix(form.inner, form.columns, form.transposeB);
        memory.desc layoutC = matrix(form.rows, form.columns, false);
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
        if (form.add) {
            post_ops sum = new post_ops();
            sum.append_sum();
            attributes.set_post_ops(sum);
        }
        var description = new matmul.primitive_desc(oneDnn.engine, layoutA, layoutB, layoutC, attributes, false);
        primitive = natives.keep(new matmul(description));
        a = natives.keep(new memory(layoutA, oneDnn.engine, null));
        b = natives.keep(new memory(layoutB, oneDnn.engine, null));
        c = natives.keep(new memory(layoutC, oneDnn.engine, null));
        scratchSize = description.scratchpad_desc().get_size();
        scratch = natives.keep(new memory(description.scratchpad_desc(), oneDnn.engine, null));
        arguments = natives.keep(new IntMemoryMap());
        arguments.put(dnnl.DNNL_ARG_SRC, a);
        arguments.put(dnnl.DNNL_ARG_WEIGHTS, b);
        arguments.put(dnnl.DNNL_ARG_DST, c);
        arguments.put(dnnl.DNNL_ARG_SCRATCHPAD, scratch);
    }

    private static memory.desc matrix(long rows, long columns, boolean transposed) {
        return new memory.desc(
                new long[] {rows, columns},
                memory.data_type.f32,
                transposed ? new long[] {1, rows} : new long[] {columns, 1});
    }

    void run(Pointer first, Pointer second, Pointer result) {
        a.set_data_handle(first);
        b.set_data_handle(second);
        c.set_data_handle(result);
        if (scratchSize > 0) {
            scratch.set_data_handle(oneDnn.scratchpad.atLeast(scratchSize));
        }
        primitive.execute(oneDnn.stream, arguments);
        oneDnn.stream._wait();
    }
}
