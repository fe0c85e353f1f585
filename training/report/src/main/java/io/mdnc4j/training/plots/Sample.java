package io.mdnc4j.training.plots;

import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Probabilities;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An example and what a network made of it.
 *
 * @param output values {@code [C', size...]}, probabilities of classes, or of labels with 0.5 as threshold, {@code [K, size...]} or {@code [K]}
 */
public record Sample(Example example, INDArray output) {
    /** Spatial size. */
    long[] size() {
        long[] shape = example.input().shape();
        return Arrays.copyOfRange(shape, 1, shape.length);
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

    /** Where each of several labels is, 1 there, of the positions or of the whole. */
    int[][] targetLabels() {
        return labels(example.target());
    }

    /** The same, found. */
    int[][] foundLabels() {
        return labels(output);
    }

    private static int[][] labels(INDArray channels) {
        int[] present = OnHeap.ints(Probabilities.present(channels));
        int count = (int) channels.size(0);
        int length = present.length / count;
        return IntStream.range(0, count)
                .mapToObj(k -> Arrays.copyOfRange(present, k * length, (k + 1) * length))
                .toArray(int[][]::new);
    }

    /** A number for each combination of labels, as far as there are bits. */
    static int[] combined(int[]... labels) {
        int[] combined = new int[labels[0].length];
        for (int k = 0; k < Math.min(labels.length, Integer.SIZE - 1); k++) {
            for (int i = 0; i < combined.length; i++) {
                combined[i] |= labels[k][i] << k;
            }
        }
        return combined;
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
