package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.arrays.Resampling;
import io.mdnc4j.training.files.DataException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A flow of an image that is prepared as nnU-Net does, and whose logits become probabilities of the image's elements. */
final class PreparedFlow extends WrappedFlow {
    private final ImagePreparation preparation;
    private final Grid assumed;
    private final Consumer<String> notes;
    private ImagePreparation.@Nullable Prepared prepared;

    /** @param assumed grid of images that do not say theirs */
    PreparedFlow(Flow flow, ImagePreparation preparation, Grid assumed, Consumer<String> notes) {
        super(flow);
        this.preparation = preparation;
        this.assumed = assumed;
        this.notes = notes;
    }

    @Override
    public RegionSource open() {
        try (RegionSource source = flow().open()) {
            long[] shape = source.shape();
            long[] size = Arrays.copyOfRange(shape, 1, shape.length);
            // of the image as a whole: its box, mean and splines
            INDArray image = source.region(new long[size.length], size).castTo(DataType.FLOAT);
            Grid own = grid().or(assumed).withAxes(size.length);
            remarks().forEach(remark -> notes.accept(name() + ": " + remark));
            if (own.spacing().isEmpty()) {
                notes.accept(name() + " does not say its spacing, which is taken to be the network's, "
                        + preparation.processing().spacing() + " mm");
            }
            prepared = prepared(image.dup('c'), own);
        }
        INDArray values = prepared.values();
        RegionSource whole = RegionSource.of(values);
        return new RegionSource() {
            @Override
            public long[] shape() {
                return whole.shape();
            }

            @Override
            public INDArray region(long[] start, long... size) {
                return whole.region(start, size);
            }

            @Override
            public void close() {
                Release.of(values);
            }
        };
    }

    private ImagePreparation.Prepared prepared(INDArray image, Grid own) {
        try {
            return preparation.prepare(image, own);
        } catch (DataException e) {
            throw new DataException(name() + ": " + e.getMessage(), e);
        } catch (ArgumentException e) {
            throw new DataException(name() + ": its " + e.argument() + " is " + e.value() + "; " + e.remedy(), e);
        }
    }

    @Override
    public SlabSink sink() {
        ImagePreparation.Prepared way = Objects.requireNonNull(prepared);
        SlabSink onImage =
                back(way.transposed(), Resampling.NEAREST, back(way.turned(), Resampling.NEAREST, flow().sink()));
        boolean regions = !preparation.processing().regionOrder().isEmpty();
        long[] box = way.resampled().restoredSize();
        SlabSink inBox =
                new BoxSink(onImage, way.start(), box, regions, way.transposed().size());
        int folds = preparation.processing().folds().size();
        return Folds.mean(folds, back(way.resampled(), way.outputs(), inBox));
    }

    private SlabSink back(Regridding way, Resampling resampling, SlabSink sink) {
        return way.isIdentity() ? sink : new GridSink(sink, way, resampling, way.restoredSize()[0]);
    }
}
