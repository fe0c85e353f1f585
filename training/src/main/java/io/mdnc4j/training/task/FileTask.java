package io.mdnc4j.training.task;

import io.mdnc4j.blocks.BlockKind;
import io.mdnc4j.training.data.Augmentation;
import io.mdnc4j.training.data.CachedExamples;
import io.mdnc4j.training.data.DataEntry;
import io.mdnc4j.training.data.DataEntry.Part;
import io.mdnc4j.training.data.DataException;
import io.mdnc4j.training.data.DataListing;
import io.mdnc4j.training.data.DataScan;
import io.mdnc4j.training.data.DataScan.Found;
import io.mdnc4j.training.data.DataSplit;
import io.mdnc4j.training.data.Example;
import io.mdnc4j.training.data.Examples;
import io.mdnc4j.training.data.FileExamples;
import io.mdnc4j.training.data.Patches;
import io.mdnc4j.training.data.Windows;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tasks whose data are files of one's own. */
public final class FileTask {
    /** Windows that validate, at most: some of all of them, evenly chosen. */
    private static final int MOST_VALIDATING = 256;

    /** Windows of an example in an epoch, unless told. */
    private static final int MOST_PATCHES = 16;

    /** Elements of a batch's inputs, about. */
    private static final long BATCH_ELEMENTS = 1 << 17;

    private static final int MOST_BATCH = 32;

    /** Size of a window on each axis unless told, by number of axes. */
    private static final Map<Integer, Long> WINDOWS = Map.of(1, 512L, 2, 128L, 3, 40L);

    /**
     * What is not said by the data.
     *
     * @param targets folder of the targets of a folder of inputs; {@code null} for none
     * @param kind the kind of answer; {@code null} to tell by the targets
     * @param window size of a window on each axis, one number for all; {@code null} for one that suits the data
     * @param patches windows of each example in an epoch; 0 for as many as suit
     * @param augmentation changes of training samples
     * @param normalization whose level and scale are taken out; {@code null} for what suits the kind
     * @param split the parts of the data
     * @param strict whether a file that cannot be used is an error
     * @param cache bytes of examples that are kept in memory
     */
    public record Settings(
            Path targets,
            TaskKind kind,
            long[] window,
            int patches,
            Augmentation augmentation,
            Normalization.By normalization,
            DataSplit split,
            boolean strict,
            long cache) {
        /** Bytes that are kept in memory unless told: 512 MiB. */
        public static final long CACHE = 1L << 29;

        /** What suits the data. */
        public static final Settings DEFAULT = new Settings(
                null,
                null,
                null,
                0,
                Augmentation.NONE,
                null,
                new DataSplit(DataSplit.SHARE, DataSplit.SHARE, 0),
                false,
                CACHE);
    }

    private FileTask() {}

    /** Whether data are a set of files that {@link #of} takes. */
    public static boolean isOne(Path data) {
        String name = data.getFileName() == null ? "" : data.getFileName().toString();
        return Files.isDirectory(data)
                || name.matches("(?i).*\\.(h5|hdf5)")
                || Files.exists(data) && DataListing.isList(data);
    }

    /**
     * The task of a data set; see {@link DataListing} for what is one. Every file is read once, for its level, scale and classes.
     *
     * @param dimensions axes of the inputs after that of the channels
     * @param notes is told of files that are left out
     * @throws DataException if the data cannot be used
     * @throws IllegalArgumentException if a setting does not suit the data
     */
    public static TrainingTask of(Path data, int dimensions, Settings settings, Consumer<String> notes) {
        List<DataEntry> entries = DataListing.of(data, settings.targets);
        DataScan scan = DataScan.of(entries, dimensions, settings.strict);
        if (!scan.skipped().isEmpty()) {
            notes.accept(scan.skipped().size() + " of " + entries.size()
                    + " examples cannot be used and are left out, such as "
                    + scan.skipped().get(0));
        }
        return new Reading(data, dimensions, settings, scan).task();
    }

