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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Writes the results of one file slab by slab; classes are decided before a slab is written. */
final class ResultFiles implements SlabSink {
    private final Path file;
    private final ArraySlabs input;
    private final FilePredictions predictions;
    private final Consumer<List<Path>> done;
    private final Map<Result, ArrayWriter> writers = new EnumMap<>(Result.class);

    /** @param done is told of the files when they are there */
    ResultFiles(Path file, ArraySlabs input, FilePredictions predictions, Consumer<List<Path>> done) {
        this.file = file;
        this.input = input;
        this.predictions = predictions;
        this.done = done;
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
            INDArray numbers = predictions.classes().of(classes, shape);
            write(Result.OUTPUT, numbers);
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
        done.accept(writers.values().stream().map(ArrayWriter::finish).toList());
    }

    @Override
    public void close() {
        writers.values().forEach(ArrayWriter::close);
    }
}
