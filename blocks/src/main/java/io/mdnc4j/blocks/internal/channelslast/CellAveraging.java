package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.Natives;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;

/** Averages over cells of one size, beside each other; what is left over at the ends of axes counts for nothing. */
final class CellAveraging extends Step {
    private static final int AVERAGE = dnnl.dnnl_pooling_avg_exclude_padding;

    private final Natives natives = new Natives();
    private final Primitive forward;
    private Primitive toData;
    private final List<String> kernels = new ArrayList<>();

    CellAveraging(String name, int[] size, boolean training, Maps x, Maps y) {
        super(name, y, x);
        long[] cell = Primitive.axes(size, 1);
        long[] none = new long[cell.length];
        var xLayout = Primitive.channelsLast(Primitive.image(x.shape()));
        var yLayout = Primitive.channelsLast(Primitive.image(y.shape()));
        var description = natives.keep(new pooling_forward.primitive_desc(
                OneDnn.cpu(),
                dnnl.dnnl_forward_training,
                AVERAGE,
                xLayout,
                yLayout,
                cell,
                cell,
                none,
                none,
                none,
                Primitive.attributes(),
                false));
        kernels.add(description.impl_info_str().getString());
        forward = new Primitive(new pooling_forward(description), description.scratchpad_desc())
                .has(dnnl.DNNL_ARG_SRC, xLayout)
                .has(dnnl.DNNL_ARG_DST, yLayout);
        if (training) {
            var made = new pooling_backward.primitive_desc(
                    OneDnn.cpu(),
                    AVERAGE,
                    xLayout,
                    yLayout,
                    cell,
                    cell,
                    none,
                    none,
                    none,
                    description,
                    Primitive.attributes(),
                    false);
            kernels.add(made.impl_info_str().getString());
            toData = new Primitive(new pooling_backward(made), made.scratchpad_desc())
                    .has(dnnl.DNNL_ARG_DIFF_DST, yLayout)
                    .has(dnnl.DNNL_ARG_DIFF_SRC, xLayout);
        }
    }

    @Override
    boolean readsInputsBackward() {
        return false;
    }

    @Override
    void forward(OneDnn oneDnn, boolean training) {
        forward.run(oneDnn, input().pointer(), output.pointer());
    }

    @Override
    long scratchBackward() {
        return adds[0] && input().wantsGradient ? input().elements() : 0;
    }

    @Override
    void backward(OneDnn oneDnn) {
        if (!input().wantsGradient) {
            return;
        }
        toData.run(oneDnn, output.gradientPointer(), adds[0] ? scratch.pointer() : input().gradientPointer());
        if (adds[0]) {
            Summing.add(input().gradientBuffer(), scratch.buffer(), input().gradientBuffer(), input());
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
        }
        natives.free();
    }
}
