package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Release;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Gives windows of one shape, of one input or of several, to a function, some at a time. */
final class WindowBatches implements AutoCloseable {
    private final int size;
    private final UnaryOperator<INDArray> function;
    private final List<Window> pending = new ArrayList<>();

    /** Flows that are not complete. */
    private final Set<WindowFlow> open = new LinkedHashSet<>();

    private record Window(WindowFlow flow, INDArray values) {}

    /** @param size windows that the function gets at a time, at most */
    WindowBatches(int size, UnaryOperator<INDArray> function) {
        this.size = size;
        this.function = function;
    }

    /** Reads the windows of a flow, and runs the function whenever there are enough. */
    void add(WindowFlow flow) {
        open.add(flow);
        int count = flow.open();
        for (int index = 0; index < count; index++) {
            INDArray values = flow.window(index);
            if (values == null) {
                break;
            }
            if (!pending.isEmpty() && !Arrays.equals(pending.get(0).values.shape(), values.shape())) {
                run();
            }
            pending.add(new Window(flow, values));
            if (pending.size() == size) {
                run();
            }
        }
        flow.closeSource();
        if (flow.isDone()) {
            open.remove(flow);
        }
    }

    /** Runs the function on what there is. */
    void run() {
        pending.removeIf(window -> {
            boolean useless = window.flow.hasFailed();
            if (useless) {
                Release.of(window.values);
            }
            return useless;
        });
        if (pending.isEmpty()) {
            return;
        }
        List<Window> windows = List.copyOf(pending);
        INDArray batch = batch();
        pending.clear();
        INDArray outputs;
        try {
            outputs = function.apply(batch);
            ArgumentException.require(
                    outputs.rank() > 1 && outputs.size(0) == windows.size(),
                    "function",
                    "its output " + Arrays.toString(outputs.shape()) + " for " + Arrays.toString(batch.shape()),
                    "return [N, C', window...] for [N, C, window...]");
        } catch (RuntimeException e) {
            // such as a network that cannot take windows of this size, which others need not have
            Release.of(batch);
            windows.forEach(window -> window.flow.fail(e));
            open.removeIf(WindowFlow::isDone);
            return;
        }
        for (int n = 0; n < windows.size(); n++) {
            windows.get(n).flow.add(outputs.slice(n).dup('c'));
        }
        Release.of(batch, outputs);
        open.removeIf(WindowFlow::isDone);
    }

    @Override
    public void close() {
        pending.forEach(window -> Release.of(window.values));
        open.forEach(WindowFlow::close);
    }

    private INDArray batch() {
        INDArray first = pending.get(0).values;
        INDArray batch = Nd4j.createUninitialized(DataType.FLOAT, Axes.prepended(pending.size(), first.shape()), 'c');
        for (int n = 0; n < pending.size(); n++) {
            batch.slice(n).assign(pending.get(n).values);
            Release.of(pending.get(n).values);
        }
        return batch;
    }
}
