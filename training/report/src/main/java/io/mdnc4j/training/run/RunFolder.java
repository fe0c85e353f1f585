package io.mdnc4j.training.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.fit.CheckpointStore;
import io.mdnc4j.training.fit.TrainingState;
import io.mdnc4j.training.plots.Png;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The folder of a run, which belongs to one writer at a time until that closes it or its process ends. Every file in it is
 * written atomically and forced to the disk, so that a killed process leaves whole ones, and so does a loss of power:
 *
 * <ul>
 *   <li>{@code config.json}: options, seed, SHA-256 of the data, versions; repeats the run
 *   <li>{@code history.csv}: an epoch a row: epoch, step, seconds, training and validation loss, learning rate
 *   <li>{@code model.zip}: the network with the lowest validation loss and its {@link ModelDescription}
 *   <li>{@code checkpoint.zip}: the last state, from which a run is resumed
 *   <li>{@code metrics.json}, {@code report.html}, {@code loss.png}, {@code samples.png}, {@code confusion.png}: the results
 *   <li>{@code .lock}: names the process that writes, or was the last to
 *   <li>{@code diverged-features.npy}, {@code diverged-labels.npy}: batches whose loss was no number
 *   <li>{@code fold-1} ...: of a run in folds a folder for each, with its {@code checkpoint.zip}, {@code model.zip},
 *       {@code history.csv} and, once it is trained, {@code fold.json}
 * </ul>
 */
public final class RunFolder implements CheckpointStore, AutoCloseable {
    /** Options, seed and versions. */
    public static final String CONFIG = "config.json";

    static final String HISTORY = "history.csv";
    static final String REPORT = "report.html";
    static final String METRICS = "metrics.json";
    static final String MODEL = "model.zip";
    /** The last state of the training. */
    public static final String CHECKPOINT = "checkpoint.zip";

    static final String DIVERGED_FEATURES = "diverged-features.npy";
    static final String DIVERGED_LABELS = "diverged-labels.npy";
    static final String LOSS_PLOT = "loss.png";
    static final String CONFUSION_PLOT = "confusion.png";
    static final String SCATTER_PLOT = "prediction.png";
    static final String SAMPLES_PLOT = "samples.png";

    /** The state of the training, as a note in the checkpoint. */
    private static final String STATE = "training";

    /** The moving average of the parameters, where the training keeps one. */
    private static final String AVERAGE = "average";

    /** Beside it, in the same note: what cannot change when the run goes on. */
    private static final String FIXED = "fixed";

    /** There, too: the ways in which convolutions are computed, where they are not the rules'. */
    private static final String KERNELS = "kernels";

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path path;
    private final FolderLock lock;

    /** The folder of the whole run, of which this is a part; {@code null} if this is all. */
    private final @Nullable RunFolder outer;

    /** Sorted, so that equal runs are equal files. */
    private SortedMap<String, Object> fixed = new TreeMap<>();

    private Map<String, String> kernels = Map.of();
    private @Nullable ModelDescription description;
    private Consumer<Path> copier = file -> {};

    private RunFolder(Path path, FolderLock lock, @Nullable RunFolder outer) {
        this.path = path;
        this.lock = lock;
        this.outer = outer;
    }

    /**
     * A folder within, for a part of the run such as a fold: written to by the same writer, and closed with this one.
     *
     * @param name of the folder, without those above it
     */
    RunFolder inner(String name) {
        try {
            AtomicFile.createFolders(file(name));
        } catch (IOException e) {
            throw unwritable(file(name), e);
        }
        RunFolder inner = new RunFolder(file(name), lock, this).removeTemporary();
        inner.fixed = fixed;
        inner.copier = copier;
        return inner;
    }

    /**
     * A new folder, with those above it; one in which a process was killed before it had written anything will do.
     *
     * @param output folder of all runs
     * @param name name of the run, no path
     * @return the folder, which no other run can write to until it is closed
     * @throws ArgumentException if it has files already, belongs to another run or cannot be written
     */
    public static RunFolder create(Path output, String name) {
        boolean folder = !name.isBlank() && !name.matches("\\.+") && name.equals(name.replaceAll("[/\\\\:\\x00]", ""));
        ArgumentException.require(
                folder, "name", "\"" + name + "\" is not the name of a folder", "use letters, digits, - and _");
        Path path = output.resolve(name);
        requireEmpty(path, name);
        RunFolder created = own(path, "name");
        try {
            // once more: another run may have come and gone
            requireEmpty(path, name);
            return created.removeTemporary();
        } catch (RuntimeException e) {
            created.close();
            throw e;
        }
    }

    private static void requireEmpty(Path path, String name) {
        ArgumentException.require(
                !Files.isDirectory(path) || isEmpty(path),
                "name",
                name + ": the folder " + path + " has files already",
                "choose another name, or resume the run in that folder");
    }

