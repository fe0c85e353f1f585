package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ArraySlabs;
import io.mdnc4j.training.files.ArrayWriter;
import io.mdnc4j.training.files.DataException;
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
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Writes the results of one file slab by slab; classes are decided before a slab is written. Classes that are cleaned, and
 * objects, are written once all is there.
 */
final class ResultFiles implements SlabSink {
    private final Path file;
    private final ArraySlabs input;
    private final FilePredictions predictions;
    private final Consumer<List<Path>> done;
    private final Map<Result, ArrayWriter> writers = new EnumMap<>(Result.class);
    private final IntConsumer counted;

    /** The classes where they are cleaned; {@code null} otherwise. */
    private final @Nullable WholeClasses whole;

    /** What is told of objects; {@code null} where classes are written. */
    private final @Nullable WholeObjects objects;

    /**
     * @param done is told of the files when they are there
     * @param counted is told before how many objects there are, where these are told apart
     */
    ResultFiles(
            Path file, ArraySlabs input, FilePredictions predictions, Consumer<List<Path>> done, IntConsumer counted) {
        this.file = file;
        this.input = input;
        this.predictions = predictions;
        this.done = done;
        this.counted = counted;
        Predictor predictor = predictions.predictor();
        long[] shape = input.shape();
        long[] size = Arrays.copyOfRange(shape, 1, shape.length);
        objects = predictor.separatesObjects() ? new WholeObjects(file.toString(), size) : null;
        whole = objects != null || predictor.cleaning().isEmpty()
                ? null
                : new WholeClasses(predictor.cleaning(), file.toString(), predictor.gridOf(input.grid()), size);
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
        if (predictions.predictor().task().isMultiLabel()) {
            INDArray labels = predictions.predictor().labels(output);
            write(Result.OUTPUT, labels);
            Release.of(labels);
        } else if (hasClasses()) {
            long[] shape = output.shape().clone();
            shape[0] = 1;
            int[] classes = predictions.predictor().decision().classes(output);
            if (objects != null) {
                objects.add(classes, output);
            } else if (whole != null) {
                whole.add(classes);
            } else {
                write(classes, shape);
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
        boolean ofObjects = objects != null && result == Result.OUTPUT;
        ElementType type = ofObjects ? typeOf(slab, target) : predictions.type(input.type(), result, target);
        return input.writer(target, type, slab.size(0));
    }

    /** The smallest type of numbers that holds those of all objects. */
    private static ElementType typeOf(INDArray numbers, Path target) {
        double most = numbers.maxNumber().doubleValue();
        ElementType type = most < 1 << Byte.SIZE
                ? ElementType.UINT8
                : most < 1 << Short.SIZE ? ElementType.UINT16 : ElementType.INT32;
        if (type == ElementType.INT32 && !ArrayFiles.holdsReal(target)) {
            throw new DataException(target.getFileName() + ": has " + (long) most
                    + " objects, more than pictures can number; write another format, such as npy");
        }
        return type;
    }

    @Override
    public void finish() {
        if (whole != null) {
            whole.finish(this::write);
        }
        if (objects != null) {
            int[] numbers = objects.objects();
            long[] shape = input.shape().clone();
            shape[0] = 1;
            counted.accept(Arrays.stream(numbers).max().orElse(0));
            INDArray all = Nd4j.createFromArray(numbers).castTo(DataType.FLOAT).reshape('c', shape);
            write(Result.OUTPUT, all);
            Release.of(all);
        }
        done.accept(writers.values().stream().map(ArrayWriter::finish).toList());
    }

    @Override
    public void close() {
        writers.values().forEach(ArrayWriter::close);
    }
}
