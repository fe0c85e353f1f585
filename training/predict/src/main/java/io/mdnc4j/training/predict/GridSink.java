package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.arrays.Resampling;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Brings what a network answers back to the grid of the input; what has no positions stays as it is. */
final class GridSink implements SlabSink {
    private final SlabSink sink;
    private final SlabSink collected;

    GridSink(SlabSink sink, Regridding way, Resampling resampling) {
        this.sink = sink;
        Axes there = new Axes(way.size());
        collected = new CollectedSlabs(there, output -> {
            boolean atPositions = output.rank() == there.count() + 1;
            INDArray back = atPositions ? way.restore(output, resampling) : output;
            if (back != output) {
                Release.of(output);
            }
            sink.accept(back);
        });
    }

    @Override
    public void accept(INDArray slab) {
        collected.accept(slab);
    }

    @Override
    public void finish() {
        collected.finish();
        sink.finish();
    }

    @Override
    public void close() {
        collected.close();
        sink.close();
    }
}
