package io.mdnc4j.training.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.training.fit.TrainingState;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/** Networks in DL4J's zip format; a checkpoint has one entry more, the state of the training. */
public final class ModelFile {
    private static final String STATE = "training.json";

    /** What a network file may hold: DL4J would deserialise Java objects from other entries, which can run code. */
    private static final Set<String> KNOWN = Set.of(
            ModelSerializer.CONFIGURATION_JSON,
            ModelSerializer.COEFFICIENTS_BIN,
            ModelSerializer.UPDATER_BIN,
            ModelSerializer.NO_PARAMS_MARKER,
            STATE);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ModelFile() {}

    /** Writes a network with its updater, atomically. */
    static void write(Path file, ComputationGraph graph) throws IOException {
        AtomicFile.write(file, temporary -> ModelSerializer.writeModel(graph, temporary.toFile(), true));
    }

    /** Writes a network with its updater and the state of its training, atomically. */
    static void write(Path file, ComputationGraph graph, TrainingState state) throws IOException {
        AtomicFile.write(file, temporary -> {
            ModelSerializer.writeModel(graph, temporary.toFile(), true);
            try (FileSystem zip = FileSystems.newFileSystem(temporary)) {
                Files.writeString(zip.getPath(STATE), MAPPER.writeValueAsString(state));
            }
        });
    }

    /**
     * Reads a network with its updater.
     *
     * @throws IllegalArgumentException if the file cannot be read, or holds serialised Java objects
     */
    public static ComputationGraph read(Path file) {
        try {
            refuseUnknownEntries(file);
            return ModelSerializer.restoreComputationGraph(file.toFile(), true);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Reads the state of a training from a checkpoint.
     *
     * @throws IllegalArgumentException if the file cannot be read, or is no checkpoint
     */
    static TrainingState readState(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(STATE);
            if (entry == null) {
                throw new IllegalArgumentException(
                        file + ": is a network but no checkpoint; continue from a folder with a checkpoint.zip");
            }
            return MAPPER.readValue(zip.getInputStream(entry), TrainingState.class);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static void refuseUnknownEntries(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<String> unknown = zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> !KNOWN.contains(name))
                    .toList();
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException(file + ": holds " + String.join(", ", unknown)
                        + ", which could run code when read; save the network again without a normalizer");
            }
        }
    }

    private static IllegalArgumentException unreadable(Path file, IOException e) {
        String reason = e instanceof NoSuchFileException ? "no such file" : e.getMessage();
        return new IllegalArgumentException(file + ": cannot be read (" + reason + "); check the path", e);
    }
}
