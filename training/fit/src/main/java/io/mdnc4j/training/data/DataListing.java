package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.DataEntry.Part;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.StackedArrays;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lists the examples of a data set without reading them. A data set is one of
 *
 * <ul>
 *   <li>a folder with the folders {@code inputs} and {@code targets} (or {@code images} and {@code masks}, {@code noisy} and
 *       {@code clean} ...), whose files have the same names but for the suffix, or for what all names of a folder have in common, such as
 *       {@code 7_image} and {@code 7_mask};
 *   <li>a folder of inputs, with another folder of targets;
 *   <li>a folder with a folder for each class;
 *   <li>a folder with {@code train}, {@code test} and perhaps {@code validation}, each one of the above;
 *   <li>a list, a CSV file with the columns {@code input} and {@code target} (files, relative to the list), {@code class},
 *       {@code labels} (names of any number of labels, with {@code ;} or {@code |} between; empty for none) or
 *       others with numbers, which are the target then, and perhaps {@code part} ({@code train}, {@code validation} or
 *       {@code test}) and {@code group};
 *   <li>an HDF5 or {@code .npz} file with an array of inputs and one of targets (numbers, or names of classes), examples along
 *       their first axes.
 * </ul>
 *
 * Where no targets are needed, a folder of files, or of folders of files, is enough, a list with the column {@code input}, and an
 * HDF5 or {@code .npz} file with an array of inputs.
 */
public final class DataListing {
    private static final Set<String> INPUTS =
            Set.of("inputs", "input", "images", "image", "noisy", "data", "x", "features");
    private static final Set<String> TARGETS =
            Set.of("targets", "target", "masks", "mask", "labels", "label", "clean", "y", "segmentations");
    static final Map<String, Part> PARTS = Map.of(
            "train", Part.TRAINING,
            "training", Part.TRAINING,
            "validation", Part.VALIDATION,
            "val", Part.VALIDATION,
            "test", Part.TEST);

    private DataListing() {}

