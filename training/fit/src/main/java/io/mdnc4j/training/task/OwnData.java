package io.mdnc4j.training.task;

import io.mdnc4j.training.data.Augmentation;
import io.mdnc4j.training.data.CachedExamples;
import io.mdnc4j.training.data.DataEntry;
import io.mdnc4j.training.data.DataEntry.Part;
import io.mdnc4j.training.data.DataListing;
import io.mdnc4j.training.data.DataScan;
import io.mdnc4j.training.data.DataScan.Found;
import io.mdnc4j.training.data.DataSplit;
import io.mdnc4j.training.data.FileExamples;
import io.mdnc4j.training.data.Patches;
import io.mdnc4j.training.data.WindowExamples;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Examples in files as a task: in three parts, in windows of one size to train and validate with, whole to test on.
 *
 * @param listing what {@link DataListing} looks at
 * @param kind the kind of answer; {@code null} to tell it from the targets
 * @param classes names of the classes; empty for those that are found
 * @param dimensions axes of the inputs after that of the channels
 * @param window size of a training sample on each axis; {@code null} for that of the examples where all have one, and not too
 *     large a one
 * @param normalization whose mean and deviation are taken out; {@code null} for the sample's where values are denoised, for the
 *     training part's otherwise
 * @param augmentation random changes of training samples
 * @param split into parts; {@code null} to test on everything
 * @param strict whether an example that cannot be read ends it; otherwise it is left out
 * @param cacheBytes examples that are kept in memory, of training and validation part together
 */
