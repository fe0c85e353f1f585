package io.mdnc4j.training.cli;

import io.mdnc4j.training.data.Augmentation;
import io.mdnc4j.training.data.DataSplit;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.task.OwnData;
import io.mdnc4j.training.task.Tasks;
import io.mdnc4j.training.task.TrainingTask;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.Task;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which data are used, and how those in files are. */
final class DataOptions {
    private static final int MEBIBYTE = 1 << 20;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "D",
            description =
                    "ecg, digits or brain (come along), a CSV file with one column of a signal, a folder, an HDF5 file,"
                            + " or a CSV file that lists others in columns input and target or class")
    String data;

    @Option(names = "--sampling-rate", paramLabel = "HZ", description = "samples a second of a CSV file (default: 360)")
    Double samplingRate;

    @Option(
            names = "--targets",
            paramLabel = "DIR",
            description = "folder with a target for each file of the folder D, of the same name but for the suffix")
    String targets;

    @Option(names = "--input-path", paramLabel = "P", description = "dataset of inputs in an HDF5 file")
    String inputPath;

    @Option(names = "--target-path", paramLabel = "P", description = "dataset of targets in an HDF5 file")
    String targetPath;

    @Option(
            names = "--task",
            paramLabel = "T",
            description = "denoising, regression, segmentation or classification (default: told by the targets)")
    String task;

    @Option(
            names = "--patch",
            paramLabel = "N,..",
            description = "train on windows of that size (default: whole examples, if all have one size)")
    String patch;

    @Option(
            names = "--normalize",
            paramLabel = "BY",
            description =
                    "take out mean and deviation of each sample, of the training set, or none (default: sample for"
                            + " denoising, else set)")
    String normalize;

    @Option(
            names = "--augment",
            paramLabel = "A,..",
            description = "random changes of training samples: flip, shift, rotate, scale, elastic, gain, noise"
                    + " (default: none)")
    String augment;

    @Option(
            names = "--split",
            paramLabel = "V,T",
            description = "parts of the examples that validate and test (default: 0.15,0.15)")
    String split;

    @Option(names = "--split-seed", paramLabel = "N", description = "seed of which example goes where (default: 0)")
    Long splitSeed;

    @Option(names = "--strict", description = "refuse examples that cannot be read, instead of leaving them out")
    boolean strict;

    @Option(names = "--cache", paramLabel = "MIB", description = "examples kept in memory, at most (default: 1024)")
    Integer cache;

    /** Samples a second of a file. */
    double rate() {
        return Objects.requireNonNullElse(samplingRate, Signal.ECG_RATE);
    }

    /**
     * The task of the data.
     *
     * @param name in place of the option's value
     * @param dimensions axes of the network
     * @param notes takes what the user should know
     */
    TrainingTask task(String name, int dimensions, Consumer<String> notes) {
        if (!Tasks.isSet(name)) {
            requireNone(name);
            return Tasks.named(name, rate());
        }
        return ownData(name, dimensions, task == null ? null : Task.parse(task), List.of(), sizes(), split())
                .task(notes);
    }

    /**
     * The task of the data for a trained network.
     *
     * @param everything whether all examples of files are the test part
     */
    TrainingTask task(ModelDescription model, boolean everything, Consumer<String> notes) {
        if (!Tasks.isSet(data)) {
            if (everything) {
                throw new IllegalArgumentException("part: all of " + data + " has trained; use test or validation");
            }
            requireNone(data);
            return Tasks.named(data, rate());
        }
        long[] trained = model.inputShape().stream().mapToLong(Long::longValue).toArray();
        long[] window = Arrays.copyOfRange(trained, 1, trained.length);
        return ownData(
                        data,
                        window.length,
                        Task.parse(task == null ? model.task() : task),
                        model.classes(),
                        window,
                        everything ? null : split())
                .task(notes);
    }

    private OwnData ownData(
            String name, int dimensions, Task kind, List<String> classes, long[] window, DataSplit parts) {
        if (cache != null && cache < 1) {
            throw new IllegalArgumentException("cache: " + cache + " is less than 1; give MiB, such as 1024");
        }
        return new OwnData(
                new OwnData.Listing(Path.of(name), targets == null ? null : Path.of(targets), inputPath, targetPath),
                kind,
                classes,
                dimensions,
                window,
                normalization(),
                Augmentation.parse(augment == null ? List.of() : List.of(augment.split(","))),
                parts,
                strict,
                cache == null ? OwnData.CACHE_BYTES : (long) cache * MEBIBYTE);
    }

    private void requireNone(String name) {
        if (Stream.of(targets, inputPath, targetPath, task, patch, normalize, augment, split, splitSeed, cache)
                        .anyMatch(Objects::nonNull)
                || strict) {
            throw new IllegalArgumentException("data: " + name + " has its own targets, split and samples; leave out"
                    + " --targets, --input-path, --target-path, --task, --patch, --normalize, --augment, --split,"
                    + " --split-seed, --strict and --cache");
        }
    }

    private long[] sizes() {
        return patch == null
                ? null
                : numbers("patch", patch, Long::parseLong).stream()
                        .mapToLong(size -> {
                            if (size < 1) {
                                throw new IllegalArgumentException("patch: " + size + " is less than 1; give sizes");
                            }
                            return size;
                        })
                        .toArray();
    }

    private DataSplit split() {
        List<Double> shares = split == null
                ? List.of(DataSplit.SHARE, DataSplit.SHARE)
                : numbers("split", split, Double::parseDouble);
        if (shares.size() != 2) {
            throw new IllegalArgumentException("split: " + split
                    + " is not two numbers; give the parts that validate and test, such as 0.15,0.15");
        }
        return new DataSplit(shares.get(0), shares.get(1), splitSeed == null ? 0 : splitSeed);
    }

    private Normalization.By normalization() {
        if (normalize == null) {
            return null;
        }
        try {
            return Normalization.By.valueOf(normalize.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("normalize: " + normalize + " is not known; use sample, set or none", e);
        }
    }

    private static <T> List<T> numbers(String option, String list, Function<String, T> parse) {
        try {
            return Arrays.stream(list.split(",")).map(String::strip).map(parse).toList();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    option + ": \"" + list + "\" has something that is no number; give numbers with commas between", e);
        }
    }
}
