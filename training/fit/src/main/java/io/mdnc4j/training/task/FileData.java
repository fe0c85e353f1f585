package io.mdnc4j.training.task;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Release;
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
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.Channels;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.metrics.MultiLabelMeasures;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelDescription.Output;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.StatUtils;
import org.jspecify.annotations.Nullable;

/**
 * Examples in files as data to train with: in three parts, in windows of one size to train and validate with, whole to test on.
 *
 * @param source where they are, and how they are used
 * @param model of a trained network, whose task (unless the source has another), window, classes, numbers and channels the data are to
 *     have; {@code null} to tell these from the data
 * @param split into parts; {@code null} to test on everything
 * @param cut whether examples of different sizes with one answer each are trained on in parts of the smallest size
 */
record FileData(
        DataSource source,
        @Nullable ModelDescription model,
        @Nullable DataSplit split,
        boolean cut) {
    /** Largest window on each axis that is chosen unasked, by the number of axes. */
    private static final long[] MAX_WINDOW = {0, 4096, 256, 64};

    /** Window on each axis below which none is chosen unasked where the examples are larger. */
    private static final long[] MIN_WINDOW = {0, 256, 64, 32};

    /** Skipped examples that are named. */
    private static final int NAMED = 5;

    private static final int MIN_EPOCH = 64;

    /** Training examples whose targets are compared with their inputs. */
    private static final int COMPARED = 8;

    /**
     * Reads everything once, and describes what was found.
     *
     * @param notes takes what the user should know, such as the number of skipped examples
     * @throws ArgumentException if what is wanted does not suit the data
     * @throws DataException if the data cannot be used
     */
    TrainingData load(Consumer<String> notes) {
        Scanned scanned = scan(notes);
        Map<Part, List<Found>> parts = parts(scanned.found());
        DataGrid grid = grid(scanned, parts.get(Part.TRAINING), notes);
        return data(scanned, parts, grid, tested(scanned.found(), parts.get(Part.TEST), "the test part"));
    }

    /**
     * {@link #load} in so many folds. All are on one grid, that of all examples; what else is taken from a training part, such as
     * its mean, each has of its own.
     *
     * @throws ArgumentException if there cannot be so many
     */
    DataFolds folds(int count, Consumer<String> notes) {
        DataSplit.requireFolds(count);
        Scanned scanned = scan(notes);
        requireSameChannels(scanned.found());
        List<DataEntry> entries = scanned.found().stream().map(Found::entry).toList();
        List<List<DataEntry>> folds = Objects.requireNonNull(split).folds(count, entries, contents(scanned.found()));
        folds.forEach(
                fold -> requirePresent(scanned, byPart(scanned.found(), fold).get(Part.TRAINING)));
        DataGrid grid = grid(scanned, scanned.found(), notes);
        // of all, so that what is measured of the folds can be put together
        Supervision tested = tested(scanned.found(), scanned.found(), "the data, which folds test,");
        return new DataFolds(count, fold -> data(scanned, byPart(scanned.found(), folds.get(fold)), grid, tested));
    }

    /** What all examples say together. */
    private record Scanned(DataScan scan, Reading reading, int dimensions, Task task, List<String> names) {
        List<Found> found() {
            return scan.found();
        }
    }

    private Scanned scan(Consumer<String> notes) {
        List<DataEntry> entries = DataListing.of(
                Path.of(source.data()),
                source.targets() == null ? null : Path.of(source.targets()),
                source.inputPath(),
                targetPath(),
                source.supervision().ofInputsAlone());
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
        if (task.isMultiLabel()) {
            noteLabels(scan.found(), task, names, notes);
            // refuses names that metrics cannot have, before anything is trained
            new MultiLabelMeasures(names, !task.perExample());
            scan = task.perExample() ? scan.ofLabels(names) : scan;
            reading = task.perExample() ? reading : reading.with(Targets.LABELS);
        }
        if (task == Task.ESTIMATION) {
            scan = scan.ofNumbers();
            notes.accept(
                    "data: the numbers of each example are " + String.join(", ", TaskInference.numbers(scan.found())));
        }
        return new Scanned(scan, reading, dimensions, task, names);
    }

    /** Says that targets are labels where nobody has said so. */
    private void noteLabels(List<Found> found, Task task, List<String> names, Consumer<String> notes) {
        if (task() == null && found.stream().noneMatch(one -> one.entry().labels() != null)) {
            notes.accept(
                    "data: targets are 0 and 1 only (-1: not known), taken as labels of which several may apply at once ("
                            + String.join(", ", names) + "); the task "
                            + (task.perExample() ? Task.ESTIMATION : Task.REGRESSION).code()
                            + " takes them as numbers");
        }
    }

    /** Refuses to train what nobody can learn. */
    private void requirePresent(Scanned scanned, List<Found> training) {
        if (model != null || !scanned.task.isMultiLabel()) {
            return;
        }
        for (int i = 0; i < scanned.names.size(); i++) {
            if (DataOverview.present(training, scanned.names, i) == 0) {
                throw new DataException("data: no example to train on has the label " + scanned.names.get(i)
                        + "; add some, leave it out, or choose another split");
            }
        }
    }

    /** @param chosenBy those whose median grid is taken, unless one is given */
    private DataGrid grid(Scanned scanned, List<Found> chosenBy, Consumer<String> notes) {
        DataGrid grid = DataGrid.of(source, model, scanned.dimensions, scanned.found(), chosenBy);
        grid.note(scanned.found(), notes);
        return grid;
    }

    private TrainingData data(Scanned scanned, Map<Part, List<Found>> parts, DataGrid grid, Supervision tested) {
        DataScan scan = scanned.scan;
        Task task = scanned.task;
        List<String> names = scanned.names;
        List<Found> training = parts.get(Part.TRAINING);
        requireSameChannels(scan.found());
        requirePresent(scanned, training);
        List<List<Long>> windows = windows(scan.found().stream().map(grid::size).toList(), task, scanned.dimensions);
        BiFunction<Part, Grid, FileExamples> examples = (part, target) -> new FileExamples(
                parts.get(part).stream().map(Found::entry).toList(), scanned.reading, names, grid.assumed(), target);
        FileExamples toTrain = examples.apply(Part.TRAINING, grid.target());
        ModelDescription description = new ModelDescription(
                        null,
                        task.code(),
                        List.of(),
                        normalization(training, task),
                        names,
                        null,
                        null,
                        List.of(),
                        Map.of())
                .withOutput(output(scan.found(), training, toTrain, task))
                .with(TrainingStatistics.of(training, scanned.reading));
        return new Read(
                        scan,
                        task,
                        tested,
                        parts,
                        windows,
                        grid,
                        description,
                        examples,
                        new CachedExamples(toTrain, source.cacheBytes()))
                .at(windows.get(0));
    }

    /** What there is once all examples were read, to be cut into samples of some size. */
    private final class Read {
        private final DataScan scan;
        private final Task task;
        private final Supervision tested;
        private final Map<Part, List<Found>> parts;
        private final List<List<Long>> windows;
        private final DataGrid grid;
        private final ModelDescription description;
        private final BiFunction<Part, Grid, FileExamples> examples;
        private final CachedExamples cached;

        Read(
                DataScan scan,
                Task task,
                Supervision tested,
                Map<Part, List<Found>> parts,
                List<List<Long>> windows,
                DataGrid grid,
                ModelDescription description,
                BiFunction<Part, Grid, FileExamples> examples,
                CachedExamples cached) {
            this.scan = scan;
            this.task = task;
            this.tested = tested;
            this.parts = parts;
            this.windows = windows;
            this.grid = grid;
            this.description = description;
            this.examples = examples;
            this.cached = cached;
        }

        private List<long[]> sizes(Part part) {
            return parts.get(part).stream().map(grid::size).toList();
        }

        TrainingData at(List<Long> window) {
            List<long[]> training = sizes(Part.TRAINING);
            long[] size = window.stream().mapToLong(Long::longValue).toArray();
            List<Long> inputShape = new ArrayList<>(List.of(scan.found().get(0).inputShape()[0]));
            inputShape.addAll(window);
            Supervision supervision = source.supervision();
            if (supervision.ofInputsAlone() && FileData.this.model == null) {
                requireInside(size);
            }
            return new TrainingData(
                    name(),
                    task,
                    grid.describe(description.withInputShape(inputShape)),
                    supervision.learned(patches(cached, training, task, size)),
                    supervision.validated(
                            new WindowExamples(
                                    cached.beside(examples.apply(Part.VALIDATION, grid.target())),
                                    sizes(Part.VALIDATION),
                                    task.perExample(),
                                    size),
                            positions(Part.VALIDATION)),
                    tested.tested(examples.apply(Part.TEST, Grid.UNKNOWN)),
                    SimpleBaselines.of(task, description, scan.found().get(0), tested),
                    model -> recipe(size, task),
                    scan.fingerprint(),
                    new SampleSizes(
                            training.stream().mapToDouble(FileData::volume).sum(), windows, this::at),
                    overview(),
                    examples.apply(Part.VALIDATION, Grid.UNKNOWN),
                    supervision,
                    tested);
        }

        /** What is mirrored shows the noise of a blind spot at another place. */
        private void requireInside(long... size) {
            for (Part part : List.of(Part.TRAINING, Part.VALIDATION)) {
                for (Found one : parts.get(part)) {
                    long[] own = grid.size(one);
                    for (int axis = 0; axis < size.length; axis++) {
                        ArgumentException.require(
                                size[axis] <= own[axis],
                                "patch",
                                Arrays.toString(size) + ", but " + one.entry().name() + " has " + Arrays.toString(own)
                                        + ", whose mirror image would show blind spots",
                                "give at most the size of the smallest example");
                    }
                }
            }
        }

        private double positions(Part part) {
            return sizes(part).stream().mapToDouble(FileData::volume).sum();
        }

        private DataOverview overview() {
            DataOverview overview = DataOverview.of(
                            scan.found(), parts, task, description.classes(), FileData.this.model == null)
                    .with(source.supervision(), tested);
            if (!source.supervision().ofInputsAlone()) {
                return overview;
            }
            List<String> mixed = scan.found().stream()
                    .filter(one -> isMixed(one, grid))
                    .map(one -> one.entry().name())
                    .toList();
            return mixed.isEmpty()
                    ? overview
                    : overview.withWarning(
                            "the noise of a position is not independent of its neighbours' in " + mixed.size()
                                    + " of " + scan.found().size()
                                    + " inputs, which are JPEG pictures or are brought to another"
                                    + " grid (" + mixed.get(0) + (mixed.size() > 1 ? "; ..." : "")
                                    + "), and a network will keep some of it; use files as they were recorded");
        }
    }

    /** Whether noise has been spread over neighbouring positions, by compression or by interpolation. */
    private static boolean isMixed(Found found, DataGrid grid) {
        return ArrayFiles.suffix(found.entry().input().file()).orElse("").startsWith(".jp")
                || !Arrays.equals(
                        grid.size(found), Arrays.copyOfRange(found.inputShape(), 1, found.inputShape().length));
    }

    /**
     * What the targets of the test part are: clean ones where all of its examples have some, although the network learns
     * without.
     *
     * @param where in words, what {@code test} are examples of
     */
    private Supervision tested(List<Found> found, List<Found> test, String where) {
        if (!source.supervision().ofInputsAlone()) {
            return source.supervision();
        }
        for (Found one : found) {
            if (Arrays.stream(one.inputShape()).skip(1).allMatch(size -> size == 1)) {
                throw new DataException("data: " + one.entry().name()
                        + " has one element, and a blind spot needs a neighbour; leave it out");
            }
            if (one.targetShape() == null || one.targetShape()[0] != one.inputShape()[0]) {
                throw new DataException("data: " + one.entry().name() + " has an input of shape "
                        + Arrays.toString(one.inputShape()) + " and a target of "
                        + (one.targetShape() == null ? "another kind" : "shape " + Arrays.toString(one.targetShape()))
                        + "; give clean ones of the inputs' channels, or none");
            }
        }
        long alone = test.stream().filter(one -> one.entry().isInputAlone()).count();
        if (alone > 0 && alone < test.size()) {
            throw new DataException("data: " + alone + " of " + test.size() + " examples of " + where
                    + " have no clean target, the others have; give all or none");
        }
        return alone > 0 ? Supervision.BLIND_SPOTS : Supervision.CLEAN;
    }

    private @Nullable Task task() {
        Task wanted = source.wantedTask();
        ArgumentException.require(
                source.supervision() == Supervision.CLEAN
                        || model == null
                        || Task.DENOISING.code().equals(model.task()),
                "supervision",
                source.supervision().code() + ", but the network is for " + (model == null ? "" : model.task()),
                "leave it out");
        return wanted != null || model == null ? wanted : Task.parse(model.task());
    }

    /** The columns of a list that a network answers with, unless others are asked for, or one of labels names these. */
    private @Nullable String targetPath() {
        Path data = Path.of(source.data());
        if (source.targetPath() != null || model == null || !DataListing.isList(data)) {
            return source.targetPath();
        }
        boolean labels = Task.MULTI_LABEL_CLASSIFICATION.code().equals(model.task());
        List<String> columns = labels ? model.classes() : model.output().names();
        // labels that were given names, or have commas in theirs, go by their places
        boolean named = !labels
                || columns.stream().noneMatch(column -> column.contains(","))
                        && !DataListing.hasColumns(data, List.of("labels"))
                        && DataListing.hasColumns(data, columns);
        return columns.isEmpty() || !named ? null : String.join(",", columns);
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
                source.classes() == null || task == null || task.hasClasses() && !task.isMultiLabel(),
                "classes",
                source.classes() + ", but the task is " + (task == null ? "" : task.code()),
                "leave it out, or use segmentation");
        ArgumentException.require(
                source.labels().isEmpty() || task == null || task.isMultiLabel(),
                "labels",
                source.labels() + ", but the task is " + (task == null ? "" : task.code()),
                "leave it out, or use " + Task.MULTI_LABEL_CLASSIFICATION.code() + " or "
                        + Task.MULTI_LABEL_SEGMENTATION.code());
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
        List<String> given = source.labels();
        if (task.isMultiLabel() && !given.isEmpty()) {
            List<String> told = TaskInference.labels(found);
            ArgumentException.require(
                    found.stream().allMatch(one -> one.entry().labels() == null),
                    "labels",
                    given + ", but examples name theirs: " + told,
                    "leave it out");
            ArgumentException.require(
                    told.size() == given.size(),
                    "labels",
                    given + ", but targets have " + told.size() + " channels or numbers",
                    "give a name for each");
            return given;
        }
        ArgumentException.require(
                given.isEmpty(), "labels", given + ", but the task is " + task.code(), "leave it out, or give a task");
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
        List<DataEntry> entries = found.stream().map(Found::entry).toList();
        return byPart(found, split.apply(entries, contents(found)));
    }

    private static Function<DataEntry, String> contents(List<Found> found) {
        Map<DataEntry, Found> byEntry = new IdentityHashMap<>();
        found.forEach(one -> byEntry.put(one.entry(), one));
        return entry -> byEntry.get(entry).content();
    }

    /** @param split the examples, in the same order, with their parts */
    private static Map<Part, List<Found>> byPart(List<Found> found, List<DataEntry> split) {
        Map<Part, List<Found>> parts = new EnumMap<>(Part.class);
        for (int i = 0; i < found.size(); i++) {
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
                boolean inputs = one.inputShape()[0] != first.inputShape()[0];
                throw new DataException("data: " + one.entry().name() + " has "
                        + (inputs ? "an input" : "a target") + " of shape "
                        + Arrays.toString(inputs ? one.inputShape() : one.targetShape()) + ", "
                        + first.entry().name() + " "
                        + Arrays.toString(inputs ? first.inputShape() : first.targetShape())
                        + "; give examples with as many channels, of inputs and of targets"
                        + (one.inputShape().length == 3 ? ", or channels gray or rgb for pictures" : ""));
            }
        }
    }

    /** That which is given, that of all examples, or as much as they have in common and halves of it. */
    private List<List<Long>> windows(List<long[]> sizes, Task task, int dimensions) {
        List<Long> given = window();
        if (!given.isEmpty()) {
            ArgumentException.require(
                    given.size() == dimensions, "patch", given, "give " + dimensions + " sizes, one for each axis");
            return List.of(given);
        }
        long[] smallest = sizes.get(0).clone();
        boolean same = true;
        for (long[] size : sizes) {
            same &= Arrays.equals(size, sizes.get(0));
            Arrays.setAll(smallest, axis -> Math.min(smallest[axis], size[axis]));
        }
        ArgumentException.require(
                same || !task.perExample() || cut,
                "patch",
                "none, but sizes differ, and an answer belongs to a whole example",
                "bring all to one size, or give that of a part of each to train on, such as "
                        + Arrays.stream(smallest).mapToObj(String::valueOf).collect(Collectors.joining(",")));
        if (task.perExample()) {
            return List.of(Arrays.stream(smallest).boxed().toList());
        }
        List<List<Long>> windows = new ArrayList<>();
        for (long most = MAX_WINDOW[dimensions]; most >= MIN_WINDOW[dimensions]; most /= 2) {
            long largest = most;
            List<Long> window = Arrays.stream(smallest)
                    .map(size -> Math.min(size, largest))
                    .boxed()
                    .toList();
            if (!windows.contains(window)) {
                windows.add(window);
            }
        }
        return windows;
    }

    private Normalization normalization(List<Found> training, Task task) {
        boolean sameChannels = sameChannels(training);
        Normalization.By by = source.normalize() != null ? source.normalize() : usual(training, task);
        boolean restored = !task.hasClasses()
                && !task.perExample()
                && by != Normalization.By.NONE
                && (sameChannels || by == Normalization.By.SAMPLE);
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

    private static boolean sameChannels(List<Found> training) {
        Found first = training.get(0);
        return first.targetShape() != null && first.targetShape()[0] == first.inputShape()[0];
    }

    /**
     * Signals vary in level and scale from window to window, and their noise with them: each window, and each channel of it, is
     * brought to its own. The noise of images does not vary that way.
     */
    private static Normalization.By usual(List<Found> training, Task task) {
        if (task != Task.DENOISING || training.get(0).inputShape().length > 2) {
            return Normalization.By.SET;
        }
        boolean several = sameChannels(training) && training.get(0).inputShape()[0] > 1;
        return several ? Normalization.By.CHANNEL : Normalization.By.SAMPLE;
    }

    private Output output(List<Found> all, List<Found> training, Examples examples, Task task) {
        if (model != null) {
            return model.output();
        }
        if (task != Task.ESTIMATION) {
            return isResidual(training, examples, task) ? Output.RESIDUAL : Output.PLAIN;
        }
        List<String> names = TaskInference.numbers(all);
        List<Double> mean = new ArrayList<>();
        List<Double> deviation = new ArrayList<>();
        for (String name : names) {
            double[] values = training.stream()
                    .mapToDouble(one -> one.entry().numbers().get(name))
                    .toArray();
            double spread = Math.sqrt(StatUtils.populationVariance(values));
            if (!(spread > 0)) {
                throw new DataException("data: " + name + " is " + values[0]
                        + " in all examples of the training part; leave the column out, or add others");
            }
            mean.add(StatUtils.mean(values));
            deviation.add(spread);
        }
        return new Output(false, names, mean, deviation);
    }

    /**
     * Whether a network is to answer with the difference from its input. Instance normalisation forgets levels, and so do
     * networks with it: without their input, colours would be guessed. So it is where noise is taken out, and where inputs say
     * more about their targets than these targets' own means.
     */
    private static boolean isResidual(List<Found> training, Examples examples, Task task) {
        if (task.hasClasses() || !sameChannels(training)) {
            return false;
        }
        if (task == Task.DENOISING) {
            return true;
        }
        double error = 0;
        double spread = 0;
        for (int i = 0; i < Math.min(COMPARED, examples.size()); i++) {
            Example example = examples.get(i);
            double deviation = example.target().stdNumber(false).doubleValue();
            error += example.input().squaredDistance(example.target());
            spread += deviation * deviation * example.target().length();
            Release.of(example.input(), example.target());
        }
        return error < spread;
    }

    /** @param training sizes of the examples to train on */
    private Patches patches(CachedExamples examples, List<long[]> training, Task task, long... size) {
        double whole = training.stream().mapToDouble(FileData::volume).average().orElseThrow();
        long covering = Math.round(Math.ceil(whole / volume(size)));
        long atLeast = (MIN_EPOCH + training.size() - 1) / training.size();
        int perExample = Math.toIntExact(task.perExample() ? 1 : Math.max(covering, atLeast));
        int mixed = (int) Math.max(1, Math.min(training.size(), source.cacheBytes() / (2 * Float.BYTES * whole)));
        return new Patches(
                examples, size, perExample, task.hasClasses() && !task.perExample(), source.augment(), mixed);
    }

    private static double volume(long... size) {
        return Arrays.stream(size).mapToDouble(axis -> axis).reduce(1, (a, b) -> a * b);
    }

    private static Recipe recipe(long[] size, Task task) {
        return OwnRecipes.of(Arrays.stream(size).min().getAsLong(), size.length, task);
    }
}
