package io.mdnc4j.zoo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/** Reads and writes DL4J model files, the zips of {@link ModelSerializer}; they may hold notes in JSON besides. */
public final class ModelFiles {
    private static final String JSON = ".json";

    /**
     * The entries that are read as numbers or text. DL4J deserialises Java objects from others ({@code preprocessor.bin}),
     * so that a file from a stranger could run code; deeplearning4j issue 10428.
     */
    private static final Set<String> SAFE = Set.of(
            ModelSerializer.CONFIGURATION_JSON,
            ModelSerializer.COEFFICIENTS_BIN,
            ModelSerializer.UPDATER_BIN,
            ModelSerializer.NO_PARAMS_MARKER);

    private ModelFiles() {}

    /**
     * Reads a network with its updater state.
     *
     * @throws IOException if the file cannot be read, is no model file, or has an entry that would need Java deserialisation
     */
    public static ComputationGraph read(Path file) throws IOException {
        try (ZipFile zip = open(file)) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!SAFE.contains(entry.getName()) && !entry.getName().endsWith(JSON)) {
                    throw new IOException(file + ": entry \"" + entry.getName()
                            + "\" is not read, since it may hold Java objects; save the model without it");
                }
            }
        }
        try {
            return ModelSerializer.restoreComputationGraph(file.toFile(), true);
        } catch (RuntimeException e) {
            throw new IOException(file + ": not a model file: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a note.
     *
     * @param name its name, without {@code .json}
     * @throws IOException if the file cannot be read or has no such note
     */
    public static String readNote(Path file, String name) throws IOException {
        try (ZipFile zip = open(file)) {
            ZipEntry entry = zip.getEntry(name + JSON);
            if (entry == null) {
                throw new IOException(file + ": has no entry \"" + name + JSON + "\"");
            }
            return new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static ZipFile open(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw new IOException(file + ": no such file", e);
        } catch (IOException e) {
            throw new IOException(file + ": not a zip file: " + e.getMessage(), e);
        }
    }

    /** Writes a network with its updater state, atomically. */
    public static void write(ComputationGraph network, Path file) throws IOException {
        write(network, file, Map.of());
    }

    /**
     * Writes a network with its updater state and notes, atomically.
     *
     * @param notes JSON texts by name, without {@code .json}
     */
    public static void write(ComputationGraph network, Path file, Map<String, String> notes) throws IOException {
        AtomicFile.write(file.toAbsolutePath(), temporary -> {
            ModelSerializer.writeModel(network, temporary.toFile(), true);
            if (!notes.isEmpty()) {
                try (FileSystem zip = FileSystems.newFileSystem(temporary, Map.of(), null)) {
                    for (Map.Entry<String, String> note : notes.entrySet()) {
                        Files.writeString(zip.getPath(note.getKey() + JSON), note.getValue());
                    }
                }
            }
        });
    }
}
