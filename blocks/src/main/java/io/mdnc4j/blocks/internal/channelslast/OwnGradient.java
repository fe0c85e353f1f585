package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.Rows;
import java.nio.FloatBuffer;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a share's samples say about a parameter's gradient, until it is added to what the others say. */
final class OwnGradient {
    private static final int BLOCK = 4096;

    private final Supplier<INDArray> total;
    private INDArray own;

    OwnGradient(Supplier<INDArray> total) {
        this.total = total;
    }

    INDArray array() {
        if (own == null) {
            own = Nd4j.createUninitializedDetached(DataType.FLOAT, total.get().shape());
        }
        return own;
    }

    void addToTotal() {
        FloatBuffer from = Rows.of(array());
        FloatBuffer to = Rows.of(total.get());
        Blocks blocks = Blocks.ofThread();
        for (int offset = 0; offset < to.capacity(); offset += BLOCK) {
            int length = Math.min(BLOCK, to.capacity() - offset);
            float[] sum = blocks.loadA(to, offset, length);
            Normalizing.add(sum, blocks.loadB(from, offset, length), length);
            to.put(offset, sum, 0, length);
        }
    }

    void free() {
        if (own != null) {
            own.close();
            own = null;
        }
    }
}
