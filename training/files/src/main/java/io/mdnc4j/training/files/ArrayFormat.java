package io.mdnc4j.training.files;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A format of files with numbers. Files come from strangers: sizes in headers are checked against the file before memory is
 * taken. {@link ArrayFiles} turns whatever goes wrong into one kind of exception.
 */
interface ArrayFormat {
    /**
     * Reads a file.
     *
     * @param part name of one array where a file holds several; empty for the only one
     * @throws IOException if it is broken, with what is wrong and what to do
     */
    StoredArray read(Path file, String part) throws IOException;

    /**
     * Writes a file.
     *
     * @param file where it goes; its name does not matter
     * @param name the name that it will have
     * @throws IOException if it cannot be written
     */
    void write(Path file, String name, StoredArray array) throws IOException;

    /** Whether files of whole numbers may as well hold real ones, and are read as easily then. */
    default boolean holdsReal() {
        return true;
    }
}
