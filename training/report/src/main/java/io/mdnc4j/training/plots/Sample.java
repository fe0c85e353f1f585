package io.mdnc4j.training.plots;

import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Probabilities;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An example and what a network made of it.
 *
 * @param output values {@code [C', size...]}, probabilities {@code [K, size...]} or {@code [K]}
 */
public record Sample(Example example, INDArray output) {
    /** Spatial size. */
    long[] size() {
        long[] shape = example.input().shape();
        return java.util.Arrays.copyOfRange(shape, 1, shape.length);
    }

    /** Whether all of what was wanted is known. */
    boolean hasTarget() {
        for (float value : OnHeap.floats(example.target())) {
            if (Float.isNaN(value)) {
                return false;
            }
        }
        return true;
    }

    /** The true classes of the positions, or of the whole. */
    int[] target() {
        return OnHeap.ints(example.target());
    }

    /** The most probable classes. */
    int[] found() {
        return Probabilities.mostProbable(output);
    }
}