    /** What is known of a data set. */
    private record Reading(Path data, int dimensions, Settings settings, DataScan scan) {
        TrainingTask task() {
            requireSameChannels();
            TaskKind kind = kind();
            List<String> classes = classes(kind);
            Map<DataEntry, Found> found = new IdentityHashMap<>();
            scan.found().forEach(one -> found.put(one.entry(), one));
            List<DataEntry> entries = scan.found().stream().map(Found::entry).toList();
            List<DataEntry> split =
                    settings.split.apply(entries, entry -> found.get(entry).content());
            List<Found> training = new ArrayList<>();
            for (int i = 0; i < split.size(); i++) {
                if (split.get(i).part() == Part.TRAINING) {
                    training.add(scan.found().get(i));
                }
            }
            requireClasses(kind, classes, training);
            long[] window = window();
            ModelDescription description = description(kind, classes, training, window);
            CachedExamples cached = new CachedExamples(examples(split, Part.TRAINING, classes), settings.cache);
            int patches = settings.patches > 0 ? settings.patches : patches(training, window);
            Patches sampler = new Patches(
                    cached, window, patches, kind == TaskKind.SEGMENTATION, settings.augmentation, mixed(training));
            Examples test = examples(split, Part.TEST, classes);
            return new TrainingTask(
                    data.toAbsolutePath().normalize().getFileName().toString().replaceFirst("\\.\\w+$", ""),
                    kind,
                    description,
                    sampler,
                    windows(split, classes, found, window),
                    kind.ofWhole() ? cut(test, window) : test,
                    baselines(kind, classes, cached),
                    model -> recipe(window),
                    scan.fingerprint());
        }

        private void requireSameChannels() {
            Found first = scan.found().get(0);
            for (Found one : scan.found()) {
                if (one.inputShape()[0] != first.inputShape()[0]
                        || (one.targetShape() == null) != (first.targetShape() == null)
                        || one.targetShape() != null && one.targetShape()[0] != first.targetShape()[0]) {
                    throw new DataException("data: " + one.entry().name() + " has shape "
                            + Arrays.toString(one.inputShape()) + " and target " + Arrays.toString(one.targetShape())
                            + ", " + first.entry().name() + " " + Arrays.toString(first.inputShape()) + " and "
                            + Arrays.toString(first.targetShape()) + "; give all as many channels");
                }
            }
        }

        /** Whole numbers of few kinds, in one channel, are classes. */
        private TaskKind kind() {
            boolean labels = scan.found().get(0).targetShape() == null;
            boolean numbers =
                    !labels && scan.found().stream().allMatch(one -> one.values() != null && one.targetShape()[0] == 1);
            TreeSet<Double> values = new TreeSet<>();
            if (numbers) {
                scan.found().forEach(one -> values.addAll(one.values()));
            }
            boolean classes = numbers && values.size() > 1 && values.size() <= DataScan.MOST_CLASSES;
            TaskKind told = settings.kind;
            TaskKind seen = labels ? TaskKind.CLASSIFICATION : classes ? TaskKind.SEGMENTATION : TaskKind.REGRESSION;
            if (told == null) {
                return seen;
            }
            if (told.ofWhole() != labels || told == TaskKind.SEGMENTATION && !classes) {
                throw new IllegalArgumentException("task: the data are for " + seen.code() + ", not " + told.code()
                        + (told == TaskKind.SEGMENTATION
                                ? " (2 to " + DataScan.MOST_CLASSES + " whole numbers in one channel)"
                                : "")
                        + "; leave --task out, or change the targets");
            }
            return told;
        }

        private List<String> classes(TaskKind kind) {
            if (!kind.hasClasses()) {
                return List.of();
            }
            if (kind.ofWhole()) {
                List<String> labels = scan.found().stream()
                        .map(one -> one.entry().label())
                        .distinct()
                        .sorted(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()))
                        .toList();
                if (labels.size() < 2) {
                    throw new DataException("data: all examples are of class " + labels.get(0) + "; give two or more");
                }
                return labels;
            }
            TreeSet<Double> values = new TreeSet<>();
            scan.found().forEach(one -> values.addAll(one.values()));
            return values.stream()
                    .map(value -> value == Math.rint(value) ? String.valueOf(value.longValue()) : value.toString())
                    .toList();
        }

