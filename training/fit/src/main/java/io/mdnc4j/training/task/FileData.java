package io.mdnc4j.training.task;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.data.CachedExamples;
import io.mdnc4j.training.data.ClassMapping;
import io.mdnc4j.training.data.DataEntry;
import io.mdnc4j.training.data.DataEntry.Part;
import io.mdnc4j.training.data.DataListing;
import io.mdnc4j.training.data.DataScan;
import io.mdnc4j.training.data.DataScan.Found;
import io.mdnc4j.training.data.DataSplit;
import io.mdnc4j.training.data.FileExamples;
import io.mdnc4j.training.data.Patches;
import io.mdnc4j.training.data.Reading;
import io.mdnc4j.training.data.Reading.Targets;
import io.mdnc4j.training.data.WindowExamples;
import io.mdnc4j.training.files.Channels;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Examples in files as data to train with: in three parts, in windows of one size to train and validate with, whole to test on.
 *
 * @param source where they are, and how they are used
 * @param model of a trained network, whose task (unless the source has another), window, classes and channels the data are to
 *     have; {@code null} to tell these from the data
 * @param split into parts; {@code null} to test on everything
 * @param trained grid of the network that is measured; {@code null} to choose that of one to be trained
 */
record FileData(
        DataSource source,
        @Nullable ModelDescription model,
        @Nullable DataSplit split,
        @Nullable Grid trained) {
    /** Largest window on each axis that is chosen unasked, by the number of axes. */
    private static final long[] MAX_WINDOW = {0, 4096, 256, 64};

    /** Skipped examples that are named. */
    private static final int NAMED = 5;

    private static final int MIN_EPOCH = 64;

    /**
     * Reads everything once, and describes what was found.
     *
     * @param notes takes what the user should know, such as the number of skipped examples
     * @throws ArgumentException if what is wanted does not suit the data
     * @throws DataException if the data cannot be used
     */
    TrainingData load(Consumer<String> notes) {
        List<DataEntry> entries = DataListing.of(
                Path.of(source.data()),
                source.targets() == null ? null : Path.of(source.targets()),
                source.inputPath(),
                source.targetPath());
        int dimensions = dimensions(entries);
        Reading reading = reading(entries, dimensions);
        DataScan scan = DataScan.of(entries, reading, source.strict());
        Reading better = better(reading, scan.found());
        if (!better.equals(reading)) {
            reading = better;
            scan = DataScan.of(entries, reading, source.strict());
        }
        note(scan, notes);
        Task task = TaskInference.of(scan.found(), task(), !reading.mapping().isEmpty());
        List<String> names = names(scan.found(), reading, task);
        Map<Part, List<Found>> parts = parts(scan.found());
        List<Found> training = parts.get(Part.TRAINING);
        DataGrid grid = DataGrid.of(source, trained, dimensions, scan.found(), training);
        grid.note(scan.found(), notes);
        List<long[]> sizes = scan.found().stream().map(grid::size).toList();
        long[] size = window(sizes, task, dimensions);
        requireSameChannels(scan.found());
        List<Long> inputShape = new ArrayList<>(List.of(training.get(0).inputShape()[0]));
        Arrays.stream(size).forEach(inputShape::add);
        ModelDescription description = new ModelDescription(
                        null, task.code(), inputShape, normalization(training, task), names, null, null, List.of(), Map.of())
                .with(TrainingStatistics.of(training, reading));
        Reading how = reading;
        BiFunction<Part, Grid, FileExamples> examples = (part, target) -> new FileExamples(
                parts.get(part).stream().map(Found::entry).toList(), how, names, grid.assumed(), target);
        CachedExamples cached = new CachedExamples(examples.apply(Part.TRAINING, grid.target()), source.cacheBytes());
        return new TrainingData(
                name(),
                task,
                grid.describe(description),
                patches(cached, training.stream().map(grid::size).toList(), task, size),
                new WindowExamples(
                        cached.beside(examples.apply(Part.VALIDATION, grid.target())),
                        parts.get(Part.VALIDATION).stream().map(grid::size).toList(),
                        task.perExample(),
                        size),
                examples.apply(Part.TEST, Grid.UNKNOWN),
                SimpleBaselines.of(task, names, scan.found().get(0)),
                model -> recipe(size, task),
                scan.fingerprint(),
                DataOverview.of(scan.found(), parts, task, names, model == null));
    }

    private @Nullable Task task() {
        return source.task() != null || model == null ? source.task() : Task.parse(model.task());
    }

    /** Size of a training sample on each axis; empty for that of the examples where all have one, and not too large a one. */
    private List<Long> window() {
        return model == null
                ? source.patch()
                : model.inputShape().subList(1, model.inputShape().size());
    }

    /** What becomes of the arrays in files, as far as it is known before they are looked at. */
    private Reading reading(List<DataEntry> entries, int dimensions) {
        ClassMapping mapping = source.mapping();
        Channels channels = Objects.requireNonNullElse(source.channels(), Channels.COLOURS);
        if (model != null) {
            channels = Predictor.channels(model);
            String known = model.trainedOn().classValues();
            mapping = mapping.isEmpty() && known != null ? ClassMapping.parse(known) : mapping;
        }
        Task task = task();
        ArgumentException.require(
                source.classes() == null || entries.stream().allMatch(entry -> entry.target() != null),
                "classes",
                source.classes() + ", but classes have names",
                "leave it out: it is for the numbers in targets");
        ArgumentException.require(
                source.classes() == null || task == null || task.hasClasses(),
                "classes",
                source.classes() + ", but the task is " + (task == null ? "" : task.code()),
                "leave it out, or use segmentation");
        boolean values = task != null && !task.hasClasses() && !task.perExample();
        return new Reading(
                dimensions,
                channels,
                values ? Targets.VALUES : mapping.hasColours() ? Targets.COLOURS : Targets.STORED,
                values ? ClassMapping.NONE : mapping);
    }

    /** The same as it has to be now that all examples have been looked at. */
    private Reading better(Reading reading, List<Found> found) {
        boolean positions = found.stream().allMatch(one -> one.targetShape() != null);
        if (reading.targets() != Targets.STORED || !positions) {
            return reading;
        }
        boolean colours = found.stream().allMatch(one -> one.facts().colours() > 0);
        if (colours && (task() == Task.SEGMENTATION || !reading.mapping().isEmpty())) {
            return reading.with(Targets.COLOURS);
        }
        boolean pictures = found.stream().anyMatch(one -> one.facts().palette());
        return pictures && task() == null && !TaskInference.isOfClasses(found) ? reading.with(Targets.VALUES) : reading;
    }

    private List<String> names(List<Found> found, Reading reading, Task task) {
        if (model != null && !model.classes().isEmpty()) {
            return model.classes();
        }
        return reading.mapping().isEmpty() || !task.hasClasses()
                ? TaskInference.classes(found, task)
                : TaskInference.several(reading.mapping().names());
    }

    private String name() {
        return Path.of(source.data())
                .toAbsolutePath()
                .normalize()
                .getFileName()
                .toString()
                .replaceFirst("\\.[^.]+$", "")
                .replaceAll("[^\\w.-]+", "-");
    }

    private int dimensions(List<DataEntry> entries) {
        if (source.dimensions() != null) {
            return source.dimensions();
        }
        return window().isEmpty() ? DataScan.dimensions(entries) : window().size();
    }

    private static void note(DataScan scan, Consumer<String> notes) {
        int skipped = scan.skipped().size();
        if (skipped > 0) {
            notes.accept("data: " + skipped + " of " + (skipped + scan.found().size())
                    + " examples cannot be used and are left out (strict refuses them):");
            scan.skipped().stream().limit(NAMED).forEach(reason -> notes.accept("  " + reason));
            if (skipped > NAMED) {
                notes.accept("  and " + (skipped - NAMED) + " more");
            }
        }
    }

    private Map<Part, List<Found>> parts(List<Found> found) {
        if (split == null) {
            return Map.of(Part.TRAINING, found, Part.VALIDATION, found, Part.TEST, found);
        }
        Map<DataEntry, Found> byEntry = new IdentityHashMap<>();
        found.forEach(one -> byEntry.put(one.entry(), one));
        List<DataEntry> entries = found.stream().map(Found::entry).toList();
        List<DataEntry> split =
                this.split.apply(entries, entry -> byEntry.get(entry).content());
        Map<Part, List<Found>> parts = new EnumMap<>(Part.class);
        for (int i = 0; i < entries.size(); i++) {
            parts.computeIfAbsent(split.get(i).part(), part -> new ArrayList<>())
                    .add(found.get(i));
        }
        return parts;
    }

    private static void requireSameChannels(List<Found> found) {
        Found first = found.get(0);
        for (Found one : found) {
            if (one.inputShape()[0] != first.inputShape()[0]
                    || one.targetShape() != null
                            && first.targetShape() != null
                            && one.targetShape()[0] != first.targetShape()[0]) {
                throw new DataException("data: " + one.entry().name() + " has shape "
                        + Arrays.toString(one.inputShape()) + ", "
                        + first.entry().name() + " " + Arrays.toString(first.inputShape())
                        + "; give examples with as many channels, of inputs and of targets"
                        + (one.inputShape().length == 3 ? ", or channels gray or rgb for pictures" : ""));
            }
        }
    }

    /** @param sizes of the examples on each axis */
    private long[] window(List<long[]> sizes, Task task, int dimensions) {
        List<Long> window = window();
        if (!window.isEmpty()) {
            ArgumentException.require(
                    window.size() == dimensions, "patch", window, "give " + dimensions + " sizes, one for each axis");
            return window.stream().mapToLong(Long::longValue).toArray();
        }
        long[] smallest = sizes.get(0).clone();
        boolean same = true;
        for (long[] size : sizes) {
            same &= Arrays.equals(size, sizes.get(0));
            Arrays.setAll(smallest, axis -> Math.min(smallest[axis], size[axis]));
        }
        ArgumentException.require(
                same || !task.perExample(),
                "patch",
                "none, but sizes differ, and a class belongs to a whole example",
                "bring all to one size, or give that of a part of each to train on");
        if (!task.perExample()) {
            Arrays.setAll(smallest, axis -> Math.min(smallest[axis], MAX_WINDOW[dimensions]));
        }
        return smallest;
    }

    private Normalization normalization(List<Found> training, Task task) {
        boolean sameChannels = training.get(0).targetShape() != null
                && training.get(0).targetShape()[0] == training.get(0).inputShape()[0];
        Normalization.By by = source.normalize() != null
                ? source.normalize()
                : task == Task.DENOISING ? Normalization.By.SAMPLE : Normalization.By.SET;
        boolean restored =
                !task.hasClasses() && by != Normalization.By.NONE && (sameChannels || by == Normalization.By.SAMPLE);
        if (by != Normalization.By.SET) {
            return new Normalization(by, List.of(), List.of(), restored);
        }
        List<Double> mean = new ArrayList<>();
        List<Double> deviation = new ArrayList<>();
        for (double[] channel : DataScan.statistics(training)) {
            mean.add(channel[0]);
            deviation.add(channel[1]);
        }
        return new Normalization(by, mean, deviation, restored);
    }

    /** @param training sizes of the examples to train on */
    private Patches patches(CachedExamples examples, List<long[]> training, Task task, long... size) {
        double whole = training.stream().mapToDouble(FileData::volume).average().orElseThrow();
        long covering = Math.round(Math.ceil(whole / volume(size)));
        long atLeast = (MIN_EPOCH + training.size() - 1) / training.size();
        int perExample = Math.toIntExact(task.perExample() ? 1 : Math.max(covering, atLeast));
        int mixed = (int) Math.max(1, Math.min(training.size(), source.cacheBytes() / (2 * Float.BYTES * whole)));
        return new Patches(examples, size, perExample, task == Task.SEGMENTATION, source.augment(), mixed);
    }

    private static double volume(long... size) {
        return Arrays.stream(size).mapToDouble(axis -> axis).reduce(1, (a, b) -> a * b);
    }

    private static Recipe recipe(long[] size, Task task) {
        return OwnRecipes.of(Arrays.stream(size).min().getAsLong(), size.length, task);
    }
}
