package io.mdnc4j.zoo.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files that are read come to an end: no pipes, which may wait for ever, no devices, no folders. */
public final class RegularFile {
    private RegularFile() {}

    /**
     * Requires a regular file, or a link to one.
     *
     * @param file what is to be read
     * @throws NoSuchFileException if there is nothing of that name
     * @throws IOException if there is something else
     */
    public static void require(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(Files.isDirectory(file) ? "is a folder" : "is a pipe or device, not a regular file");
        }
    }
}
