package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.arrays.Resampling;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Brings what a network answers back to the grid of the input, as soon as there are rows enough; where axes are exchanged, when
 * all are there. What has no positions stays as it is.
 */
final class GridSink implements SlabSink {
    private final SlabSink sink;
    private final Regridding way;
    private final Resampling resampling;
    private final long ownRows;
    private final int rank;

    /** Rows of the output from {@link #first} to {@link #end} that are still needed. */
    private @Nullable INDArray kept;

    private long first;
    private long end;

    /** Own rows that the sink has. */
    private long done;

    /** @param ownRows of the input, along its first axis */
    GridSink(SlabSink sink, Regridding way, Resampling resampling, long ownRows) {
        this.sink = sink;
        this.way = way;
        this.resampling = resampling;
        this.ownRows = ownRows;
        this.rank = way.size().length + 1;
    }

    @Override
    public void accept(INDArray slab) {
        if (slab.rank() != rank) {
            sink.accept(slab);
            return;
        }
        keep(slab);
        long to = done;
        while (to < ownRows && way.rowsBackFor(to, to + 1, resampling)[1] <= end) {
            to++;
        }
        if (to == done) {
            return;
        }
        INDArray back =
                way.isForward() ? way.restoreRows(kept, first, done, to, resampling) : way.restore(kept, resampling);
        done = to;
        if (done < ownRows) {
            drop(way.rowsBackFor(done, done + 1, resampling)[0]);
        } else {
            Release.of(back == kept ? null : kept);
            kept = null;
        }
        sink.accept(back);
    }

    private void keep(INDArray slab) {
        INDArray before = kept;
        end += slab.size(1);
        if (way.isForward()) {
            kept = before == null ? slab : Nd4j.concat(1, before, slab);
            Release.of(before, kept == slab ? null : slab);
            return;
        }
        if (before == null) {
            // once for all slabs
            kept = Nd4j.createUninitialized(slab.dataType(), Axes.prepended(slab.size(0), way.size()));
        }
        Regions.rows(kept, end - slab.size(1), end).assign(slab);
        Release.of(slab);
    }

    private void drop(long before) {
        INDArray all = kept;
        if (before > first && all != null) {
            // ND4J has no parts without rows
            kept = before < end ? Regions.rows(all, before - first, end - first).dup('c') : null;
            first = before;
            Release.of(all);
        }
    }

    @Override
    public void finish() {
        sink.finish();
    }

    @Override
    public void close() {
        Release.of(kept);
        kept = null;
        sink.close();
    }
}
