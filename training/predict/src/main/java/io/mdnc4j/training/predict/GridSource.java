package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Release;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A source as it is on another grid. Only rows that a region needs are in memory; all of them where axes are exchanged. */
final class GridSource implements RegionSource {
    private final RegionSource source;
    private final Regridding way;
    private final long[] size;

    /** Rows on the other grid from {@link #first} to {@link #end}, {@code [C, rows, rest...]}. */
    private @Nullable INDArray kept;

    private long first;
    private long end;

    GridSource(RegionSource source, Regridding way) {
        this.source = source;
        this.way = way;
        this.size = new long[source.shape().length - 1];
        System.arraycopy(source.shape(), 1, size, 0, size.length);
    }

    @Override
    public long[] shape() {
        return Axes.prepended(source.shape()[0], way.size());
    }

    @Override
    public INDArray region(long[] start, long... length) {
        long[] place = start.clone();
        INDArray rows = rows(start[0], start[0] + length[0]);
        place[0] -= first;
        return Regions.of(rows, place, length);
    }

    private INDArray rows(long from, long to) {
        INDArray before = kept;
        if (before != null && from >= first && to <= end) {
            return before;
        }
        INDArray rows;
        if (way.isForward()) {
            long known = before == null ? from : Math.max(from, end);
            INDArray further = resampled(known, to);
            rows = further;
            if (before != null && from < end) {
                rows = Nd4j.createUninitialized(DataType.FLOAT, Axes.prepended(shape()[0], further(to - from)));
                Regions.rows(rows, 0, end - from).assign(Regions.rows(before, from - first, end - first));
                Regions.rows(rows, end - from, to - from).assign(further);
                Release.of(further);
            }
            first = from;
            end = to;
        } else {
            rows = way.apply(source.region(new long[size.length], size), NetworkGrid.INPUTS);
            first = 0;
            end = way.size()[0];
        }
        Release.of(before);
        kept = rows;
        return rows;
    }

    private long[] further(long count) {
        long[] slab = way.size();
        slab[0] = count;
        return slab;
    }

    private INDArray resampled(long from, long to) {
        long[] needed = way.rowsFor(from, to, NetworkGrid.INPUTS);
        long[] start = new long[size.length];
        start[0] = needed[0];
        long[] slab = size.clone();
        slab[0] = needed[1] - needed[0];
        return way.applyRows(source.region(start, slab), needed[0], from, to, NetworkGrid.INPUTS);
    }

    @Override
    public void close() {
        Release.of(kept);
        kept = null;
        source.close();
    }
}
