package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.files.DataException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Flows that a network sees on its own grid, whichever theirs is, and whose outputs come back on theirs. */
final class GridFlows implements Iterator<Flow> {
    private final Iterator<? extends Flow> flows;
    private final NetworkGrid network;

    GridFlows(Iterator<? extends Flow> flows, NetworkGrid network) {
        this.flows = flows;
        this.network = network;
    }

    @Override
    public boolean hasNext() {
        return flows.hasNext();
    }

    @Override
    public Flow next() {
        return new GridFlow(flows.next(), network);
    }

    private static final class GridFlow implements Flow {
        private final Flow flow;
        private final NetworkGrid network;
        private @Nullable Regridding way;
        private long rows;

        GridFlow(Flow flow, NetworkGrid network) {
            this.flow = flow;
            this.network = network;
        }

        @Override
        public String name() {
            return flow.name();
        }

        @Override
        public RegionSource open() {
            RegionSource source = flow.open();
            try {
                long[] shape = source.shape();
                Regridding there =
                        network.way(flow, Arrays.copyOfRange(shape, Math.min(1, shape.length), shape.length));
                way = there;
                rows = shape.length > 1 ? shape[1] : 1;
                return there.isIdentity() ? source : new GridSource(source, there);
            } catch (DataException e) {
                source.close();
                throw e;
            }
        }

        @Override
        public Grid grid() {
            return flow.grid();
        }

        @Override
        public List<String> remarks() {
            return flow.remarks();
        }

        @Override
        public SlabSink sink() {
            Regridding there = Objects.requireNonNull(way);
            SlabSink sink = flow.sink();
            return there.isIdentity() ? sink : new GridSink(sink, there, network.outputs(), rows);
        }

        @Override
        public void progress(int done, int all) {
            flow.progress(done, all);
        }

        @Override
        public void failed(RuntimeException problem) {
            flow.failed(problem);
        }
    }
}
