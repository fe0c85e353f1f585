package io.mdnc4j.training.predict;

import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network of two axes that answers to slices of volumes.
 *
 * @param member from {@code [N, C, h, w]} to {@code [N, C', h, w]}
 */
record SliceMember(UnaryOperator<INDArray> member) implements UnaryOperator<INDArray> {
    /** From {@code [N, C, 1, h, w]} to {@code [N, C', 1, h, w]}. */
    @Override
    public INDArray apply(INDArray batch) {
        long[] in = batch.shape();
        INDArray output = member.apply(batch.reshape('c', in[0], in[1], in[3], in[4]));
        long[] out = output.shape();
        return output.reshape('c', out[0], out[1], 1, out[2], out[3]);
    }
}
