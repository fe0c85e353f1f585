package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.objects.TouchingObjects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What probabilities of classes, and of labels that may apply at once, say. */
public final class Probabilities {
    /** The probability above which a label is there. */
    private static final float EVEN = 0.5f;

    private Probabilities() {}

    /**
     * Whether a label is there that may apply together with others: where it is more probable than not.
     *
     * @param probability of the label
     * @return whether it is more than 0.5
     */
    public static boolean isPresent(float probability) {
        return probability > EVEN;
    }

    /**
     * Which labels are there that may apply at once.
     *
     * @param output probabilities {@code [K, size...]} or {@code [K]}
     * @return 1 where {@link #isPresent}, else 0, of the same shape
     */
    public static INDArray present(INDArray output) {
        float[] values = OnHeap.floats(output);
        float[] present = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            present[i] = isPresent(values[i]) ? 1 : 0;
        }
        return Nd4j.createFromArray(present).reshape('c', output.shape());
    }

    /**
     * The probabilities of labels moved, in their order, so that those that are at least as probable as a threshold are
     * {@link #isPresent}, and the others not.
     *
     * @param output probabilities {@code [K, size...]} or {@code [K]}
     * @param threshold above 0, at most 1
     * @return {@code p (1 - t) / (p (1 - t) + (1 - p) t)}, of the same shape
     */
    public static INDArray withThreshold(INDArray output, double threshold) {
        float[] values = OnHeap.floats(output);
        float[] moved = new float[values.length];
        float least = (float) threshold;
        for (int i = 0; i < values.length; i++) {
            double there = values[i] * (1 - threshold);
            float p = (float) (there / (there + (1 - values[i]) * threshold));
            moved[i] = values[i] >= least ? Math.max(Math.nextUp(EVEN), Float.isNaN(p) ? 1 : p) : Math.min(EVEN, p);
        }
        return Nd4j.createFromArray(moved).reshape('c', output.shape());
    }

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
