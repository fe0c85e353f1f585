package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.files.DataException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A flow that a network sees on its own grid, whichever the flow's is, and whose output comes back on the flow's. */
final class GridFlow extends WrappedFlow {
    private final NetworkGrid network;
    private @Nullable Regridding way;
    private long rows;

    GridFlow(Flow flow, NetworkGrid network) {
        super(flow);
        this.network = network;
    }

    @Override
    public RegionSource open() {
        RegionSource source = flow().open();
        try {
            long[] shape = source.shape();
            Regridding there = network.way(flow(), Arrays.copyOfRange(shape, Math.min(1, shape.length), shape.length));
            way = there;
            rows = shape.length > 1 ? shape[1] : 1;
            return there.isIdentity() ? source : new GridSource(source, there);
        } catch (DataException e) {
            source.close();
            throw e;
        }
    }

    @Override
    public SlabSink sink() {
        Regridding there = Objects.requireNonNull(way);
        SlabSink sink = flow().sink();
        return there.isIdentity() ? sink : new GridSink(sink, there, network.outputs(), rows);
    }
}
