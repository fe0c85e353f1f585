package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Release;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A source as it is on another grid; read whole when the first region is asked for. */
final class GridSource implements RegionSource {
    private final RegionSource source;
    private final Regridding way;
    private @Nullable INDArray there;

    GridSource(RegionSource source, Regridding way) {
        this.source = source;
        this.way = way;
    }

    @Override
    public long[] shape() {
        return Axes.prepended(source.shape()[0], way.size());
    }

    @Override
    public INDArray region(long[] start, long... size) {
        INDArray all = there;
        if (all == null) {
            long[] shape = source.shape();
            long[] whole = new long[shape.length - 1];
            System.arraycopy(shape, 1, whole, 0, whole.length);
            all = way.apply(source.region(new long[whole.length], whole), NetworkGrid.INPUTS);
            there = all;
            source.close();
        }
        return Regions.of(all, start, size);
    }

    @Override
    public void close() {
        Release.of(there);
        there = null;
        source.close();
    }
}
