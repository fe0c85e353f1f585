package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.zoo.Task;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files that a network is used on, and the files with what it makes of them: of the same name, format and header. Classes go to
 * formats that keep whole numbers as they are, several labels at once as channels of 0 and 1 to such that have channels for them
 * (of pictures to {@code .npy}). Where the formats allow it ({@link io.mdnc4j.training.files.ArraySlabs}), files
 * are read and written in slabs, so that their length along the first axis does not matter for the memory needed. Of a network
 * that {@linkplain Predictor#separatesObjects separates objects}, results are numbered objects instead of classes, and their
 * positions in memory as a whole, some 30 bytes each.
 *
 * <pre>{@code
 * FilePredictions files = FilePredictions.builder(predictor).folder(Path.of("out")).probabilities(true).build();
 * files.write(List.of(Path.of("head.nii.gz"))); // out/head.nii.gz, out/head-probabilities.nii.gz
 * }</pre>
 *
 * <p>For any number of threads, as the predictor.
 */
public final class FilePredictions {
    /** Where real numbers go that the wanted format does not hold. */
    private static final String REAL = ".npy";

    private final Predictor predictor;
    private final Path folder;
    private final @Nullable String suffix;
    private final boolean probabilities;
    private final boolean uncertainty;
    private final Task task;
    private final ClassNumbers classes;

    private FilePredictions(Builder builder) {
        predictor = builder.predictor;
        folder = builder.folder;
        suffix = builder.suffix;
        probabilities = builder.probabilities;
        uncertainty = builder.uncertainty;
        task = predictor.task();
        classes = predictor.classNumbers();
    }

    /** A result of a file. */
    enum Result {
        /** Values, classes, or 0 or 1 for each of several labels, a channel each. */
        OUTPUT(""),
        /** The probability of each class, a channel each. */
        PROBABILITIES("-probabilities"),
        /** The standard deviation of values, or the largest one of the probabilities of all classes. */
        UNCERTAINTY("-uncertainty");

        private final String ending;

        Result(String ending) {
            this.ending = ending;
        }
    }

    /** Is told what becomes of each file. */
    public interface Listener extends FileListener {
        /**
         * All results of a file are there. Default: does nothing.
         *
         * @param input the file
         * @param results where they are, the values or classes first
         */
        default void written(Path input, List<Path> results) {
            // nobody asks
        }

        /**
         * Objects have been told apart ({@link Predictor#separatesObjects}); before {@link #written}. Default: does nothing.
         *
         * @param input the file
         * @param objects how many there are
         */
        default void counted(Path input, int objects) {
            // nobody asks
        }
    }

    /**
     * Settings for the files of a network.
     *
     * @param predictor whose description has an input shape
     * @return a builder
     * @throws ArgumentException if the description has none, without which nobody knows which axis of a file is that of
     *     channels, or the network answers for whole examples, not positions
     */
    public static Builder builder(Predictor predictor) {
        ArgumentException.require(
                !predictor.description().inputShape().isEmpty(),
                "description",
                "has no input shape",
                "state [C, size...] in it");
        ArgumentException.require(
                !predictor.task().perExample(),
                "predictor",
                "is for " + predictor.task().code(),
                "use FileAnswers: there is one answer for each file, not a file");
        return new Builder(predictor);
    }

    /**
     * Uses the network on files.
     *
     * @param files one input each
     * @throws ArgumentException if a result would replace an input or another result, or a name tells no known format; nothing is
     *     written then
     * @throws DataException if a file cannot be used; those before it have their results
     */
    public void write(List<Path> files) {
        write(files, new Listener() {});
    }

    /**
     * Uses the network on files, and tells what becomes of each.
     *
     * @param files one input each
     * @param listener may let the others go on where one fails
     * @throws ArgumentException if a result would replace an input or another result, or a name tells no known format; nothing is
     *     written then
     */
    public void write(List<Path> files, Listener listener) {
        List<CaseFiles> cases = predictor.cases(files);
        requireUsable(files, cases);
        Iterator<FileFlow> flows = cases.stream()
                .map(one -> new FileFlow(one, predictor.description(), listener, source -> sink(one, source, listener)))
                .iterator();
        if (uncertainty) {
            predictor.predictUncertain(flows);
        } else {
            predictor.predict(flows);
        }
    }

    private SlabSink sink(CaseFiles files, FileSource source, Listener listener) {
        return new ResultFiles(
                files.name(),
                source.slabs(),
                this,
                results -> listener.written(files.channels().get(0), results),
                objects -> listener.counted(files.channels().get(0), objects));
    }

    /** Refuses what would fail after hours, or write over something. */
    private void requireUsable(List<Path> files, List<CaseFiles> cases) {
        Set<Path> inputs = new HashSet<>();
        files.forEach(file -> inputs.add(file.toAbsolutePath().normalize()));
        Set<Path> targets = new HashSet<>();
        for (Path file : cases.stream().map(CaseFiles::name).toList()) {
            requireFormat("files", file);
            for (Result result : results()) {
                Path target = target(file, result);
                requireFormat("suffix", target);
                int axes = predictor.description().inputShape().size() - 1;
                ArgumentException.require(
                        ArrayFiles.mostAxes(target) >= axes,
                        "suffix",
                        target.getFileName() + " cannot hold results of " + axes + " axes",
                        "leave it out for the format of the input, or use npy, h5" + (axes == 2 ? ", tif" : "")
                                + " or nii.gz");
                if (!targets.add(target)) {
                    throw new ArgumentException(
                            "files",
                            "two results would be " + target,
                            "write those of each folder to one of their own");
                }
                ArgumentException.require(
                        !inputs.contains(target.toAbsolutePath().normalize()),
                        "folder",
                        folder + " has the inputs in it",
                        "choose another one");
            }
        }
    }

    private static void requireFormat(String argument, Path file) {
        if (ArrayFiles.suffix(file).isEmpty()) {
            throw new ArgumentException(argument, file + " has no known format", "use one of " + ArrayFiles.suffixes());
        }
    }

    /** The results that each file has. */
    List<Result> results() {
        return List.of(Result.values()).stream()
                .filter(result -> result == Result.OUTPUT
                        || result == Result.PROBABILITIES && probabilities
                        || result == Result.UNCERTAINTY && uncertainty)
                .toList();
    }

    /**
     * Where the values or classes for a file go.
     *
     * @param file one of the inputs
     * @return the file of its result, in the folder of results
     */
    public Path target(Path file) {
        return target(file, Result.OUTPUT);
    }

    Path target(Path file, Result result) {
        String own = ArrayFiles.suffix(file).orElse("");
        boolean labels =
                task.isMultiLabel() && predictor.description().classes().size() > 1;
        if (result != Result.OUTPUT || labels) {
            // pictures take further channels for colours and opacity
            String usual = labels && result == Result.OUTPUT ? ArrayFiles.suffixOfClasses(file) : own;
            String wanted = suffix != null ? suffix : usual;
            boolean real = ArrayFiles.holdsReal(folder.resolve(ArrayFiles.stem(file) + wanted));
            return folder.resolve(ArrayFiles.stem(file) + result.ending + (real ? wanted : REAL));
        }
        String other = suffix != null ? suffix : task.hasClasses() ? ArrayFiles.suffixOfClasses(file) : own;
        boolean kept = suffix == null && other.equals(own);
        return folder.resolve(
                kept ? file.getFileName().toString() : ArrayFiles.stem(file) + other.toLowerCase(Locale.ROOT));
    }

    Predictor predictor() {
        return predictor;
    }

    Path folder() {
        return folder;
    }

    boolean isUncertain() {
        return uncertainty;
    }

    ClassNumbers classes() {
        return classes;
    }

    /** The type of numbers of a result. */
    ElementType type(ElementType input, Result result, Path target) {
        if (result != Result.OUTPUT) {
            return ElementType.FLOAT32;
        }
        if (task.isMultiLabel()) {
            return ElementType.UINT8;
        }
        if (task.hasClasses()) {
            return classes.type();
        }
        return ArrayFiles.holdsReal(target) && input.isInteger() ? ElementType.FLOAT32 : input;
    }

    /** Settings of results. */
    public static final class Builder {
        private final Predictor predictor;
        private Path folder = Path.of("predictions");
        private @Nullable String suffix;
        private boolean probabilities;
        private boolean uncertainty;

        private Builder(Predictor predictor) {
            this.predictor = predictor;
        }

        /**
         * Where results go; {@code predictions} unless given. It is made when the first is written.
         *
         * @param results the folder
         * @return this
         */
        public Builder folder(Path results) {
            folder = results;
            return this;
        }

        /**
         * Suffix of all results, and so their format; that of the input unless given.
         *
         * @param ending such as {@code .npy}; {@code null} for that of the input
         * @return this
         */
        public Builder suffix(@Nullable String ending) {
            suffix = ending == null || ending.startsWith(".") ? ending : "." + ending;
            return this;
        }

        /**
         * Whether the probability of each class is written, too, a channel each, to {@code NAME-probabilities}; false unless
         * given.
         *
         * @param wanted whether it is
         * @return this
         * @throws ArgumentException if there are no classes
         */
        public Builder probabilities(boolean wanted) {
            ArgumentException.require(
                    !wanted || predictor.task().hasClasses(),
                    "probabilities",
                    "asked for of " + predictor.task().code(),
                    "leave it out: there are no classes");
            probabilities = wanted;
            return this;
        }

        /**
         * Whether it is written, too, how much the answers differ that are averaged ({@link Predictor#predictUncertain}), to
         * {@code NAME-uncertainty}; false unless given. Of values it is their standard deviation, of classes the largest of the
         * standard deviations of their probabilities.
         *
         * @param wanted whether it is
         * @return this
         */
        public Builder uncertainty(boolean wanted) {
            uncertainty = wanted;
            return this;
        }

        /** {@return the files of these settings} */
        public FilePredictions build() {
            return new FilePredictions(this);
        }
    }
}
