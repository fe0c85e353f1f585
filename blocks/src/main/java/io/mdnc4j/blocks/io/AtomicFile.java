package io.mdnc4j.blocks.io;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Files that are there whole or not at all. */
public final class AtomicFile {
    private static final String SUFFIX = ".tmp";

    /** Writes the contents of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path file) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes a temporary file in the same folder, then renames it; on failure an earlier file stays as it was.
     *
     * @throws IOException if the contents cannot be written
     */
    public static void write(Path file, Content content) throws IOException {
        // not createTempFile, whose files only the owner may read
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + SUFFIX);
        try {
            content.writeTo(temporary);
            move(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Whether a file is one that was being written when its process was killed, and so of no use. */
    public static boolean isTemporary(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") && name.endsWith(SUFFIX);
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // some network file systems; a plain rename is the best there is
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
