package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Release;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A source with elements around it, on those axes on which a window is larger; regions are whole windows. */
final class PaddedSource implements RegionSource {
    private final RegionSource source;
    private final Padding padding;
    private final long[] size;
    private final long[] padded;

    /** What the last region was. */
    private @Nullable INDArray last;

    private PaddedSource(RegionSource source, Padding padding, long[] size, long... padded) {
        this.source = source;
        this.padding = padding;
        this.size = size;
        this.padded = padded;
    }

    /** The source with that size, itself if it has it. */
    static RegionSource of(RegionSource source, Padding padding, long... padded) {
        long[] shape = source.shape();
        long[] size = Arrays.copyOfRange(shape, 1, shape.length);
        return Arrays.equals(size, padded) ? source : new PaddedSource(source, padding, size, padded);
    }

    @Override
    public long[] shape() {
        return Axes.prepended(source.shape()[0], padded);
    }

    @Override
    public INDArray region(long[] start, long... window) {
        long[] from = start.clone();
        long[] length = window.clone();
        for (int axis = 0; axis < size.length; axis++) {
            if (padded[axis] > size[axis]) {
                from[axis] = 0;
                length[axis] = size[axis];
            }
        }
        Release.of(last);
        INDArray region = Regions.withoutGaps(source.region(from, length));
        for (int axis = 0; axis < size.length; axis++) {
            if (padded[axis] > size[axis]) {
                INDArray extended = extended(region, axis);
                Release.of(last);
                region = extended;
                last = extended;
            }
        }
        return region;
    }

    private INDArray extended(INDArray array, int axis) {
        long[] shape = array.shape().clone();
        shape[axis + 1] = padded[axis];
        INDArray result = Nd4j.zeros(array.dataType(), shape);
        long before = Padding.before(size[axis], padded[axis]);
        for (long i = 0; i < padded[axis]; i++) {
            long place = i - before;
            boolean inside = place >= 0 && place < size[axis];
            if (inside || padding == Padding.REFLECT) {
                result.get(row(shape.length, axis, i))
                        .assign(array.get(row(shape.length, axis, Padding.mirrored(place, size[axis]))));
            }
        }
        return result;
    }

    private static INDArrayIndex[] row(int rank, int axis, long place) {
        INDArrayIndex[] index = new INDArrayIndex[rank];
        Arrays.fill(index, NDArrayIndex.all());
        index[axis + 1] = NDArrayIndex.interval(place, place + 1);
        return index;
    }

    @Override
    public void close() {
        Release.of(last);
        source.close();
    }
}
