package io.mdnc4j.training.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.fit.CheckpointStore;
import io.mdnc4j.training.fit.TrainingState;
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
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The folder of a run. Every file in it is written atomically, so that a killed process leaves whole ones:
 *
 * <ul>
 *   <li>{@code config.json}: options, seed, SHA-256 of the data, versions; repeats the run
 *   <li>{@code history.csv}: an epoch a row: epoch, step, seconds, training and validation loss, learning rate
 *   <li>{@code model.zip}: the network with the lowest validation loss and its {@link ModelDescription}
 *   <li>{@code checkpoint.zip}: the last state, from which a run is resumed
 *   <li>{@code metrics.json}, {@code report.html}, {@code loss.png}, {@code samples.png}, {@code confusion.png}: the results
 *   <li>{@code diverged-features.npy}, {@code diverged-labels.npy}: batches whose loss was no number
 * </ul>
 */
public final class RunFolder implements CheckpointStore {
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
    static final String SAMPLES_PLOT = "samples.png";

    /** The state of the training, as a note in the checkpoint. */
    private static final String STATE = "training";

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path path;
    private @Nullable ModelDescription description;
    private Consumer<Path> copier = file -> {};

    private RunFolder(Path path) {
        this.path = path;
    }

    /**
     * A new folder, with those above it; one in which a process was killed before it had written anything will do.
     *
     * @param output folder of all runs
     * @param name name of the run, no path
     * @return the folder
     * @throws ArgumentException if it has files already, or cannot be written
     */
    public static RunFolder create(Path output, String name) {
        boolean folder = !name.isBlank() && !name.matches("\\.+") && name.equals(name.replaceAll("[/\\\\:\\x00]", ""));
        ArgumentException.require(
                folder, "name", "\"" + name + "\" is not the name of a folder", "use letters, digits, - and _");
        Path path = output.resolve(name);
        ArgumentException.require(
                !Files.isDirectory(path) || isEmpty(path),
                "name",
                name + ": the folder " + path + " has files already",
                "choose another name, or resume the run in that folder");
        return new RunFolder(path).requireWritable().removeTemporary();
    }

    /**
     * The folder of a run to continue.
     *
     * @param resume folder of a run that was interrupted or finished
     * @return the folder
     * @throws ArgumentException if it is none, or cannot be written
     */
    public static RunFolder existing(Path resume) {
        ArgumentException.require(
                Files.isRegularFile(resume.resolve(CONFIG)) || Files.isRegularFile(resume.resolve(CHECKPOINT)),
                "resume",
                resume + " has no " + CHECKPOINT,
                "give the folder of a run that was interrupted or finished");
        return new RunFolder(resume).requireWritable().removeTemporary();
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.allMatch(AtomicFile::isTemporary);
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    private RunFolder requireWritable() {
        try {
            Files.createDirectories(path);
            Files.delete(Files.createTempFile(path, ".writable", ".tmp"));
            return this;
        } catch (IOException e) {
            throw unwritable(path, e);
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

    /** Takes back a folder that nothing was written to. */
    void removeIfEmpty() {
        checked("", () -> {
            if (isEmpty(path)) {
                removeTemporary();
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

    /** What is noted in the best network's file. */
    void describe(ModelDescription model) {
        description = model;
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
    public void saveLatest(ComputationGraph graph, TrainingState state) {
        checked(
                CHECKPOINT,
                () -> ModelFiles.write(graph, file(CHECKPOINT), Map.of(STATE, MAPPER.writeValueAsString(state))));
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

    /** The state at the last checkpoint. */
    TrainingState latestState() {
        return read(() -> MAPPER.readValue(ModelFiles.readNote(file(CHECKPOINT), STATE), TrainingState.class));
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
                ImageIO.write(picture, "png", out);
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
                    file(name) + ": cannot be written (" + e.getMessage() + "); make room, then resume the run in "
                            + path,
                    e);
        }
    }
}
