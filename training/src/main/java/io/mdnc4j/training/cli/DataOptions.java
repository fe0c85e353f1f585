package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.training.data.Augmentation;
import io.mdnc4j.training.data.DataSplit;
import io.mdnc4j.training.task.FileTask;
import io.mdnc4j.training.task.TaskKind;
import io.mdnc4j.training.task.Tasks;
import io.mdnc4j.training.task.TrainingTask;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How files of one's own are taken as data. */
final class DataOptions {
    @Option(
            names = "--targets",
            paramLabel = "DIR",
            description = "folder of the targets, when --data is one of inputs")
    Path targets;

    @Option(
            names = "--task",
            paramLabel = "T",
            description = "denoising, regression, segmentation or classification (default: what the targets look like)")
    String task;

    @Option(
            names = "--window",
            split = ",",
            paramLabel = "L",
            description = "size of the windows that are trained on, one number or one an axis")
    long[] window;

    @Option(
            names = "--patches",
            paramLabel = "N",
            description = "windows of each example in an epoch (default: up to 16)")
    int patches;

    @Option(
            names = "--augment",
            split = ",",
            paramLabel = "A",
            description = "flip, shift, rotate, scale, elastic, gain, noise (default: none)")
    String[] augment;

    @Option(
            names = "--normalize",
            paramLabel = "BY",
            description = "sample, set or none (default: set for classes, sample for values)")
    String normalize;

    @Option(names = "--validation-part", paramLabel = "X", description = "of the examples (default: 0.15)")
    double validationPart = DataSplit.SHARE;

    @Option(names = "--test-part", paramLabel = "X", description = "of the examples (default: 0.15)")
    double testPart = DataSplit.SHARE;

    @Option(names = "--split-seed", paramLabel = "N", description = "other parts by chance (default: 0)")
    long splitSeed;

    @Option(names = "--strict", description = "stop at a file that cannot be used, instead of leaving it out")
    boolean strict;

    @Option(names = "--cache", paramLabel = "MB", description = "of examples kept in memory (default: 512)")
    long cache = FileTask.Settings.CACHE >> 20;

    /**
     * The task of data.
     *
     * @param data as given with {@code --data}
     * @param rate samples a second of a file with one signal
     * @param dims dimensions of the network
     * @param notes is told of files that are left out
     */
    TrainingTask task(String data, double rate, SpatialDims dims, Consumer<String> notes) {
        Path path = Path.of(data);
        if (Tasks.isShipped(data) || !FileTask.isOne(path)) {
            return Tasks.named(data, rate);
        }
        if (cache < 1 || patches < 0) {
            throw new IllegalArgumentException(
                    cache < 1
                            ? "cache: " + cache + " is less than 1; give MB"
                            : "patches: " + patches + "; give 1 or more");
        }
        return FileTask.of(
                path,
                dims.count(),
                new FileTask.Settings(
                        targets,
                        task == null ? null : TaskKind.parse(task),
                        window,
                        patches,
                        augment == null ? Augmentation.NONE : Augmentation.parse(List.of(augment)),
                        normalization(),
                        new DataSplit(validationPart, testPart, splitSeed),
                        strict,
                        cache << 20),
                notes);
    }

    private Normalization.By normalization() {
        if (normalize == null) {
            return null;
        }
        return Arrays.stream(Normalization.By.values())
                .filter(by -> by.name().equalsIgnoreCase(normalize))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("normalize: \"" + normalize.toLowerCase(Locale.ROOT)
                        + "\" is not known; use sample, set or none"));
    }
}
