package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.Channels;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Files that a network is used on, and the files with what it makes of them: of the same name, format and header. Classes go to
 * formats that keep whole numbers as they are.
 *
 * <pre>{@code
 * FilePredictions files = new FilePredictions(inputs, Path.of("out"), null, predictor.description());
 * predictor.predict(files, files::write);
 * }</pre>
 *
 * <p>For one thread; it keeps what it has read of an example until {@link #write} is called for it.
 */
public final class FilePredictions implements Examples {
    private static final int BYTE_CLASSES = 256;

    private final List<Path> files;
    private final Path folder;
    private final @Nullable String suffix;
    private final ModelDescription description;
    private final Task task;
    private int withoutOpacity;

    /** What was read and has no result yet: a result takes over its header. */
    private final Map<String, StoredArray> pending = new HashMap<>();

    /**
     * Files and where their results go; nothing is read yet.
     *
     * @param files one input each
     * @param folder where results go; it is made when the first is written
     * @param suffix of all results, such as {@code .npy}; {@code null} for that of the input
     * @param description of the network, with an input shape
     * @throws ArgumentException if a result would replace an input or another result, a name tells no known format, or the
     *     description has no input shape, without which nobody knows which axis of a file is that of channels
     * @throws DataException if a file is not there
     */
    public FilePredictions(List<Path> files, Path folder, @Nullable String suffix, ModelDescription description) {
        this.files = List.copyOf(files);
        this.folder = folder;
        this.suffix = suffix == null || suffix.startsWith(".") ? suffix : "." + suffix;
        this.description = description;
        this.task = Predictor.task(description);
        ArgumentException.require(
                !description.inputShape().isEmpty(), "description", "has no input shape", "state [C, size...] in it");
        requireUsable();
    }

    /** Refuses what would fail after hours, or write over something. */
    private void requireUsable() {
        Set<Path> targets = new HashSet<>();
        for (Path file : files) {
            requireFormat("files", file);
            if (!Files.isReadable(file) || !Files.isRegularFile(file)) {
                throw new DataException(file + ": no such regular file, or not readable; check the path");
            }
            if (task.perExample()) {
                continue;
            }
            Path target = target(file);
            requireFormat("suffix", target);
            int axes = description.inputShape().size() - 1;
            ArgumentException.require(
                    ArrayFiles.mostAxes(target) >= axes,
                    "suffix",
                    target.getFileName() + " cannot hold results of " + axes + " axes",
                    "leave it out for the format of the input, or use npy, h5" + (axes == 2 ? ", tif" : "")
                            + " or nii.gz");
            if (!targets.add(target)) {
                throw new ArgumentException(
                        "files", "two results would be " + target, "write those of each folder to one of their own");
            }
            ArgumentException.require(
                    !file.toAbsolutePath()
                            .normalize()
                            .equals(target.toAbsolutePath().normalize()),
                    "folder",
                    folder + " has the inputs in it",
                    "choose another one");
        }
    }

    private static void requireFormat(String argument, Path file) {
        if (ArrayFiles.suffix(file).isEmpty()) {
            throw new ArgumentException(argument, file + " has no known format", "use one of " + ArrayFiles.suffixes());
        }
    }

    /**
     * Where the result for a file goes.
     *
     * @param file one of the inputs
     * @return the file of its result, in the folder of results
     */
    public Path target(Path file) {
        String own = ArrayFiles.suffix(file).orElse("");
        String other = suffix != null ? suffix : task.hasClasses() ? ArrayFiles.suffixOfClasses(file) : own;
        boolean kept = suffix == null && other.equals(own);
        return folder.resolve(
                kept ? file.getFileName().toString() : ArrayFiles.stem(file) + other.toLowerCase(Locale.ROOT));
    }

    /** {@return how many of the pictures that were read had an opacity (alpha), which the network does not take} */
    public int withoutOpacity() {
        return withoutOpacity;
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public Example get(int index) {
        Path file = files.get(index);
        StoredArray read = ArrayFiles.read(file);
        StoredArray stored;
        INDArray input;
        try {
            Channels channels = Predictor.channels(description);
            stored = read.with(channels);
            withoutOpacity += read.hasOpacity() && channels != Channels.ALL ? 1 : 0;
            if (read.hasPalette()
                    && stored.values().size(0) < description.inputShape().get(0)) {
                // a palette of which this picture has greys only
                stored = stored.with(Channels.RGB);
            }
            input = stored.withDimensions(description.inputShape().size() - 1);
        } catch (DataException e) {
            throw new DataException(file + ": " + e.getMessage(), e);
        }
        if (!task.perExample()) {
            pending.put(file.toString(), stored);
        }
        return new Example(file.toString(), input.castTo(DataType.FLOAT), null);
    }

    /**
     * Writes the output for an example of these.
     *
     * @param example that {@link #get} has given; it can be written once
     * @param output values {@code [C', size...]} or probabilities {@code [K, size...]}, of which the most probable class counts
     * @return where it was written
     * @throws ArgumentException if the example is not of these, or written already
     * @throws UncheckedIOException if that failed
     */
    public Path write(Example example, INDArray output) {
        Path target = target(Path.of(example.name()));
        StoredArray input = pending.remove(example.name());
        if (input == null) {
            throw new ArgumentException("example", example.name(), "give what was read here and not written yet");
        }
        INDArray values = task.hasClasses() ? classes(output) : output;
        StoredArray result = input.with(values, type(input, target));
        if (!input.channels() && values.length() == input.values().length()) {
            result = result.withoutChannels(input.values().shape());
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    folder + ": cannot be made (" + e.getMessage() + "); choose another folder", e);
        }
        ArrayFiles.write(target, result);
        return target;
    }

    private ElementType type(StoredArray input, Path target) {
        if (!task.hasClasses()) {
            return ArrayFiles.holdsReal(target) && input.type().isInteger() ? ElementType.FLOAT32 : input.type();
        }
        for (double value : numbers()) {
            if (value < 0 || value >= BYTE_CLASSES || value != Math.rint(value)) {
                return ElementType.FLOAT32;
            }
        }
        return ElementType.UINT8;
    }

    /** What stands for each class in files: its name where all names are numbers, as those of targets in files, else its place. */
    private double[] numbers() {
        List<String> names = description.classes();
        double[] numbers = new double[names.size()];
        boolean named = true;
        for (int i = 0; i < numbers.length && named; i++) {
            try {
                numbers[i] = Double.parseDouble(names.get(i));
            } catch (NumberFormatException e) {
                named = false;
            }
        }
        for (int i = 0; i < numbers.length && !named; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    /** Numbers of the most probable classes, {@code [1, size...]}. */
    private INDArray classes(INDArray probabilities) {
        long[] shape = probabilities.shape().clone();
        shape[0] = 1;
        double[] numbers = numbers();
        int[] places = Probabilities.mostProbable(probabilities);
        float[] values = new float[places.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers[places[i]];
        }
        return Nd4j.createFromArray(values).reshape('c', shape);
    }
}