        private static void requireClasses(TaskKind kind, List<String> classes, List<Found> training) {
            if (kind != TaskKind.SEGMENTATION) {
                return;
            }
            TreeSet<Double> missing =
                    classes.stream().map(Double::valueOf).collect(Collectors.toCollection(TreeSet::new));
            training.forEach(one -> missing.removeAll(one.values()));
            if (!missing.isEmpty()) {
                throw new DataException("data: the training part has no class " + missing
                        + " anywhere; add examples of it, or split otherwise with --split-seed");
            }
        }

        private long[] window() {
            long[] given = settings.window;
            if (given != null && given.length != 1 && given.length != dimensions) {
                throw new IllegalArgumentException("window: " + Arrays.toString(given) + " has " + given.length
                        + " numbers; give one, or one for each of " + dimensions + " axes");
            }
            long[] window = new long[dimensions];
            for (int axis = 0; axis < dimensions; axis++) {
                int place = axis + 1;
                long least = scan.found().stream()
                        .mapToLong(one -> one.inputShape()[place])
                        .min()
                        .getAsLong();
                window[axis] =
                        given == null ? Math.min(least, WINDOWS.get(dimensions)) : given[given.length == 1 ? 0 : axis];
                if (window[axis] < 1) {
                    throw new IllegalArgumentException("window: " + window[axis] + " is less than 1; give a size");
                }
            }
            return window;
        }

        private static int patches(List<Found> training, long... window) {
            double volume = Arrays.stream(window).reduce(1, Math::multiplyExact);
            double mean = training.stream()
                    .mapToDouble(one -> Arrays.stream(one.inputShape()).skip(1).reduce(1, (a, b) -> a * b) / volume)
                    .average()
                    .getAsDouble();
            return (int) Math.min(Math.max(Math.ceil(mean), 1), MOST_PATCHES);
        }

        /** Examples that half of the cache holds. */
        private int mixed(List<Found> training) {
            double mean = training.stream()
                    .mapToDouble(one -> (elements(one.inputShape()) + elements(one.targetShape())) * Float.BYTES)
                    .average()
                    .getAsDouble();
            return (int) Math.min(Math.max(settings.cache / 2 / mean, 1), training.size());
        }

        private static double elements(long... shape) {
            return shape == null ? 1 : Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        }

        private ModelDescription description(
                TaskKind kind, List<String> classes, List<Found> training, long... window) {
            Found first = training.get(0);
            List<Long> shape = new ArrayList<>(List.of(first.inputShape()[0]));
            Arrays.stream(window).forEach(shape::add);
            return new ModelDescription(
                    null,
                    kind.code(),
                    shape,
                    normalization(kind, training),
                    classes,
                    null,
                    first.samplingRate(),
                    first.spacing(),
                    Map.of());
        }

        /** Values are normalised window by window and restored; what has classes by the training part. */
        private Normalization normalization(TaskKind kind, List<Found> training) {
            Normalization.By by = settings.normalization != null
                    ? settings.normalization
                    : kind.hasClasses() ? Normalization.By.SET : Normalization.By.SAMPLE;
            if (by != Normalization.By.SET) {
                return new Normalization(by, List.of(), List.of(), by == Normalization.By.SAMPLE && !kind.hasClasses());
            }
            Found first = training.get(0);
            if (!kind.hasClasses() && first.targetShape()[0] != first.inputShape()[0]) {
                throw new IllegalArgumentException("normalize: inputs have " + first.inputShape()[0]
                        + " channels and targets " + first.targetShape()[0]
                        + ", so that the set's mean of each channel cannot be put back; use sample or none");
            }
            double[][] statistics = DataScan.statistics(training);
            return new Normalization(
                    by,
                    Arrays.stream(statistics).map(channel -> channel[0]).toList(),
                    Arrays.stream(statistics).map(channel -> channel[1]).toList(),
                    !kind.hasClasses());
        }

        private Examples examples(List<DataEntry> split, Part part, List<String> classes) {
            return new FileExamples(
                    split.stream().filter(entry -> entry.part() == part).toList(), dimensions, classes);
        }

