package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.objects.TouchingObjects;
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

    /**
     * How certainly positions are not inside of an object, of the classes of {@link TouchingObjects}: the probability of the
     * border less that of the inside.
     *
     * @param output {@code [3, size...]}
     * @return -1 to 1, in row-major order
     */
    public static float[] heights(INDArray output) {
        INDArray rows = output.reshape(TouchingObjects.CLASSES.size(), -1);
        float[] heights = OnHeap.floats(rows.getRow(2)).clone();
        float[] inside = OnHeap.floats(rows.getRow(1));
        for (int i = 0; i < heights.length; i++) {
            heights[i] -= inside[i];
        }
        return heights;
    }
}
