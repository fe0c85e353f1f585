package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Parts of arrays {@code [C, size...]}, as views. */
final class Regions {
    private Regions() {}

    /** The array, or a copy of one that is a part of a larger one: ND4J takes parts of such parts for empty. */
    static INDArray withoutGaps(INDArray array) {
        return array.isView() && !Shape.hasDefaultStridesForShape(array) ? array.dup('c') : array;
    }

    /** A region of an array without gaps, in all channels. */
    static INDArray of(INDArray array, long[] start, long... size) {
        INDArrayIndex[] place = new INDArrayIndex[start.length + 1];
        place[0] = NDArrayIndex.all();
        System.arraycopy(index(start, size), 0, place, 1, start.length);
        return array.get(place);
    }

    /** Where a region lies in one channel. */
    static INDArrayIndex[] index(long[] start, long... size) {
        INDArrayIndex[] index = new INDArrayIndex[start.length];
        for (int axis = 0; axis < index.length; axis++) {
            index[axis] = NDArrayIndex.interval(start[axis], start[axis] + size[axis]);
        }
        return index;
    }

    /** Whole rows, along the first axis after the channels, of an array without gaps. */
    static INDArray rows(INDArray array, long from, long to) {
        long[] start = new long[array.rank() - 1];
        long[] size = Axes.size(array);
        start[0] = from;
        size[0] = to - from;
        return of(array, start, size);
    }
}
