package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.files.ArraySlabs;
import io.mdnc4j.training.files.ArrayWriter;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.predict.FilePredictions.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Writes the results of one file slab by slab; classes are decided before, and where they are cleaned, written as a whole. */
final class ResultFiles implements SlabSink {
    private final Path file;
    private final ArraySlabs input;
    private final FilePredictions predictions;
    private final Consumer<List<Path>> done;
    private final Map<Result, ArrayWriter> writers = new EnumMap<>(Result.class);

    /** The classes where they are cleaned; {@code null} otherwise. */
    private final @Nullable WholeClasses whole;

    /** @param done is told of the files when they are there */
    ResultFiles(Path file, ArraySlabs input, FilePredictions predictions, Consumer<List<Path>> done) {
        this.file = file;
        this.input = input;
        this.predictions = predictions;
        this.done = done;
        long[] shape = input.shape();
        whole = predictions.predictor().cleaning().isEmpty()
                ? null
                : new WholeClasses(
                        predictions.predictor().cleaning(),
                        file.toString(),
                        predictions.predictor().gridOf(input.grid()),
                        Arrays.copyOfRange(shape, 1, shape.length));
    }

    @Override
    public void accept(INDArray slab) {
        INDArray output = slab;
        if (predictions.isUncertain()) {
            Uncertain both = Uncertain.of(slab);
            output = both.output();
            write(Result.UNCERTAINTY, hasClasses() ? largest(both.deviation()) : both.deviation());
            Release.of(slab, both.deviation());
        }
        if (predictions.results().contains(Result.PROBABILITIES)) {
            write(Result.PROBABILITIES, output);
        }
        if (hasClasses()) {
            long[] shape = output.shape().clone();
            shape[0] = 1;
            int[] classes = predictions.predictor().decision().classes(output);
            if (whole == null) {
                write(classes, shape);
            } else {
                whole.add(classes);
            }
        } else {
            write(Result.OUTPUT, output);
        }
        Release.of(output);
    }

    private boolean hasClasses() {
        return predictions.predictor().task().hasClasses();
    }

    /** The largest of all channels. */
    private static INDArray largest(INDArray channels) {
        return channels.max(true, 0);
    }

    private void write(int[] classes, long... shape) {
        INDArray numbers = predictions.classes().of(classes, shape);
        write(Result.OUTPUT, numbers);
        Release.of(numbers);
    }

    private void write(Result result, INDArray slab) {
        ArrayWriter writer = writers.get(result);
        if (writer == null) {
            writer = open(result, slab);
            writers.put(result, writer);
        }
        writer.write(slab);
    }

    private ArrayWriter open(Result result, INDArray slab) {
        Path target = predictions.target(file, result);
        try {
            AtomicFile.createFolders(predictions.folder());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    predictions.folder() + ": cannot be made (" + e.getMessage() + "); choose another folder", e);
        }
        ElementType type = predictions.type(input.type(), result, target);
        return input.writer(target, type, slab.size(0));
    }

    @Override
    public void finish() {
        if (whole != null) {
            whole.finish(this::write);
        }
        done.accept(writers.values().stream().map(ArrayWriter::finish).toList());
    }

    @Override
    public void close() {
        writers.values().forEach(ArrayWriter::close);
    }
}