    /**
     * The folder of a run to continue.
     *
     * @param resume folder of a run that was interrupted or finished
     * @return the folder, which no other run can write to until it is closed
     * @throws ArgumentException if it is none, belongs to a run that goes on or cannot be written
     */
    public static RunFolder existing(Path resume) {
        requireRun(resume);
        return own(resume, "resume").removeTemporary();
    }

    /**
     * The options of a run, whoever writes to its folder.
     *
     * @param resume folder of a run
     * @return path of its {@value #CONFIG}
     * @throws ArgumentException if it is no folder of a run
     */
    public static Path config(Path resume) {
        requireRun(resume);
        return resume.resolve(CONFIG);
    }

    private static void requireRun(Path resume) {
        Path above = resume.toAbsolutePath().normalize().getParent();
        ArgumentException.require(
                Files.isRegularFile(resume.resolve(CONFIG))
                        || above == null
                        || !resume.getFileName().toString().startsWith("fold-")
                        || !Files.isRegularFile(above.resolve(CONFIG)),
                "resume",
                resume + " is one fold of a run",
                "give " + resume.resolveSibling("").normalize() + ", the folder of all");
        ArgumentException.require(
                Files.isRegularFile(resume.resolve(CONFIG)) || Files.isRegularFile(resume.resolve(CHECKPOINT)),
                "resume",
                resume + " has no " + CHECKPOINT,
                "give the folder of a run that was interrupted or finished");
    }

    /** @param argument what the folder was chosen by */
    private static RunFolder own(Path path, String argument) {
        try {
            AtomicFile.createFolders(path);
            return new RunFolder(path, FolderLock.of(path), null);
        } catch (FolderLock.HeldException e) {
            throw new ArgumentException(
                    argument,
                    path + " is being written to, " + e.getMessage(),
                    "wait for the end of that run, or choose another folder",
                    e);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /** Gives the folder free for other runs. */
    @Override
    public void close() {
        if (outer == null) {
            lock.close();
        }
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.allMatch(file -> AtomicFile.isTemporary(file) || file.endsWith(FolderLock.FILE));
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    /** Removes what a killed process was writing. */
    private RunFolder removeTemporary() {
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.filter(AtomicFile::isTemporary).toList()) {
                Files.deleteIfExists(file);
            }
            return this;
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static ArgumentException unwritable(Path path, IOException e) {
        return new ArgumentException(
                "output",
                path + " cannot be written (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")",
                "choose another folder",
                e);
    }

    /** Takes back a folder that nothing was written to, and gives it free. */
    void removeIfEmpty() {
        checked("", () -> {
            if (isEmpty(path) && outer == null) {
                removeTemporary();
                close();
                Files.delete(file(FolderLock.FILE));
                Files.delete(path);
            }
        });
    }

    /**
     * Called with each file that was written, for keeping copies elsewhere.
     *
     * @param elsewhere takes the file, which is whole
     */
    public void copyTo(Consumer<Path> elsewhere) {
        this.copier = elsewhere;
    }

    /**
     * What must not change when the run goes on: each checkpoint notes it, and {@link #requireFixed} compares it.
     *
     * @param settings by name; they are written as JSON
     */
    public void fix(Map<String, ?> settings) {
        fixed = new TreeMap<>(settings);
    }

    /**
     * Compares what must not change with what the last checkpoint notes. A file of options that was edited by hand would
     * otherwise say what the network is not.
     *
     * @throws ArgumentException naming the first that is another
     * @throws DataException if the checkpoint cannot be read
     */
    void requireFixed() {
        JsonNode before = note().path(FIXED);
        if (before.isEmpty() || fixed.isEmpty()) {
            return; // of a program that fixes nothing
        }
        JsonNode now = read(() -> MAPPER.readTree(MAPPER.writeValueAsString(fixed)));
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        now.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            ArgumentException.require(
                    shown(now.path(name)).equalsIgnoreCase(shown(before.path(name))),
                    name.replace('_', '-'),
                    shown(now.path(name)) + " in " + file(CONFIG) + ", but its checkpoint was trained with "
                            + shown(before.path(name)),
                    "put that back, or start a new run");
        }
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode()) {
            return "none";
        }
        return value.isValueNode() ? value.asText() : value.toString();
    }

    /** Which ways of convolutions each checkpoint notes. */
    void keepKernels(Map<String, String> choices) {
        kernels = Map.copyOf(choices);
    }

    /** Those that the last checkpoint notes; none without one. */
    Map<String, String> latestKernels() {
        if (!has(CHECKPOINT)) {
            return Map.of();
        }
        JsonNode choices = note().path(KERNELS);
        Map<String, String> latest = new TreeMap<>();
        choices.properties()
                .forEach(entry -> latest.put(entry.getKey(), entry.getValue().asText()));
        return latest;
    }

    /** What is noted in the best network's file. */
    void describe(ModelDescription model) {
        description = model;
    }

    /** Whether the best network's file notes {@link #describe}, and not another thing. */
    boolean isDescribed() {
        return read(() -> ModelFiles.description(file(MODEL))).equals(Optional.ofNullable(description));
    }

