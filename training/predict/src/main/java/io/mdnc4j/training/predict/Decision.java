package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.OnHeap;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Which class it is, told from the probabilities of all. */
@FunctionalInterface
public interface Decision {
    /** The most probable class; of equally probable ones the first. */
    Decision MOST_PROBABLE = Probabilities::mostProbable;

    /**
     * The classes of positions, or of whole examples.
     *
     * @param probabilities {@code [K, size...]} or {@code [K]}
     * @return numbers of classes from 0, in row-major order
     */
    int[] classes(INDArray probabilities);

    /**
     * The first class (the background of segmentations), unless another has at least a certain probability; of several such the
     * most probable. With two classes and a threshold below 0.5 more becomes foreground than is more probable.
     *
     * @param threshold above 0, at most 1
     * @return the decision
     * @throws ArgumentException if the threshold is not so
     */
    static Decision threshold(double threshold) {
        ArgumentException.require(
                threshold > 0 && threshold <= 1, "threshold", threshold, "use a probability above 0, up to 1");
        float least = (float) threshold;
        return probabilities -> {
            int classes = (int) probabilities.size(0);
            INDArray rows = probabilities.reshape(classes, -1);
            int[] found = new int[(int) rows.size(1)];
            float[] highest = new float[found.length];
            for (int c = 1; c < classes; c++) {
                float[] values = OnHeap.floats(rows.getRow(c));
                for (int i = 0; i < found.length; i++) {
                    if (values[i] >= least && values[i] > highest[i]) {
                        highest[i] = values[i];
                        found[i] = c;
                    }
                }
            }
            return found;
        };
    }

    /**
     * Regions that may lie in each other: of all that are more probable than not the last one's number, else 0.
     *
     * @param numbers one for each region, in the order of the channels
     * @return the decision
     */
    static Decision regions(List<Integer> numbers) {
        List<Integer> order = List.copyOf(numbers);
        return probabilities -> {
            ArgumentException.require(
                    probabilities.size(0) == order.size(),
                    "probabilities",
                    probabilities.size(0) + " channels",
                    "give one for each of " + order.size() + " regions");
            INDArray rows = probabilities.reshape(order.size(), -1);
            int[] found = new int[(int) rows.size(1)];
            for (int region = 0; region < order.size(); region++) {
                float[] values = OnHeap.floats(rows.getRow(region));
                for (int i = 0; i < found.length; i++) {
                    found[i] = Probabilities.isPresent(values[i]) ? order.get(region) : found[i];
                }
            }
            return found;
        };
    }
}