public record OwnData(
        Listing listing,
        Task kind,
        List<String> classes,
        int dimensions,
        long[] window,
        Normalization.By normalization,
        Augmentation augmentation,
        DataSplit split,
        boolean strict,
        long cacheBytes) {
    /** Examples that are kept in memory unless told: 1 GiB. */
    public static final long CACHE_BYTES = 1L << 30;

    /** Largest window on each axis that is chosen unasked, by the number of axes. */
    private static final long[] LARGEST = {0, 4096, 256, 64};

    /** Skipped examples that are named. */
    private static final int NAMED = 5;

    private static final int LEAST_EPOCH = 64;

    /**
     * Where examples are.
     *
     * @param data a folder, a list of files, or an HDF5 file
     * @param targets folder of targets; {@code null} if {@code data} has them
     * @param inputPath dataset of inputs in an HDF5 file; {@code null} for one of a usual name
     * @param targetPath dataset of targets in an HDF5 file; {@code null} for one of a usual name
     */
    public record Listing(Path data, Path targets, String inputPath, String targetPath) {
        private List<DataEntry> entries() {
            return DataListing.of(data, targets, inputPath, targetPath);
        }

        private String name() {
            return data.toAbsolutePath()
                    .normalize()
                    .getFileName()
                    .toString()
                    .replaceFirst("\\.[^.]+$", "")
                    .replaceAll("[^\\w.-]+", "-");
        }
    }

    /**
     * Reads everything once, and describes what was found.
     *
     * @param notes takes what the user should know, such as the number of skipped examples
     * @throws DataException if the data cannot be used
     */
    public TrainingTask task(Consumer<String> notes) {
        DataScan scan = DataScan.of(listing.entries(), dimensions, strict);
        note(scan, notes);
        Task of = FoundKind.of(scan.found(), kind);
        List<String> names = classes.isEmpty() ? FoundKind.classes(scan.found(), of) : classes;
        Map<Part, List<Found>> parts = parts(scan.found());
        List<Found> training = parts.get(Part.TRAINING);
        long[] size = window(scan.found(), of);
        long channels = training.get(0).inputShape()[0];
        requireSameChannels(scan.found());
        List<Long> inputShape = new ArrayList<>(List.of(channels));
        Arrays.stream(size).forEach(inputShape::add);
        ModelDescription description = new ModelDescription(
                null,
                of.code(),
                inputShape,
                normalization(training, of),
                names,
                null,
                common(scan.found(), Found::samplingRate),
                common(scan.found(), found -> found.spacing().isEmpty() ? null : found.spacing()),
                Map.of());
        CachedExamples cached = new CachedExamples(examples(training, names), cacheBytes);
        return new TrainingTask(
                listing.name(),
                of,
                description,
                patches(cached, training, of, size),
                new WindowExamples(
                        cached.beside(examples(parts.get(Part.VALIDATION), names)),
                        parts.get(Part.VALIDATION).stream().map(OwnData::size).toList(),
                        of.perExample(),
                        size),
                examples(parts.get(Part.TEST), names),
                SimpleBaselines.of(of, names, scan.found().get(0)),
                model -> recipe(size, of),
                scan.fingerprint());
    }

    private static void note(DataScan scan, Consumer<String> notes) {
        int skipped = scan.skipped().size();
        if (skipped > 0) {
            notes.accept("data: " + skipped + " of " + (skipped + scan.found().size())
                    + " examples cannot be used and are left out (--strict refuses them):");
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
        Map<Part, List<Found>> parts = new java.util.EnumMap<>(Part.class);
        for (int i = 0; i < entries.size(); i++) {
            parts.computeIfAbsent(split.get(i).part(), part -> new ArrayList<>())
                    .add(found.get(i));
        }
        return parts;
    }

    private FileExamples examples(List<Found> found, List<String> classes) {
        return new FileExamples(found.stream().map(Found::entry).toList(), dimensions, classes);
    }

    private static long[] size(Found found) {
        return Arrays.copyOfRange(found.inputShape(), 1, found.inputShape().length);
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
                        + "; give examples with as many channels, of inputs and of targets");
            }
        }
    }

    private long[] window(List<Found> found, Task of) {
        if (window != null) {
            if (window.length != dimensions) {
                throw new IllegalArgumentException("patch: " + Arrays.toString(window) + " has " + window.length
                        + " sizes; give " + dimensions + ", one for each axis of the network");
            }
            return window;
        }
        long[] least = size(found.get(0));
        boolean same = true;
        for (Found one : found) {
            long[] size = size(one);
            same &= Arrays.equals(size, size(found.get(0)));
            Arrays.setAll(least, axis -> Math.min(least[axis], size[axis]));
        }
        if (of.perExample() && !same) {
            throw new DataException("data: sizes differ, and a class belongs to a whole example; bring all to one size,"
                    + " or give --patch to train on a part of each");
        }
        if (!of.perExample()) {
            Arrays.setAll(least, axis -> Math.min(least[axis], LARGEST[dimensions]));
        }
        return least;
    }

    private Normalization normalization(List<Found> training, Task of) {
        boolean sameChannels = training.get(0).targetShape() != null
                && training.get(0).targetShape()[0] == training.get(0).inputShape()[0];
        Normalization.By by = normalization != null
                ? normalization
                : of == Task.DENOISING ? Normalization.By.SAMPLE : Normalization.By.SET;
        boolean restored =
                !of.hasClasses() && by != Normalization.By.NONE && (sameChannels || by == Normalization.By.SAMPLE);
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

    /** What all examples have in common; {@code null} if they differ. */
    private static <T> T common(List<Found> found, Function<Found, T> of) {
        T first = of.apply(found.get(0));
        return found.stream().allMatch(one -> java.util.Objects.equals(of.apply(one), first)) ? first : null;
    }

    private Patches patches(CachedExamples examples, List<Found> training, Task of, long... size) {
        double whole = training.stream()
                .mapToDouble(one -> volume(size(one)))
                .average()
                .orElseThrow();
        long covering = Math.round(Math.ceil(whole / volume(size)));
        long least = (LEAST_EPOCH + training.size() - 1) / training.size();
        int perExample = Math.toIntExact(of.perExample() ? 1 : Math.max(covering, least));
        int mixed = (int) Math.max(1, Math.min(training.size(), cacheBytes / (2 * Float.BYTES * whole)));
        return new Patches(examples, size, perExample, of == Task.SEGMENTATION, augmentation, mixed);
    }

    private static double volume(long... size) {
        return Arrays.stream(size).mapToDouble(axis -> axis).reduce(1, (a, b) -> a * b);
    }

    private static Recipe recipe(long[] size, Task of) {
        return OwnRecipes.of(Arrays.stream(size).min().getAsLong(), size.length, of);
    }
}
