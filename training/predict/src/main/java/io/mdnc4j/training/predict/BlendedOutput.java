package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Release;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The windows of one input {@code [C, size...]}, and the array that their outputs become. */
final class BlendedOutput {
    private final INDArray input;
    private final WindowGrid grid;
    private final Blend blend;

    /** Weighted outputs, {@code [C', size...]}. */
    private @Nullable INDArray sum;

    /** Sum of the weights at each position, {@code [size...]}. */
    private @Nullable INDArray weights;

    /** Weights of a window, {@code [window...]}. */
    private @Nullable INDArray weight;

    private int added;

    /** @param grid windows that lie within the input */
    BlendedOutput(INDArray input, WindowGrid grid, Blend blend) {
        this.input = grid.count() == 1 ? input : withoutGaps(input);
        this.grid = grid;
        this.blend = blend;
    }

    /** The array, or a copy of one that is a part of a larger one: ND4J takes parts of such parts for empty. */
    static INDArray withoutGaps(INDArray array) {
        return array.isView() && !Shape.hasDefaultStridesForShape(array) ? array.dup('c') : array;
    }

    /** Number of windows. */
    int count() {
        return grid.count();
    }

    /** Shape of a window, {@code [C, window...]}. */
    long[] windowShape() {
        return shape(input.size(0), grid.window());
    }

    static long[] shape(long first, long... rest) {
        long[] shape = new long[rest.length + 1];
        shape[0] = first;
        System.arraycopy(rest, 0, shape, 1, rest.length);
        return shape;
    }

    /** The values of a window, {@code [C, window...]}: the input's own, not a copy. */
    INDArray window(int index) {
        return count() == 1 ? input : input.get(place(index));
    }

    private INDArrayIndex[] place(int index) {
        long[] start = grid.start(index);
        long[] window = grid.window();
        INDArrayIndex[] place = new INDArrayIndex[start.length + 1];
        place[0] = NDArrayIndex.all();
        for (int axis = 0; axis < start.length; axis++) {
            place[axis + 1] = NDArrayIndex.interval(start[axis], start[axis] + window[axis]);
        }
        return place;
    }

    /**
     * Adds the output of the next window, {@code [C', window...]}, or any shape where there is one window only. It may be freed
     * afterwards unless it is what this returns.
     *
     * @return the whole output once all are added, {@code null} before
     * @throws ArgumentException if the output has not the size of the window
     */
    @Nullable
    INDArray add(INDArray output) {
        if (count() == 1) {
            return output;
        }
        INDArray total = sum;
        INDArray weightsHere = weights;
        INDArray weightHere = weight;
        if (total == null || weightsHere == null || weightHere == null) {
            requireSize(output);
            total = Nd4j.zeros(output.dataType(), shape(output.size(0), size()));
            weightsHere = Nd4j.zeros(output.dataType(), size());
            weightHere = weight(output);
            sum = total;
            weights = weightsHere;
            weight = weightHere;
        }
        INDArrayIndex[] place = place(added++);
        INDArrayIndex[] ofChannel = Arrays.copyOfRange(place, 1, place.length);
        for (int channel = 0; channel < output.size(0); channel++) {
            INDArray weighted = output.slice(channel).mul(weightHere);
            // the slice first: ND4J's slices of a view with gaps are empty
            total.slice(channel).get(ofChannel).addi(weighted);
            Release.of(weighted);
        }
        weightsHere.get(ofChannel).addi(weightHere);
        if (added < count()) {
            return null;
        }
        for (int channel = 0; channel < total.size(0); channel++) {
            total.slice(channel).divi(weightsHere);
        }
        Release.of(weightsHere, weightHere);
        return total;
    }

    private long[] size() {
        return Arrays.copyOfRange(input.shape(), 1, input.rank());
    }

    private void requireSize(INDArray output) {
        long[] expected = windowShape();
        expected[0] = output.size(0);
        ArgumentException.require(
                Arrays.equals(expected, output.shape()),
                "function",
                "its output " + Arrays.toString(output.shape()) + " for a window " + Arrays.toString(windowShape())
                        + " has another size",
                "use one whose output has the size of its input, or take inputs whole");
    }

    private INDArray weight(INDArray output) {
        long[] window = grid.window();
        INDArray product = Nd4j.ones(output.dataType(), window);
        for (int axis = 0; axis < window.length; axis++) {
            long[] along = new long[window.length];
            Arrays.fill(along, 1);
            along[axis] = window[axis];
            product.muli(Nd4j.createFromArray(blend.weights((int) window[axis]))
                    .castTo(output.dataType())
                    .reshape('c', along)
                    .broadcast(window));
        }
        return product;
    }
}
