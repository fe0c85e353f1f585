package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Folders with the models of several trainings. */
final class ModelFolder {
    private static final String MODEL = "model.zip";

    private ModelFolder() {}

    /**
     * The model files of a folder: {@code model.zip} in it, else those in its folders, else all files {@code .zip} in it.
     *
     * @return at least one, in the order of their names
     * @throws ArgumentException if there is none
     * @throws IOException if the folder cannot be read
     */
    static List<Path> models(Path folder) throws IOException {
        if (Files.isRegularFile(folder.resolve(MODEL))) {
            return List.of(folder.resolve(MODEL));
        }
        List<Path> entries;
        try (Stream<Path> all = Files.list(folder)) {
            entries = all.sorted().toList();
        }
        List<Path> models = entries.stream()
                .map(entry -> entry.resolve(MODEL))
                .filter(Files::isRegularFile)
                .toList();
        if (models.isEmpty()) {
            models = entries.stream()
                    .filter(entry ->
                            Files.isRegularFile(entry) && entry.toString().endsWith(".zip"))
                    .toList();
        }
        ArgumentException.require(
                !models.isEmpty(),
                "model",
                folder + " has no " + MODEL + ", neither has a folder in it",
                "give a model file, or a folder of runs of train");
        return models;
    }
}
