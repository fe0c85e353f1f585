package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Release;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Slabs put together; an output in one piece is passed on as it is. */
final class CollectedSlabs implements SlabSink {
    private final Axes size;
    private final Consumer<INDArray> consumer;
    private @Nullable INDArray whole;
    private long rows;

    CollectedSlabs(Axes size, Consumer<INDArray> consumer) {
        this.size = size;
        this.consumer = consumer;
    }

    @Override
    public void accept(INDArray slab) {
        if (slab.rank() != size.count() + 1 || slab.size(1) == size.size(0)) {
            whole = slab;
            return;
        }
        INDArray all = whole;
        if (all == null) {
            long[] shape = slab.shape().clone();
            shape[1] = size.size(0);
            all = Nd4j.createUninitialized(slab.dataType(), shape, 'c');
            whole = all;
        }
        Regions.rows(all, rows, rows + slab.size(1)).assign(slab);
        rows += slab.size(1);
        Release.of(slab);
    }

    @Override
    public void finish() {
        INDArray complete = whole;
        whole = null;
        if (complete != null) {
            consumer.accept(complete);
        }
    }

    @Override
    public void close() {
        Release.of(whole);
        whole = null;
    }
}