        /** Windows of the validation part, in the order of the examples. */
        private Examples windows(
                List<DataEntry> split, List<String> classes, Map<DataEntry, Found> found, long... window) {
            Map<String, Found> byName = found.values().stream()
                    .collect(Collectors.toMap(one -> one.entry().name(), one -> one, (a, b) -> a));
            List<DataEntry> entries = split.stream()
                    .filter(entry -> entry.part() == Part.VALIDATION)
                    .toList();
            List<long[]> places = new ArrayList<>();
            List<Integer> sources = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++) {
                long[] shape = byName.get(entries.get(i).name()).inputShape();
                for (long[] start : Windows.grid(Arrays.copyOfRange(shape, 1, shape.length), window)) {
                    places.add(start);
                    sources.add(i);
                }
            }
            int count = Math.min(places.size(), MOST_VALIDATING);
            CachedExamples cached =
                    new CachedExamples(new FileExamples(entries, dimensions, classes), settings.cache / 4);
            return new Listed(count, classes, i -> {
                int chosen = (int) ((long) i * places.size() / count);
                return cached.with(sources.get(chosen), example -> window(example, places.get(chosen), window));
            });
        }

        private static Example window(Example example, long[] start, long... window) {
            boolean whole = example.target().rank() != example.input().rank();
            return new Example(
                    example.name(),
                    Windows.cut(example.input(), start, window),
                    whole ? example.target().dup() : Windows.cut(example.target(), start, window));
        }

        /** The middles of examples, of one size. */
        private static Examples cut(Examples examples, long... window) {
            return new Listed(examples.size(), examples.classes(), i -> {
                Example example = examples.get(i);
                long[] start = new long[window.length];
                for (int axis = 0; axis < window.length; axis++) {
                    start[axis] = Math.floorDiv(example.input().size(axis + 1) - window[axis], 2);
                }
                return window(example, start, window);
            });
        }

        private static Recipe recipe(long... window) {
            long elements = Arrays.stream(window).reduce(1, Math::multiplyExact);
            int batch = (int) Math.min(Math.max(BATCH_ELEMENTS / elements, 1), MOST_BATCH);
            return new Recipe(16, new int[] {1, 1, 1}, BlockKind.PLAIN, 3, batch, 3e-3, 5);
        }

        private static List<Baseline> baselines(TaskKind kind, List<String> classes, CachedExamples training) {
            if (!kind.hasClasses()) {
                return List.of(new Baseline(
                        "baseline", test -> new Baseline.Method("input as it is", Map.of(), Reading::unchanged)));
            }
            return List.of(new Baseline("baseline", test -> {
                double[] counts = new double[classes.size()];
                for (int i = 0; i < training.size(); i++) {
                    training.with(i, example -> {
                        for (float number : example.target().dup('c').data().asFloat()) {
                            counts[(int) number]++;
                        }
                        return null;
                    });
                }
                int most = 0;
                for (int c = 1; c < counts.length; c++) {
                    most = counts[c] > counts[most] ? c : most;
                }
                int answer = most;
                return new Baseline.Method("always " + classes.get(most) + ", the most frequent", Map.of(), example -> {
                    long[] shape = example.target().shape().clone();
                    shape[0] = classes.size();
                    INDArray output = Nd4j.zeros(shape);
                    output.slice(answer).assign(1);
                    return output;
                });
            }));
        }

        /** The input's channels, the first one again where the target has more. */
        private static INDArray unchanged(Example example) {
            INDArray[] channels = new INDArray[(int) example.target().size(0)];
            for (int c = 0; c < channels.length; c++) {
                INDArray channel = example.input().slice(c < example.input().size(0) ? c : 0);
                long[] shape = example.target().shape().clone();
                shape[0] = 1;
                channels[c] = channel.dup('c').reshape('c', shape);
            }
            return Nd4j.concat(0, channels);
        }
    }

    private record Listed(int size, List<String> classes, IntFunction<Example> reader) implements Examples {
        @Override
        public Example get(int index) {
            return reader.apply(index);
        }
    }
}
