package io.mdnc4j.training.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.data.Augmentation;
import io.mdnc4j.training.data.ClassMapping;
import io.mdnc4j.training.data.DataListing;
import io.mdnc4j.training.data.DataSplit;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.Channels;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.GridPolicy;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which data are used, and how: the one description that training, evaluation, search and Spark share. It is a value that
 * travels as JSON, under the names of a run's {@code config.json}: those of the components with underscores, such as
 * {@code input_path}. {@link #load} reads the data.
 *
 * <p>Data are one of three kinds: sets that come along ({@code ecg}, {@code digits}, {@code brain}), one signal in a CSV
 * file, or a set of examples in files as {@link DataListing} describes it. What does not apply to a kind is refused, not
 * passed over.
 *
 * @param data name of data that come along, or the path of a CSV file, a folder, a list of files or an HDF5 file
 * @param samplingRate samples a second that a network is trained on, and of files that do not say theirs, in hertz;
 *     {@code null} for the files' median, or of a signal {@value Signal#ECG_RATE}
 * @param spacing distance of elements that a network is trained on, and of files that do not say theirs, in millimetres, one
 *     for all axes or one for each; empty for the files' median
 * @param geometry what becomes of files on another grid
 * @param targets folder of targets for a folder of inputs; {@code null} if {@code data} has them
 * @param inputPath dataset of inputs in an HDF5 file; {@code null} for one of a usual name
 * @param targetPath dataset of targets in an HDF5 file, {@code null} for one of a usual name; or columns of numbers in a list,
 *     with commas between, {@code null} for all where it has neither targets in files nor classes
 * @param task what a network is to answer; {@code null} to tell it from the targets
 * @param dimensions axes of the inputs after that of the channels, 1 to 3; {@code null} to tell it from {@code patch} or the files
 * @param patch size of a training sample on each axis, in elements; empty for that of the examples
 * @param normalize whose mean and deviation are taken out; {@code null} for the sample's own (each of its channels', where
 *     there are several) where noise is taken out of signals, for the training part's otherwise
 * @param augment random changes of training samples
 * @param split parts of the examples that validate and test; empty for 0.15 each
 * @param splitSeed seed of which example goes where; {@code null} for 0
 * @param strict whether an example that cannot be read is refused, not left out
 * @param cache examples kept in memory, at most, in MiB; {@code null} for 1024
 * @param channels which channels pictures have as inputs, and as targets of values; {@code null} for those of their colours
 * @param classes which classes the values of targets stand for, as {@link ClassMapping#parse} reads it; {@code null} where each
 *     has its own
 * @param supervision what a network that takes out noise learns from; clean for any other
 * @param labels names of labels that may apply at once, in the order of the targets' channels or numbers; empty for those that
 *     the data have, else their places from 0
 */
public record DataSource(
        String data,
        @Nullable Double samplingRate,
        List<Double> spacing,
        GridPolicy geometry,
        @Nullable String targets,
        @Nullable String inputPath,
        @Nullable String targetPath,
        @Nullable Task task,
        @Nullable Integer dimensions,
        List<Long> patch,
        Normalization.@Nullable By normalize,
        Augmentation augment,
        List<Double> split,
        @Nullable Long splitSeed,
        boolean strict,
        @Nullable Integer cache,
        @Nullable Channels channels,
        @Nullable String classes,
        Supervision supervision,
        List<String> labels) {
    private static final int MEBIBYTE = 1 << 20;
    private static final int CACHE = 1024;
    private static final int MAX_DIMENSIONS = 3;
    private static final String TABLE = ".csv";
    private static final String ITS_GRID = "leave it out: a network trained on %s gets its grid";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Data that come with the library. */
    private static final Map<String, Shipped> SHIPPED = new LinkedHashMap<>();

    static {
        SHIPPED.put(
                Signal.ECG,
                new Shipped(
                        source -> Denoising.of(Signal.ecg(), source.supervision),
                        (source, count) -> Denoising.folds(Signal.ecg(), source.supervision, count)));
        SHIPPED.put(Digits.NAME, Shipped.clean(Task.CLASSIFICATION, Digits::data, Digits::folds));
        SHIPPED.put(Brain.NAME, Shipped.clean(Task.SEGMENTATION, Brain::data, Brain::folds));
    }

    /** Data that come with the library, in three parts or in folds. */
    private record Shipped(Function<DataSource, TrainingData> parts, BiFunction<DataSource, Integer, DataFolds> folds) {
        /** Those whose targets are not values without noise. */
        static Shipped clean(Task task, Supplier<TrainingData> parts, IntFunction<DataFolds> folds) {
            return new Shipped(
                    source -> {
                        source.requireClean(task);
                        return parts.get();
                    },
                    (source, count) -> {
                        source.requireClean(task);
                        return folds.apply(count);
                    });
        }
    }

    private void requireClean(Task other) {
        ArgumentException.require(
                supervision == Supervision.CLEAN,
                "supervision",
                supervision.code(),
                "leave it out: " + data + " is for " + other.code());
    }

    /** What an option is for. */
    private enum Scope {
        ALL,
        OWN,
        GEOMETRY,
        FILES,
        SPLIT,
        TRAINING
    }

    /**
     * A component as text.
     *
     * @param name the component's
     * @param read sets it
     * @param write its value, {@code null} if it is not given
     */
    private record Option(
            String name, Scope scope, BiConsumer<Builder, String> read, Function<DataSource, @Nullable Object> write) {
        String key() {
            return name.replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT);
        }
    }

    private static final List<Option> OPTIONS = List.of(
            new Option("data", Scope.ALL, Builder::data, DataSource::data),
            new Option(
                    "samplingRate",
                    Scope.OWN,
                    (to, text) -> to.samplingRate(number("samplingRate", text, Double::valueOf)),
                    DataSource::samplingRate),
            new Option(
                    "spacing",
                    Scope.FILES,
                    (to, text) -> to.spacing = numbers("spacing", text, Double::valueOf),
                    source -> joined(source.spacing)),
            new Option(
                    "geometry",
                    Scope.GEOMETRY,
                    (to, text) -> to.geometry(Coded.parse(GridPolicy.class, "geometry", text)),
                    source -> source.geometry == GridPolicy.RESAMPLE ? null : source.geometry.code()),
            new Option("targets", Scope.FILES, Builder::targets, DataSource::targets),
            new Option("inputPath", Scope.FILES, Builder::inputPath, DataSource::inputPath),
            new Option("targetPath", Scope.FILES, Builder::targetPath, DataSource::targetPath),
            new Option(
                    "task",
                    Scope.FILES,
                    (to, text) -> to.task(Task.parse(text)),
                    source -> source.task == null ? null : source.task.code()),
            new Option(
                    "dimensions",
                    Scope.FILES,
                    (to, text) -> to.dimensions(number("dimensions", text, Integer::valueOf)),
                    DataSource::dimensions),
            new Option(
                    "patch",
                    Scope.TRAINING,
                    (to, text) -> to.patch = numbers("patch", text, Long::valueOf),
                    source -> joined(source.patch)),
            new Option(
                    "normalize",
                    Scope.TRAINING,
                    (to, text) -> to.normalize(Coded.parse(Normalization.By.class, "normalize", text)),
                    source -> source.normalize == null ? null : source.normalize.code()),
            new Option(
                    "augment",
                    Scope.TRAINING,
                    (to, text) -> to.augment(Augmentation.parse(List.of(text.split("\\s*,\\s*")))),
                    source -> joined(source.augment.codes())),
            new Option(
                    "split",
                    Scope.SPLIT,
                    (to, text) -> to.split = numbers("split", text, Double::valueOf),
                    source -> joined(source.split)),
            new Option(
                    "splitSeed",
                    Scope.SPLIT,
                    (to, text) -> to.splitSeed(number("splitSeed", text, Long::valueOf)),
                    DataSource::splitSeed),
            new Option(
                    "strict",
                    Scope.FILES,
                    (to, text) -> to.strict(Boolean.parseBoolean(text)),
                    source -> source.strict ? true : null),
            new Option(
                    "cache",
                    Scope.FILES,
                    (to, text) -> to.cache(number("cache", text, Integer::valueOf)),
                    DataSource::cache),
            new Option(
                    "channels",
                    Scope.TRAINING,
                    (to, text) -> to.channels(Coded.parse(Channels.class, "channels", text)),
                    source -> source.channels == null ? null : source.channels.code()),
            new Option("classes", Scope.FILES, Builder::classes, DataSource::classes),
            new Option(
                    "supervision",
                    Scope.ALL,
                    (to, text) -> to.supervision(Coded.parse(Supervision.class, "supervision", text)),
                    source -> source.supervision == Supervision.CLEAN ? null : source.supervision.code()),
            new Option(
                    "labels",
                    Scope.TRAINING,
                    (to, text) -> to.labels = Arrays.stream(text.split(",", -1))
                            .map(String::strip)
                            .toList(),
                    source -> joined(source.labels)));

    /**
     * Checks ranges, and copies lists; whether a component applies to the data shows when these are read.
     *
     * @param data name or path
     * @param samplingRate positive and finite, in hertz, or {@code null}
     * @param spacing positive and finite, in millimetres, or empty
     * @param geometry what becomes of files on another grid
     * @param targets folder or {@code null}
     * @param inputPath dataset or {@code null}
     * @param targetPath dataset, columns or {@code null}
     * @param task what to answer, or {@code null}
     * @param dimensions 1 to 3, or {@code null}
     * @param patch sizes of at least 1, {@code dimensions} of them where both are given
     * @param normalize whose mean and deviation, or {@code null}
     * @param augment random changes, {@link Augmentation#NONE} for none
     * @param split nothing, or two parts, each above 0, together below 1
     * @param splitSeed any, or {@code null}
     * @param strict whether unreadable examples are refused
     * @param cache MiB, at least 1, or {@code null}
     * @param channels which ones, or {@code null}
     * @param classes rules, or {@code null}
     * @param supervision what is learned from; other than clean for denoising only
     * @param labels names without commas, none of them twice, or empty
     * @throws ArgumentException if one is out of range, naming it
     */
    public DataSource {
        Objects.requireNonNull(data, "data");
        patch = List.copyOf(patch);
        split = List.copyOf(split);
        spacing = List.copyOf(spacing);
        Grid.of(spacing, "");
        ArgumentException.require(
                samplingRate == null || samplingRate > 0 && Double.isFinite(samplingRate),
                "samplingRate",
                samplingRate,
                "give it in hertz, positive and finite, such as 360");
        ArgumentException.require(
                dimensions == null || dimensions >= 1 && dimensions <= MAX_DIMENSIONS,
                "dimensions",
                dimensions,
                "use 1, 2 or 3");
        ArgumentException.require(
                patch.stream().allMatch(size -> size >= 1), "patch", patch, "give sizes of at least 1");
        ArgumentException.require(
                patch.isEmpty() || dimensions == null || patch.size() == dimensions,
                "patch",
                patch,
                "give " + dimensions + " sizes, one for each axis of the network");
        ArgumentException.require(
                split.isEmpty() || split.size() == 2,
                "split",
                split,
                "give the two parts that validate and test, such as 0.15,0.15");
        if (!split.isEmpty()) {
            new DataSplit(split.get(0), split.get(1), 0);
        }
        ArgumentException.require(cache == null || cache >= 1, "cache", cache, "give MiB, such as 1024");
        if (classes != null) {
            classes = ClassMapping.parse(classes).toString();
        }
        ArgumentException.require(
                supervision == Supervision.CLEAN || task == null || task == Task.DENOISING,
                "supervision",
                supervision.code() + ", but the task is " + (task == null ? "" : task.code()),
                "leave it out: only noise can be taken out without clean targets");
        supervision.requireKeptApart(augment);
        labels = List.copyOf(labels);
        ArgumentException.require(
                labels.stream().distinct().count() == labels.size()
                        && labels.stream().noneMatch(name -> name.isBlank() || name.contains(",")),
                "labels",
                labels,
                "give each a name of its own, without commas");
    }

    /**
     * Begins a description of data that come along, or at a path.
     *
     * @param data name or path
     * @return the rest at its defaults
     */
    public static Builder builder(String data) {
        return new Builder().data(data);
    }

    /**
     * The description that such values give; {@link #toMap()} gives them back.
     *
     * @param values by the names of {@link #names()}, as texts, numbers, booleans or lists; others, and {@code null}, are
     *     passed over
     * @return the description
     * @throws ArgumentException if one cannot be understood
     */
    public static DataSource of(Map<String, ? extends @Nullable Object> values) {
        Builder builder = new Builder();
        for (Option option : OPTIONS) {
            Object value = values.get(option.key());
            if (value != null) {
                option.read.accept(builder, value instanceof Collection<?> list ? joined(list) : value.toString());
            }
        }
        return builder.build();
    }

    /** {@return the names under which {@link #of} looks for values} */
    public static Set<String> names() {
        return OPTIONS.stream().map(Option::key).collect(Collectors.toUnmodifiableSet());
    }

    /** {@return what is given, by name; several numbers or names as a text with commas between} */
    public Map<String, Object> toMap() {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Option option : OPTIONS) {
            Object value = option.write.apply(this);
            if (value != null) {
                values.put(option.key(), value);
            }
        }
        return values;
    }

    /** {@return {@link #toMap()} as a JSON object} */
    public String toJson() {
        try {
            return MAPPER.writeValueAsString(toMap());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers can be written", e);
        }
    }

    /**
     * Reads {@link #toJson()}, or a run's {@code config.json}: other keys are passed over.
     *
     * @param json a JSON object with the key {@code data}
     * @return the description
     * @throws ArgumentException if it is no JSON object, or a value cannot be understood
     */
    public static DataSource fromJson(String json) {
        try {
            return of(MAPPER.readValue(json, new TypeReference<Map<String, Object>>() {}));
        } catch (JsonProcessingException e) {
            throw new ArgumentException("source", e.getOriginalMessage(), "give a JSON object with the key data", e);
        }
    }

    /**
     * The same for other data.
     *
     * @param other name or path
     * @return a changed copy
     */
    public DataSource withData(String other) {
        return new Builder(this).data(other).build();
    }

    /**
     * The same for a network with that many axes.
     *
     * @param axes axes after that of the channels, 1 to 3
     * @return a changed copy; this one if the data come along or are a signal, which have theirs
     */
    public DataSource withDimensions(int axes) {
        return isFiles() ? new Builder(this).dimensions(axes).build() : this;
    }

    /**
     * The same in training samples of another size.
     *
     * @param size on each axis, at least 1
     * @return a changed copy
     */
    public DataSource withPatch(List<Long> size) {
        Builder builder = new Builder(this);
        builder.patch = List.copyOf(size);
        return builder.build();
    }

    /** {@return whether these are examples in files: a folder, an HDF5 file or a list; no signal, and nothing that comes along} */
    public boolean isFiles() {
        if (SHIPPED.containsKey(data.toLowerCase(Locale.ROOT))) {
            return false;
        }
        Path path = Path.of(data);
        return Files.exists(path)
                && (Files.isDirectory(path)
                        || DataListing.isList(path)
                        || !ArrayFiles.suffix(path).orElse("").startsWith(TABLE));
    }

    /**
     * Reads the data to train with. Everything in files is read once, to describe it; examples are read again when they are
     * wanted.
     *
     * @param notes takes what the user should know, such as the number of skipped examples
     * @return the data, in three parts
     * @throws ArgumentException if something is given that does not apply to these data
     * @throws DataException if the data are not there or cannot be used
     */
    public TrainingData load(Consumer<String> notes) {
        return load(notes, false);
    }

    /**
     * {@link #load} for those who look at the data to choose what is not given: examples of different sizes which have one
     * answer each are not refused, but cut to the size of the smallest on each axis, which is then to be given as {@code patch}.
     *
     * @param notes takes what the user should know, such as the number of skipped examples
     * @return the data, in three parts
     * @throws ArgumentException if something is given that does not apply to these data
     * @throws DataException if the data are not there or cannot be used
     */
    public TrainingData look(Consumer<String> notes) {
        return load(notes, true);
    }

    private TrainingData load(Consumer<String> notes, boolean cut) {
        if (!isFiles()) {
            refuse(Scope.GEOMETRY, ITS_GRID.formatted(data));
            return loadOther(Signal.ECG_RATE, notes);
        }
        return new FileData(this, null, dataSplit(), cut).load(notes);
    }

    /**
     * Reads the data to train in folds: every example is tested once, by a network that neither trained nor validated with it, nor
     * with what belongs to it ({@link DataSplit#folds}). A signal, and data that come along, are in folds of neighbours.
     *
     * @param count folds, 2 or more
     * @param notes takes what the user should know, such as the number of skipped examples
     * @return the data of each fold
     * @throws ArgumentException if something is given that does not apply, such as {@code split}, or there cannot be so many folds
     * @throws DataException if the data are not there or cannot be used
     */
    public DataFolds folds(int count, Consumer<String> notes) {
        DataSplit.requireFolds(count);
        ArgumentException.require(
                split.isEmpty(),
                "split",
                joined(split),
                "leave it out: a fold is tested on its part of the examples, and " + DataSplit.SHARE
                        + " of the others validate");
        if (isFiles()) {
            return new FileData(this, null, dataSplit(), false).folds(count, notes);
        }
        refuse(Scope.GEOMETRY, ITS_GRID.formatted(data));
        Shipped shipped = requireOther();
        return shipped == null
                ? Denoising.folds(signal(Signal.ECG_RATE, notes), supervision, count)
                : shipped.folds.apply(this, count);
    }

    /**
     * Reads the data to measure a trained network with: windows have the size that it was trained on, classes its names.
     *
     * @param model of the network
     * @param everything whether all examples are the test part; possible with files only
     * @param notes takes what the user should know, such as the number of skipped examples
     * @return the data, in three parts
     * @throws ArgumentException if something is given that does not apply, such as what is for training only
     * @throws DataException if the data are not there or cannot be used
     */
    public TrainingData load(ModelDescription model, boolean everything, Consumer<String> notes) {
        refuse(Scope.TRAINING, "leave it out: the network has its own");
        if (!isFiles()) {
            ArgumentException.require(
                    !everything, "part", "all", "use test or validation: networks have trained on the rest of " + data);
            return loadOther(Objects.requireNonNullElse(model.samplingRate(), Signal.ECG_RATE), notes);
        }
        if (everything) {
            refuse(Scope.SPLIT, "leave it out: all examples are one part");
        }
        return new FileData(
                        withDimensions(model.inputShape().size() - 1), model, everything ? null : dataSplit(), false)
                .load(notes);
    }

    /** @param usual samples a second of a signal, unless stated */
    private TrainingData loadOther(double usual, Consumer<String> notes) {
        Shipped shipped = requireOther();
        return shipped == null ? Denoising.of(signal(usual, notes), supervision) : shipped.parts.apply(this);
    }

    /** Data that come along; {@code null} where these are a signal. */
    private @Nullable Shipped requireOther() {
        requireThere();
        String own = "leave it out: " + data + " has its own targets, split and samples";
        List.of(Scope.FILES, Scope.SPLIT, Scope.TRAINING).forEach(scope -> refuse(scope, own));
        Shipped shipped = SHIPPED.get(data.toLowerCase(Locale.ROOT));
        if (shipped != null) {
            refuse(Scope.OWN, "leave it out: " + data + " has its own");
        }
        return shipped;
    }

    private Signal signal(double usual, Consumer<String> notes) {
        if (samplingRate == null) {
            notes.accept(
                    "data: " + data + " does not say its sampling rate, which is taken to be " + Grid.ofRate(usual));
        }
        if (supervision != Supervision.CLEAN) {
            notes.accept("data: " + data + " is taken to be clean, and noise is added; put a noisy signal into a folder"
                    + " with others, or list it, to train on it as it is");
        }
        return Signal.read(Path.of(data), Objects.requireNonNullElse(samplingRate, usual));
    }

    /** What a network is to answer, as far as it is said. */
    @Nullable
    Task wantedTask() {
        return supervision == Supervision.CLEAN ? task : Task.DENOISING;
    }

    /** Before anything is said about what does not suit data that are not there. */
    private void requireThere() {
        if (!SHIPPED.containsKey(data.toLowerCase(Locale.ROOT)) && !Files.exists(Path.of(data))) {
            throw new DataException("data: \"" + data + "\" is neither one of " + String.join(", ", SHIPPED.keySet())
                    + " nor a file or folder; check the path");
        }
    }

    private void refuse(Scope scope, String remedy) {
        for (Option option : OPTIONS) {
            Object value = option.scope == scope ? option.write.apply(this) : null;
            ArgumentException.require(value == null, option.name, value, remedy);
        }
    }

    DataSplit dataSplit() {
        return new DataSplit(
                split.isEmpty() ? DataSplit.SHARE : split.get(0),
                split.isEmpty() ? DataSplit.SHARE : split.get(1),
                Objects.requireNonNullElse(splitSeed, 0L));
    }

    ClassMapping mapping() {
        return classes == null ? ClassMapping.NONE : ClassMapping.parse(classes);
    }

    long cacheBytes() {
        return (long) Objects.requireNonNullElse(cache, CACHE) * MEBIBYTE;
    }

    private static @Nullable String joined(Collection<?> values) {
        return values.isEmpty() ? null : values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static <T> T number(String name, String text, Function<String, T> parse) {
        try {
            return parse.apply(text.strip());
        } catch (NumberFormatException e) {
            throw new ArgumentException(name, '"' + text + '"', "give a number", e);
        }
    }

    private static <T> List<T> numbers(String name, String text, Function<String, T> parse) {
        return Arrays.stream(text.split(",", -1))
                .map(part -> number(name, part, parse))
                .toList();
    }

    /** Collects what a description is made of; the defaults are those of the components. */
    public static final class Builder {
        private @Nullable String data;
        private @Nullable Double samplingRate;
        private List<Double> spacing = List.of();
        private GridPolicy geometry = GridPolicy.RESAMPLE;
        private @Nullable String targets;
        private @Nullable String inputPath;
        private @Nullable String targetPath;
        private @Nullable Task task;
        private @Nullable Integer dimensions;
        private List<Long> patch = List.of();
        private Normalization.@Nullable By normalize;
        private Augmentation augment = Augmentation.NONE;
        private List<Double> split = List.of();
        private @Nullable Long splitSeed;
        private boolean strict;
        private @Nullable Integer cache;
        private @Nullable Channels channels;
        private @Nullable String classes;
        private Supervision supervision = Supervision.CLEAN;
        private List<String> labels = List.of();

        private Builder() {}

        private Builder(DataSource source) {
            data = source.data;
            samplingRate = source.samplingRate;
            spacing = source.spacing;
            geometry = source.geometry;
            targets = source.targets;
            inputPath = source.inputPath;
            targetPath = source.targetPath;
            task = source.task;
            dimensions = source.dimensions;
            patch = source.patch;
            normalize = source.normalize;
            augment = source.augment;
            split = source.split;
            splitSeed = source.splitSeed;
            strict = source.strict;
            cache = source.cache;
            channels = source.channels;
            classes = source.classes;
            supervision = source.supervision;
            labels = source.labels;
        }

        private Builder data(String nameOrPath) {
            this.data = nameOrPath;
            return this;
        }

        /**
         * Samples a second to train on, and of files that do not say theirs, in hertz. Default: the files' median, 360 of a
         * signal.
         *
         * @param hertz positive and finite
         * @return this
         */
        public Builder samplingRate(double hertz) {
            this.samplingRate = hertz;
            return this;
        }

        /**
         * Distance of elements to train on, and of files that do not say theirs. Default: the files' median on each axis.
         *
         * @param millimetres positive and finite; one for all axes, or one for each
         * @return this
         */
        public Builder spacing(double... millimetres) {
            this.spacing = Arrays.stream(millimetres).boxed().toList();
            return this;
        }

        /**
         * What becomes of files on another grid. Default: they are brought to that of the network.
         *
         * @param policy what becomes of them
         * @return this
         */
        public Builder geometry(GridPolicy policy) {
            this.geometry = policy;
            return this;
        }

        /**
         * Folder of targets for a folder of inputs.
         *
         * @param folder path; {@code null} if the data have them
         * @return this
         */
        public Builder targets(@Nullable String folder) {
            this.targets = folder;
            return this;
        }

        /**
         * Dataset of inputs in an HDF5 file.
         *
         * @param dataset its path in the file; {@code null} for one of a usual name
         * @return this
         */
        public Builder inputPath(@Nullable String dataset) {
            this.inputPath = dataset;
            return this;
        }

        /**
         * Dataset of targets in an HDF5 file, or columns of numbers in a list.
         *
         * @param dataset its path in the file, {@code null} for one of a usual name; or names of columns with commas between
         * @return this
         */
        public Builder targetPath(@Nullable String dataset) {
            this.targetPath = dataset;
            return this;
        }

        /**
         * What a network is to answer.
         *
         * @param answer the task; {@code null} to tell it from the targets
         * @return this
         */
        public Builder task(@Nullable Task answer) {
            this.task = answer;
            return this;
        }

        /**
         * Axes of the inputs after that of the channels. Default: told from the patch or the files.
         *
         * @param axes 1 to 3
         * @return this
         */
        public Builder dimensions(int axes) {
            this.dimensions = axes;
            return this;
        }

        /**
         * Size of a training sample on each axis, in elements.
         *
         * @param size at least 1 each; none for that of the examples
         * @return this
         */
        public Builder patch(long... size) {
            this.patch = Arrays.stream(size).boxed().toList();
            return this;
        }

        /**
         * Whose mean and deviation are taken out.
         *
         * @param by {@code null} for the sample's own, each channel's, where noise is taken out of signals, for the training
         *     part's otherwise
         * @return this
         */
        public Builder normalize(Normalization.@Nullable By by) {
            this.normalize = by;
            return this;
        }

        /**
         * Random changes of training samples. Default: none.
         *
         * @param changes the kinds of change
         * @return this
         */
        public Builder augment(Augmentation changes) {
            this.augment = changes;
            return this;
        }

        /**
         * Parts of the examples that validate and test, each above 0, together below 1. Default: 0.15 each.
         *
         * @param validation share that validates
         * @param test share that is tested on
         * @return this
         */
        public Builder split(double validation, double test) {
            this.split = List.of(validation, test);
            return this;
        }

        /**
         * Seed of which example goes where. Default: 0.
         *
         * @param seed any
         * @return this
         */
        public Builder splitSeed(long seed) {
            this.splitSeed = seed;
            return this;
        }

        /**
         * Whether an example that cannot be read is refused. Default: it is left out.
         *
         * @param refuse whether it is
         * @return this
         */
        public Builder strict(boolean refuse) {
            this.strict = refuse;
            return this;
        }

        /**
         * Examples kept in memory, at most, in MiB. Default: 1024.
         *
         * @param mebibytes at least 1
         * @return this
         */
        public Builder cache(int mebibytes) {
            this.cache = mebibytes;
            return this;
        }

        /**
         * Which channels pictures have as inputs, and as targets of values. Default: those of their colours, without opacity.
         *
         * @param which ones; {@code null} for the default
         * @return this
         */
        public Builder channels(@Nullable Channels which) {
            this.channels = which;
            return this;
        }

        /**
         * Which classes the values of targets stand for, such as {@code 0:0,255:1}. Default: each has its own.
         *
         * @param rules as {@link ClassMapping#parse} reads them; {@code null} for the default
         * @return this
         */
        public Builder classes(@Nullable String rules) {
            this.classes = rules;
            return this;
        }

        /**
         * What a network that takes out noise learns from. Default: clean targets.
         *
         * @param from what it learns from
         * @return this
         */
        public Builder supervision(Supervision from) {
            this.supervision = from;
            return this;
        }

        /**
         * Names of labels that may apply at once. Default: those that the data have, else their places from 0.
         *
         * @param names in the order of the targets' channels or numbers
         * @return this
         */
        public Builder labels(String... names) {
            this.labels = List.of(names);
            return this;
        }

        /**
         * The description.
         *
         * @return what was collected
         * @throws ArgumentException if something is out of range
         */
        public DataSource build() {
            ArgumentException.require(data != null, "data", "none", "give a name or a path");
            return new DataSource(
                    data,
                    samplingRate,
                    spacing,
                    geometry,
                    targets,
                    inputPath,
                    targetPath,
                    task,
                    dimensions,
                    patch,
                    normalize,
                    augment,
                    split,
                    splitSeed,
                    strict,
                    cache,
                    channels,
                    classes,
                    supervision,
                    labels);
        }
    }
}