    /**
     * Where it is.
     *
     * @return its path
     */
    public Path path() {
        return path;
    }

    /**
     * The path of a file in it.
     *
     * @param name of the file, without folders
     * @return its path, whether it is there or not
     */
    public Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public void saveLatest(ComputationGraph graph, TrainingState state, @Nullable INDArray average) {
        ObjectNode note = MAPPER.valueToTree(state);
        note.set(FIXED, MAPPER.valueToTree(fixed));
        if (!kernels.isEmpty()) {
            note.set(KERNELS, MAPPER.valueToTree(new TreeMap<>(kernels)));
        }
        checked(
                CHECKPOINT,
                () -> ModelFiles.write(
                        graph,
                        file(CHECKPOINT),
                        Map.of(STATE, MAPPER.writeValueAsString(note)),
                        average == null ? Map.of() : Map.of(AVERAGE, average)));
    }

    @Override
    public void saveBest(ComputationGraph graph) {
        checked(
                MODEL,
                () -> ModelFiles.write(
                        graph,
                        file(MODEL),
                        description == null ? Map.of() : Map.of(ModelDescription.NOTE, description.toJson())));
    }

    /** {@inheritDoc} In {@code diverged-features.npy} and {@code diverged-labels.npy}. */
    @Override
    public String saveDiverged(List<DataSet> batches) {
        DataSet all = DataSet.merge(batches);
        write(DIVERGED_FEATURES, file -> Nd4j.writeAsNumpy(all.getFeatures(), file.toFile()));
        write(DIVERGED_LABELS, file -> Nd4j.writeAsNumpy(all.getLabels(), file.toFile()));
        return file(DIVERGED_FEATURES) + " and " + DIVERGED_LABELS;
    }

    /** The network of the last checkpoint, with its updater. */
    ComputationGraph latest() {
        return read(() -> ModelFiles.read(file(CHECKPOINT)));
    }

    /** The moving average of the last checkpoint's parameters; {@code null} if its training kept none. */
    @Nullable
    INDArray latestAverage(ComputationGraph latest) {
        return read(() -> ModelFiles.parameters(file(CHECKPOINT), AVERAGE, latest))
                .orElse(null);
    }

    /** The state at the last checkpoint. */
    TrainingState latestState() {
        ObjectNode note = note();
        note.remove(FIXED);
        note.remove(KERNELS);
        return read(() -> parsed(() -> MAPPER.treeToValue(note, TrainingState.class)));
    }

    private ObjectNode note() {
        return read(() -> {
            String note = ModelFiles.readNote(file(CHECKPOINT), STATE);
            return parsed(() -> MAPPER.readValue(note, ObjectNode.class));
        });
    }

    /** What the note in the checkpoint says. */
    private <T> T parsed(Reading<T> reading) throws IOException {
        try {
            return Objects.requireNonNull(reading.read(), "null");
        } catch (JsonProcessingException | NullPointerException | IllegalArgumentException e) {
            String problem = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            throw new IOException(file(CHECKPOINT) + ": its " + STATE + ".json is not valid: " + problem, e);
        }
    }

    /** The best network so far, {@code null} before the first validation. */
    @Nullable
    ComputationGraph best() {
        return Files.exists(file(MODEL)) ? read(() -> ModelFiles.read(file(MODEL))) : null;
    }

    /**
     * Writes a JSON object.
     *
     * @param name of the file
     * @param values by key
     */
    public void writeJson(String name, Map<String, ?> values) {
        write(name, temporary -> MAPPER.writeValue(temporary.toFile(), values));
    }

    /**
     * Reads a JSON object.
     *
     * @param name of the file
     * @return the object
     * @throws DataException if it is not there, or no JSON object
     */
    public JsonNode readJson(String name) {
        try {
            return MAPPER.readTree(file(name).toFile());
        } catch (IOException e) {
            throw new DataException(file(name) + ": cannot be read; restore it or start a new run", e);
        }
    }

    /** Writes a picture in PNG. */
    void writePicture(String name, BufferedImage picture) {
        write(name, file -> {
            try (OutputStream out = Files.newOutputStream(file)) {
                Png.write(picture, out);
            }
        });
    }

    /** Whether a file is there. */
    boolean has(String name) {
        return Files.isRegularFile(file(name));
    }

    /** Writes a file. */
    void write(String name, AtomicFile.Content content) {
        checked(name, () -> AtomicFile.write(file(name), content));
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /** What a file of an earlier run holds. */
    private static <T> T read(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new DataException(e.getMessage() + "; restore it or start a new run", e);
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void checked(String name, Writing writing) {
        try {
            writing.run();
            Path written = file(name);
            if (Files.isRegularFile(written)) {
                copier.accept(written);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file(name) + ": cannot be written (" + e.getMessage() + "); "
                            + AtomicFile.remedy(file(name), e)
                            + ", then resume the run in " + (outer == null ? path : outer.path),
                    e);
        }
    }
}
