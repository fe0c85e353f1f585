package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Release;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The windows of one flow, and the slabs that their outputs become. What fails in its source or sink ends this flow only. */
final class WindowFlow implements AutoCloseable {
    private final Flow flow;
    private final SlidingWindows windows;
    private @Nullable RegionSource source;
    private @Nullable SlabSink sink;
    private @Nullable WindowGrid grid;
    private @Nullable SlabAccumulator outputs;
    private boolean failed;

    WindowFlow(Flow flow, SlidingWindows windows) {
        this.flow = flow;
        this.windows = windows;
    }

    /** Opens source and sink; the number of windows, 0 if that failed. */
    int open() {
        attempt(() -> {
            RegionSource input = flow.open();
            source = input;
            long[] size = Arrays.copyOfRange(input.shape(), 1, input.shape().length);
            WindowGrid places = windows.grid(size);
            long[] whole = windows.padding().padded(size, places.window());
            source = PaddedSource.of(input, windows.padding(), whole);
            SlabSink output = flow.sink();
            sink = CroppedSink.of(output, size, whole);
            grid = places;
            outputs = new SlabAccumulator(places, windows.blend(), new Axes(whole), windows.isHalf(), sink::accept);
        });
        return failed ? 0 : grid.count();
    }

    /** A copy of the values of a window, {@code [C, window...]}; {@code null} if they cannot be had. */
    @Nullable
    INDArray window(int index) {
        INDArray[] window = new INDArray[1];
        attempt(() -> {
            INDArray region = source.region(grid.start(index), grid.window());
            window[0] = Nd4j.createUninitialized(DataType.FLOAT, region.shape(), 'c')
                    .assign(region);
        });
        return window[0];
    }

    /** Adds the output of the next window, which is this flow's to free. */
    void add(INDArray output) {
        if (failed) {
            Release.of(output);
        }
        attempt(() -> {
            outputs.add(output);
            flow.progress(outputs.added(), grid.count());
            if (outputs.isComplete()) {
                sink.finish();
                close();
            }
        });
    }

    /** {@return whether nothing more is to come} */
    boolean isDone() {
        return failed || outputs != null && outputs.isComplete();
    }

    /** {@return whether there is no use in going on} */
    boolean hasFailed() {
        return failed;
    }

    private void attempt(Runnable step) {
        if (failed) {
            // what is left of its windows
            return;
        }
        try {
            step.run();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** Ends this flow, if it has not ended yet. */
    void fail(RuntimeException problem) {
        if (!failed) {
            failed = true;
            close();
            flow.failed(problem);
        }
    }

    /** All windows were read. */
    void closeSource() {
        RegionSource input = source;
        source = null;
        if (input != null) {
            input.close();
        }
    }

    @Override
    public void close() {
        SlabSink output = sink;
        SlabAccumulator slabs = outputs;
        sink = null;
        try {
            closeSource();
        } finally {
            if (slabs != null) {
                slabs.close();
            }
            if (output != null) {
                output.close();
            }
        }
    }
}
