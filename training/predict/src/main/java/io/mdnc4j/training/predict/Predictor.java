package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.Pretrained;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Uses a trained network on inputs of any size, in the units of the data: cuts overlapping windows of the size that it was
 * trained on, normalises each as the training did, and blends the outputs. Classification takes inputs whole.
 */
public final class Predictor {
    private final ComputationGraph graph;
    private final ModelDescription description;
    private final int batch;

    /** @param batch windows at a time */
    public Predictor(ComputationGraph graph, ModelDescription description, int batch) {
        this.graph = graph;
        this.description = description;
        this.batch = batch;
    }

    /**
     * Reads a network with its description.
     *
     * @param model a file written by {@code train}, or the name of a {@link Pretrained} network that comes along
     * @throws IllegalArgumentException if it cannot be read, or has no description
     */
    public static Predictor read(Path model, int batch) {
        if (batch < 1) {
            throw new IllegalArgumentException("batch: " + batch + " is less than 1; give the windows of a batch");
        }
        try {
            boolean shipped = !Files.exists(model) && Pretrained.names().contains(model.toString());
            return shipped ? Pretrained.named(model.toString()).read(file -> of(file, batch)) : of(model, batch);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "model: " + e.getMessage() + "; give a model.zip that train has written, or one of "
                            + String.join(", ", Pretrained.names()),
                    e);
        }
    }

    private static Predictor of(Path file, int batch) throws IOException {
        ModelDescription description = ModelDescription.fromJson(ModelFiles.readNote(file, ModelDescription.NOTE));
        return new Predictor(ModelFiles.read(file), description, batch);
    }

    /** What the network knows of its data. */
    public ModelDescription description() {
        return description;
    }

    /**
     * The output for one input.
     *
     * @param input {@code [C, size...]}
     * @return values {@code [C', size...]}, probabilities {@code [K, size...]}, or {@code [K]} of the whole
     * @throws IllegalArgumentException if the network cannot take that input
     */
    public INDArray predict(INDArray input) {
        INDArray[] result = new INDArray[1];
        predict(Examples.of(List.of(new Example("input", input, null))), (example, output) -> result[0] = output);
        return result[0];
    }

    /** The outputs for examples, given to {@code consumer} in their order; windows of several may share a batch. */
    public void predict(Examples examples, BiConsumer<Example, INDArray> consumer) {
        List<Window> pending = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            SlidingWindows windows = windows(example);
            for (int w = 0; w < windows.count(); w++) {
                if (!pending.isEmpty() && !Arrays.equals(pending.get(0).windows.shape(), windows.shape())) {
                    run(pending, consumer);
                }
                pending.add(window(example, windows, w));
                if (pending.size() == batch) {
                    run(pending, consumer);
                }
            }
        }
        if (!pending.isEmpty()) {
            run(pending, consumer);
        }
    }

    private record Window(Example example, SlidingWindows windows, float[] values, Standardization normalization) {}

    private SlidingWindows windows(Example example) {
        List<Long> trained = description.inputShape();
        INDArray input = example.input();
        if (!trained.isEmpty() && (trained.size() != input.rank() || trained.get(0) != input.size(0))) {
            throw new IllegalArgumentException(example.name() + ": has shape " + Arrays.toString(input.shape())
                    + " (channels, size), the network was trained on " + trained
                    + "; give inputs with as many channels and axes");
        }
        boolean whole = trained.isEmpty() || Task.parse(description.task()).perExample();
        long[] size = Arrays.copyOfRange(input.shape(), 1, input.rank());
        for (int axis = 0; axis < size.length && !whole; axis++) {
            size[axis] = trained.get(axis + 1);
        }
        return new SlidingWindows(input, size);
    }

    private Window window(Example example, SlidingWindows windows, int index) {
        float[] values = windows.values(index);
        Standardization normalization = Standardization.of(
                description.normalization(), values, (int) example.input().size(0));
        normalization.apply(values);
        return new Window(example, windows, values, normalization);
    }

    private void run(List<Window> pending, BiConsumer<Example, INDArray> consumer) {
        float[][] windows = pending.stream().map(Window::values).toArray(float[][]::new);
        INDArray inputs = batch(windows, pending.get(0).windows.shape());
        INDArray outputs = graph.outputSingle(inputs);
        for (int n = 0; n < windows.length; n++) {
            Window window = pending.get(n);
            INDArray output = outputs.slice(n).dup('c');
            if (description.normalization().restored()) {
                float[] restored = output.data().asFloat();
                window.normalization.restore(restored);
                INDArray values = Nd4j.createFromArray(restored);
                output.assign(values.reshape('c', output.shape()));
                Release.of(values);
            }
            INDArray whole = window.windows.add(output);
            if (whole != output) {
                Release.of(output);
            }
            if (whole != null) {
                consumer.accept(window.example, whole);
            }
        }
        Release.of(inputs, outputs);
        pending.clear();
    }

    private static INDArray batch(float[][] values, long... shape) {
        long[] batch = new long[shape.length + 1];
        batch[0] = values.length;
        System.arraycopy(shape, 0, batch, 1, shape.length);
        INDArray result = Nd4j.createUninitialized(DataType.FLOAT, batch);
        for (int n = 0; n < values.length; n++) {
            INDArray sample = Nd4j.createFromArray(values[n]);
            result.slice(n).assign(sample.reshape('c', shape));
            Release.of(sample);
        }
        return result;
    }
}
