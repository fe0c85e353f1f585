package io.mdnc4j.zoo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/** Reads and writes DL4J model files, the zips of {@link ModelSerializer}. */
public final class ModelFiles {
    /**
     * The entries that are read as JSON or as numbers. DL4J deserialises Java objects from others ({@code
     * preprocessor.bin}), so that a file from a stranger could run code; deeplearning4j issue 10428.
     */
    private static final Set<String> SAFE =
            Set.of("configuration.json", "coefficients.bin", "updaterState.bin", "noParams.marker");

    private ModelFiles() {}

    /**
     * Reads a network with its updater state.
     *
     * @throws IOException if the file cannot be read, is no model file, or has an entry that would need Java deserialisation
     */
    public static ComputationGraph read(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (var entry : java.util.Collections.list(zip.entries())) {
                if (!SAFE.contains(entry.getName())) {
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

    /** Writes a network with its updater state; an earlier file stays whole until the new one is. */
    public static void write(ComputationGraph network, Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(folder, file.getFileName().toString(), ".tmp");
        try {
            ModelSerializer.writeModel(network, temporary.toFile(), true);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