    /**
     * Whether a file is a list of files, not a table of numbers.
     *
     * @param file the file
     * @return whether it ends in {@code .csv}, and its first line names a column {@code input}; false if it cannot be read
     */
    public static boolean isList(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".csv") || !Files.isRegularFile(file)) {
            return false;
        }
        return ListedExamples.hasInputs(file);
    }

    /**
     * Whether a file is a list with those columns.
     *
     * @param file the file
     * @param columns their names, such as {@code labels}
     * @return whether its first line names all of them; false if it cannot be read
     */
    public static boolean hasColumns(Path file, List<String> columns) {
        return isList(file) && ListedExamples.hasColumns(file, columns);
    }

    /**
     * The examples of a data set whose arrays in HDF5 files have usual names.
     *
     * @param data a folder, a list, or an HDF5 file
     * @param targets a folder of targets for a folder of inputs; {@code null} for none
     * @return the examples, as {@link #of(Path, Path, String, String)} orders them, at least one
     * @throws ArgumentException if targets are given and the data are no folder, or no dataset has a usual name
     * @throws DataException if it is no data set, or an input has no target
     */
    public static List<DataEntry> of(Path data, @Nullable Path targets) {
        return of(data, targets, null, null);
    }

    /**
     * The examples of a data set, in the order of their names.
     *
     * @param data a folder, a list, or an HDF5 file
     * @param targets a folder of targets for a folder of inputs; {@code null} for none
     * @param inputPath dataset of inputs in an HDF5 file; {@code null} for one of a usual name
     * @param targetPath dataset of targets in an HDF5 file; {@code null} for one of a usual name; of a list the columns of
     *     numbers that are the target, with commas between; {@code null} for {@code target} or {@code class} if there is one of
     *     these, else all but {@code input}, {@code part} and {@code group}
     * @return the examples, at least one
     * @throws ArgumentException if targets or a dataset is named that data of that kind do not have
     * @throws DataException if it is nothing of that kind, or an input has no target
     */
    public static List<DataEntry> of(
            Path data, @Nullable Path targets, @Nullable String inputPath, @Nullable String targetPath) {
        return of(data, targets, inputPath, targetPath, false);
    }

    /**
     * The examples of a data set, in the order of their names, perhaps without targets.
     *
     * @param data a folder, a list, or an HDF5 file
     * @param targets a folder of targets for a folder of inputs; {@code null} for none
     * @param inputPath dataset of inputs in an HDF5 file; {@code null} for one of a usual name
     * @param targetPath as in the other method
     * @param inputsAlone whether an example without a target is its own target ({@link DataEntry#isInputAlone}), and so a
     *     folder may hold nothing but files, or folders of such, a list a column of inputs, and an HDF5 file a dataset of them
     * @return the examples, at least one
     * @throws ArgumentException if targets or a dataset is named that data of that kind do not have
     * @throws DataException if it is nothing of that kind, or an input has no target and needs one
     */
    public static List<DataEntry> of(
            Path data,
            @Nullable Path targets,
            @Nullable String inputPath,
            @Nullable String targetPath,
            boolean inputsAlone) {
        if (!Files.exists(data)) {
            throw new DataException("data: " + data + " is not there; check the path");
        }
        ArgumentException.require(
                targets == null || Files.isDirectory(data),
                "targets",
                targets,
                "leave it out: " + data + " is no folder");
        boolean stacked = !Files.isDirectory(data) && !isList(data);
        ArgumentException.require(
                inputPath == null || stacked,
                "inputPath",
                inputPath,
                "leave it out: " + data + " is no HDF5 or .npz file");
        ArgumentException.require(
                targetPath == null || !Files.isDirectory(data),
                "targetPath",
                targetPath,
                "leave it out: " + data + " is a folder");
        try {
            List<DataEntry> entries = Files.isDirectory(data)
                    ? targets == null ? folder(data, data, null, inputsAlone) : pairs(data, data, targets, null)
                    : isList(data)
                            ? ListedExamples.read(data, targetPath, inputsAlone)
                            : stacked(data, inputPath, targetPath, inputsAlone);
            if (entries.isEmpty()) {
                throw new DataException("data: " + data + " holds no files that end in one of " + ArrayFiles.suffixes()
                        + "; convert them, or check the path");
            }
            return entries;
        } catch (DataException | ArgumentException e) {
            throw e;
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            // a folder that may not be entered, a quote that is not closed, a path that cannot be one
            throw new DataException("data: " + data + " cannot be listed (" + e.getMessage() + "); check the path", e);
        }
    }

    /** @param root the whole data set; names of examples are paths in it, so that no two are the same */
    private static List<DataEntry> folder(Path root, Path folder, @Nullable Part part, boolean inputsAlone)
            throws IOException {
        Map<String, Path> inner = new TreeMap<>();
        try (Stream<Path> paths = Files.list(folder)) {
            paths.filter(Files::isDirectory)
                    .filter(path -> !path.getFileName().toString().startsWith("."))
                    .forEach(path -> inner.put(path.getFileName().toString(), path));
        }
        Optional<Path> inputs = named(inner, INPUTS);
        Optional<Path> targets = named(inner, TARGETS);
        if (inputs.isPresent() && targets.isPresent()) {
            return pairs(root, inputs.get(), targets.get(), part);
        }
        List<DataEntry> entries = new ArrayList<>();
        if (part == null && named(inner, Set.of("train", "training")).isPresent()) {
            for (Map.Entry<String, Path> each : inner.entrySet()) {
                Part its = PARTS.get(each.getKey().toLowerCase(Locale.ROOT));
                if (its != null) {
                    entries.addAll(folder(root, each.getValue(), its, inputsAlone));
                }
            }
            return entries;
        }
        if (inputsAlone) {
            for (Path file : files(inputs.orElse(folder))) {
                ArrayReference input = new ArrayReference(file);
                entries.add(new DataEntry(root.relativize(file).toString(), input, input, "", part, ""));
            }
            return entries;
        }
        if (inner.isEmpty()) {
            throw new DataException(
                    "data: " + folder + " has no folders; give the folder of targets as targets, put the"
                            + " files into the folders inputs and targets, or into one for each class; to take noise out"
                            + " without targets, set supervision to blind-spots");
        }
        for (Map.Entry<String, Path> label : inner.entrySet()) {
            for (Path file : files(label.getValue())) {
                String name = root.relativize(file).toString();
                entries.add(new DataEntry(name, new ArrayReference(file), null, label.getKey(), part, ""));
            }
        }
        return entries;
    }

    private static Optional<Path> named(Map<String, Path> inner, Set<String> names) {
        return inner.entrySet().stream()
                .filter(entry -> names.contains(entry.getKey().toLowerCase(Locale.ROOT)))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The files of a folder and the folders in it, in the order of their names. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .filter(path -> ArrayFiles.suffix(path).isPresent())
                    .filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /** The same by their paths in the folder without the suffix. */
    private static Map<String, Path> byStem(Path folder) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        for (Path path : files(folder)) {
            String key = folder.relativize(path.resolveSibling(ArrayFiles.stem(path)))
                    .toString();
            Path other = files.put(key, path);
            if (other != null) {
                throw new DataException("data: " + other + " and " + path
                        + " have the same name but for the suffix; rename or remove one");
            }
        }
        return files;
    }

    private static List<DataEntry> pairs(Path root, Path inputs, Path targets, @Nullable Part part) throws IOException {
        Map<String, Path> given = byStem(inputs);
        Map<String, Path> wanted = byStem(targets);
        Map<String, String> paired = NamePairs.of(given.keySet(), wanted.keySet());
        List<DataEntry> entries = new ArrayList<>();
        for (Map.Entry<String, Path> input : given.entrySet()) {
            Path target = wanted.get(paired.getOrDefault(input.getKey(), input.getKey()));
            if (target == null) {
                throw new DataException("data: " + input.getValue() + " has no target of the same name in " + targets
                        + ", nor of one that differs in what all have in common, such as x_mask; add it, or remove the"
                        + " input");
            }
            entries.add(new DataEntry(
                    root.relativize(input.getValue()).toString(),
                    new ArrayReference(input.getValue()),
                    new ArrayReference(target),
                    "",
                    part,
                    ""));
        }
        return entries;
    }

    private static List<DataEntry> stacked(
            Path file, @Nullable String inputPath, @Nullable String targetPath, boolean inputsAlone) {
        if (!StackedArrays.isNamed(file)) {
            throw new DataException("data: " + file
                    + " is no folder, no HDF5 or .npz file and no list with a column \"input\"; give one of these");
        }
        Map<String, long[]> shapes = StackedArrays.shapes(file);
        List<String> texts = StackedArrays.textNames(file);
        String inputs = array(file, shapes.keySet(), inputPath, INPUTS, "inputPath");
        Set<String> answers = new LinkedHashSet<>(shapes.keySet());
        answers.addAll(texts);
        boolean alone =
                inputsAlone && targetPath == null && answers.stream().noneMatch(name -> isCalled(name, TARGETS));
        String targets = alone ? inputs : array(file, answers, targetPath, TARGETS, "targetPath");
        long count = shapes.get(inputs)[0];
        List<String> labels = texts.contains(targets) ? StackedArrays.texts(file, targets) : List.of();
        long[] shape = texts.contains(targets) ? new long[] {labels.size()} : shapes.get(targets);
        if (shape[0] != count) {
            throw new DataException("data: " + file + " has " + inputs + " of shape "
                    + Arrays.toString(shapes.get(inputs)) + " and " + targets + " of shape " + Arrays.toString(shape)
                    + "; store one target for each input along the first axes");
        }
        List<DataEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(new DataEntry(
                    file.getFileName() + "[" + i + "]",
                    new ArrayReference(file, inputs, i),
                    labels.isEmpty() ? new ArrayReference(file, targets, i) : null,
                    labels.isEmpty() ? "" : labels.get(i),
                    null,
                    ""));
        }
        return entries;
    }

    private static boolean isCalled(String array, Set<String> names) {
        return names.contains(array.substring(array.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT));
    }

    private static String array(Path file, Set<String> all, @Nullable String path, Set<String> names, String argument) {
        String given = path == null ? null : path.replaceFirst("^/+", "");
        return all.stream()
                .filter(name -> given != null ? name.equals(given) : isCalled(name, names))
                .findFirst()
                .orElseThrow(() -> new ArgumentException(
                        argument,
                        given != null
                                ? given
                                : "none, and no array is called " + String.join(" or ", new TreeSet<>(names)),
                        "give one of those in " + file + ": " + String.join(", ", all)));
    }
}
