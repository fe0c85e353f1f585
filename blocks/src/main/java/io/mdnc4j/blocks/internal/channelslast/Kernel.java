package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.OneDnn;
import org.bytedeco.javacpp.Pointer;

/** One pass of a convolution, computed in one {@link Way}. */
interface Kernel {
    /**
     * Where its operands lie.
     *
     * @param x the input or its gradient
     * @param weights the weights or their gradient
     * @param bias the bias or its gradient; {@code null} for none, and for gradients of data
     * @param y the output or its gradient
     * @param scratch at least as many floats as were asked for; {@code null} for none
     * @param add whether the input's gradient is added to what is there
     */
    record Operands(Slot x, Pointer weights, Pointer bias, Slot y, Slot scratch, boolean add) {}

    /** Floats that it needs besides, where it adds to what is there and where not. */
    default long scratch(boolean add) {
        return 0;
    }

    void run(OneDnn oneDnn, Operands at);

    /** Of the native code. */
    String name();

    /** Frees native objects. */
    void free();
}
