package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.OnHeap;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What probabilities of classes say. */
public final class Probabilities {
    private Probabilities() {}

    /**
     * The most probable class of each position, or of the whole example.
     *
     * @param output {@code [K, size...]} or {@code [K]}
     * @return numbers of classes from 0, in row-major order
     */
    public static int[] mostProbable(INDArray output) {
        int classes = (int) output.size(0);
        // a class at a time, for an output may be a large part of the memory
        INDArray rows = output.reshape(classes, -1);
        float[] highest = OnHeap.floats(rows.getRow(0));
        int[] best = new int[highest.length];
        for (int c = 1; c < classes; c++) {
            float[] values = OnHeap.floats(rows.getRow(c));
            for (int i = 0; i < best.length; i++) {
                if (values[i] > highest[i]) {
                    highest[i] = values[i];
                    best[i] = c;
                }
            }
        }
        return best;
    }
}
