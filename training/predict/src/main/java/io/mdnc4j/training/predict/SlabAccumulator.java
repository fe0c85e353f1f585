package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.files.DataException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;

/**
 * The weighted mean of the outputs of overlapping windows, which come in the order of their grid. Only as many rows along the
 * first axis as a window has are kept: those before the next window are complete and go on.
 */
final class SlabAccumulator implements AutoCloseable {
    /** The largest weight where sums are of half precision. */
    private static final int LARGEST = 10;

    private final WindowGrid grid;
    private final Blend blend;
    private final long[] window;

    /** Size of what is kept: the rows of a window, the rest of the whole. */
    private final long[] kept;

    private final boolean isHalf;
    private final Consumer<INDArray> sink;

    /** Weighted outputs, {@code [C', kept...]}. */
    private @Nullable INDArray sum;

    /** Sum of the weights at each position, {@code [1, kept...]}. */
    private @Nullable INDArray weights;

    /** Weights of a window, {@code [window...]}. */
    private @Nullable INDArray weight;

    /** Row of the whole that is the first of those kept. */
    private long first;

    private int added;

    /**
     * @param grid windows that lie within the whole
     * @param size of the whole
     * @param half whether sums are of half precision
     * @param sink gets slabs {@code [C', rows, rest...]}, which are its to keep
     */
    SlabAccumulator(WindowGrid grid, Blend blend, Axes size, boolean half, Consumer<INDArray> sink) {
        isHalf = half;
        this.grid = grid;
        this.blend = blend;
        this.sink = sink;
        window = grid.window();
        kept = new long[size.count()];
        Arrays.setAll(kept, axis -> axis == 0 ? window[0] : size.size(axis));
    }

    /** {@return whether all windows were added} */
    boolean isComplete() {
        return added == grid.count();
    }

    /** {@return the number of windows that were added} */
    int added() {
        return added;
    }

    /**
     * Adds the output of the next window, {@code [C', window...]}, or any shape where there is one window only, and frees it.
     *
     * @throws ArgumentException if the output has not the size of the window
     */
    void add(INDArray output) {
        if (grid.count() == 1 && !isHalf) {
            added++;
            sink.accept(output);
            return;
        }
        requireSize(output);
        long[] start = grid.start(added);
        if (sum != null && start[0] > first) {
            pass(start[0]);
        }
        accumulate(output, start);
        Release.of(output);
        added++;
        if (isComplete()) {
            pass(first + window[0]);
            close();
        }
    }

    private void accumulate(INDArray output, long... start) {
        INDArray total = sum;
        INDArray totalWeights = weights;
        INDArray ofWindow = weight;
        if (total == null || totalWeights == null || ofWindow == null) {
            DataType type = isHalf ? DataType.FLOAT16 : output.dataType();
            total = Nd4j.zeros(type, Axes.prepended(output.size(0), kept));
            totalWeights = Nd4j.zeros(type, Axes.prepended(1, kept));
            ofWindow = weight(output);
            sum = total;
            weights = totalWeights;
            weight = ofWindow;
        }
        long[] place = start.clone();
        place[0] -= first;
        INDArrayIndex[] index = Regions.index(place, window);
        for (int channel = 0; channel < output.size(0); channel++) {
            INDArray weighted = output.slice(channel).mul(ofWindow);
            // the slice first: ND4J's slices of a view with gaps are empty
            add(weighted, total.slice(channel).get(index));
            Release.of(weighted);
        }
        add(ofWindow, totalWeights.slice(0).get(index));
    }

    /** Sums are rounded once, also where they are of half precision. */
    private void add(INDArray addend, INDArray sum) {
        if (!isHalf) {
            sum.addi(addend);
            return;
        }
        INDArray exact = sum.castTo(addend.dataType()).addi(addend);
        sum.assign(exact);
        Release.of(exact);
    }

    /** Weights of half precision: the largest is 10, and none is zero. */
    private static INDArray representable(INDArray product) {
        float[] values =
                OnHeap.floats(product.muli(LARGEST).castTo(DataType.FLOAT16).castTo(DataType.FLOAT));
        float least = Float.POSITIVE_INFINITY;
        for (float value : values) {
            least = value > 0 ? Math.min(least, value) : least;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(values[i], least);
        }
        return Nd4j.createFromArray(values).reshape('c', product.shape()).castTo(product.dataType());
    }

    private INDArray widened(INDArray slab) {
        if (!isHalf) {
            return slab;
        }
        INDArray wide = slab.castTo(DataType.FLOAT);
        Release.of(slab);
        double sum = wide.sumNumber().doubleValue();
        if (Double.isNaN(sum) || Double.isInfinite(sum)) {
            throw new DataException("the network's outputs are beyond half precision, in which they are added up; check"
                    + " that the input is what it was trained on");
        }
        return wide;
    }

    /** Passes on the rows before one, and makes room for others. */
    private void pass(long row) {
        INDArray total = sum;
        INDArray totalWeights = weights;
        int rows = (int) (row - first);
        INDArray slab = widened(Regions.rows(total, 0, rows).dup('c'));
        INDArray ofSlab = widened(Regions.rows(totalWeights, 0, rows).dup('c'));
        for (int channel = 0; channel < slab.size(0); channel++) {
            slab.slice(channel).divi(ofSlab.slice(0));
        }
        sum = moved(total, rows);
        weights = moved(totalWeights, rows);
        Release.of(total, totalWeights, ofSlab);
        first = row;
        sink.accept(slab);
    }

    /** The same rows in a new array, a number of rows earlier, and zeros behind. */
    private INDArray moved(INDArray array, int rows) {
        INDArray moved = Nd4j.zeros(array.dataType(), array.shape());
        if (rows < kept[0]) {
            Regions.rows(moved, 0, kept[0] - rows).assign(Regions.rows(array, rows, kept[0]));
        }
        return moved;
    }

    private void requireSize(INDArray output) {
        ArgumentException.require(
                output.rank() == window.length + 1 && Arrays.equals(window, Axes.size(output)),
                "function",
                "its output " + Arrays.toString(output.shape()) + " for a window " + Arrays.toString(window)
                        + " has another size",
                "use one whose output has the size of its input, or take inputs whole");
    }

    private INDArray weight(INDArray output) {
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
        return isHalf ? representable(product) : product;
    }

    /** Gives memory back. */
    @Override
    public void close() {
        Release.of(sum, weights, weight);
        sum = null;
        weights = null;
        weight = null;
    }
}
