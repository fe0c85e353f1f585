package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.Reverse;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mirror images of windows along some axes: all {@code 2^n} ways to flip any of {@code n} axes, the first of which flips none.
 * Outputs are flipped back, so that they can be averaged (test-time augmentation).
 *
 * @param axes of the window that may be flipped, from 0 for the first after that of the channels; each once
 */
public record Flips(List<Integer> axes) {
    /** No axis: the windows as they are. */
    public static final Flips NONE = new Flips(List.of());

    private static final int MAX_AXES = 3;

    /**
     * Copies the list.
     *
     * @param axes from 0, each once
     * @throws ArgumentException if one is negative or occurs twice
     */
    public Flips {
        axes = List.copyOf(axes);
        ArgumentException.require(
                axes.stream().allMatch(axis -> axis >= 0 && axis < MAX_AXES)
                        && axes.stream().distinct().count() == axes.size(),
                "flip",
                axes,
                "give axes from 0 for the first after that of the channels, each once");
    }

    /**
     * All axes of a window.
     *
     * @param dimensions how many
     * @return the flips of any of them
     */
    public static Flips all(int dimensions) {
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < dimensions; axis++) {
            axes.add(axis);
        }
        return new Flips(axes);
    }

    /** {@return the number of ways, 1 without axes} */
    public int count() {
        return 1 << axes.size();
    }

    /**
     * Flips windows, or flips their outputs back.
     *
     * @param index of the way, from 0 (none is flipped) to below {@link #count}
     * @param batch {@code [N, C, window...]}
     * @return a new array of that shape
     */
    public INDArray apply(int index, INDArray batch) {
        int[] flipped = new int[Integer.bitCount(index)];
        int count = 0;
        for (int i = 0; i < axes.size(); i++) {
            if ((index >> i & 1) == 1) {
                flipped[count++] = axes.get(i) + 2;
            }
        }
        INDArray result = batch.dup('c');
        if (flipped.length > 0) {
            INDArray source = result;
            result = Nd4j.createUninitialized(batch.dataType(), batch.shape(), 'c');
            Nd4j.exec(new Reverse(source, result, flipped));
            source.close();
        }
        return result;
    }

    /** Refuses axes that windows do not have. */
    void requireWithin(int dimensions) {
        ArgumentException.require(
                axes.stream().allMatch(axis -> axis < dimensions),
                "flip",
                axes,
                "give axes from 0 to " + (dimensions - 1));
    }

    @Override
    public String toString() {
        return "Flips" + Arrays.toString(axes.toArray());
    }
}
