package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Takes the output for one input {@code [C, size...]} as it is completed: slabs {@code [C', rows, rest...]} along the first axis
 * of {@code size}, in order, each row once. What is no array of the input's size, such as the probabilities {@code [K]} of a whole
 * example, comes in one piece. For one thread.
 */
public interface SlabSink extends AutoCloseable {
    /**
     * Takes the next slab.
     *
     * @param slab the sink's to change, keep and free
     */
    void accept(INDArray slab);

    /** Says that all slabs came. */
    void finish();

    /** Gives back what the sink holds; if it was not finished, nothing of the output is left. Default: does nothing. */
    @Override
    default void close() {
        // nothing is held
    }

    /**
     * Puts slabs together in memory.
     *
     * @param size of the input, without channels
     * @param consumer gets the whole output, which is its to keep
     * @return the sink
     */
    static SlabSink collect(long[] size, Consumer<INDArray> consumer) {
        return new CollectedSlabs(new Axes(size), consumer);
    }
}
