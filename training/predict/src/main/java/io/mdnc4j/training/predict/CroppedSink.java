package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Release;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Cuts off what belongs to elements that {@link PaddedSource} has added. */
final class CroppedSink implements SlabSink {
    private final SlabSink sink;
    private final long[] size;
    private final long[] padded;

    private CroppedSink(SlabSink sink, long[] size, long... padded) {
        this.sink = sink;
        this.size = size;
        this.padded = padded;
    }

    /** A sink for slabs of the padded size, the given one if nothing was added. */
    static SlabSink of(SlabSink sink, long[] size, long... padded) {
        return Arrays.equals(size, padded) ? sink : new CroppedSink(sink, size, padded);
    }

    @Override
    public void accept(INDArray slab) {
        ArgumentException.require(
                slab.rank() == size.length + 1,
                "padding",
                "an output " + Arrays.toString(slab.shape()) + " of an input " + Arrays.toString(padded),
                "leave it out: the output has no positions");
        long[] start = new long[size.length];
        long[] length = new long[size.length];
        for (int axis = 0; axis < size.length; axis++) {
            // an axis that was padded is as long as one window, so it comes whole
            start[axis] = padded[axis] > size[axis] ? Padding.before(size[axis], padded[axis]) : 0;
            length[axis] = padded[axis] > size[axis] ? size[axis] : slab.size(axis + 1);
        }
        INDArray part = Regions.of(slab, start, length).dup('c');
        Release.of(slab);
        sink.accept(part);
    }

    @Override
    public void finish() {
        sink.finish();
    }

    @Override
    public void close() {
        sink.close();
    }
}
