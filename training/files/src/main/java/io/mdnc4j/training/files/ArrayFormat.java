package io.mdnc4j.training.files;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A format of files with numbers. Files come from strangers: {@link Limits} checks sizes in headers against the file before
 * memory is taken, and lists that a file may let lead back to their beginning have an end. {@link ArrayFiles} turns whatever
 * goes wrong into one kind of exception.
 */
interface ArrayFormat {
    /**
     * Reads a file.
     *
     * @param file a regular file
     * @param part name of one array where a file holds several; empty for the only one
     * @throws IOException if it is broken, with what is wrong and what to do
     */
    StoredArray read(Path file, String part) throws IOException;

    /**
     * Writes a file.
     *
     * @param file where it goes; its name does not matter
     * @param name the name that it will have
     * @throws io.mdnc4j.blocks.ArgumentException if the format cannot hold the array
     * @throws IOException if it cannot be written
     */
    void write(Path file, String name, StoredArray array) throws IOException;

    /** {@return whether files of whole numbers may as well hold real ones, and are read as easily then} */
    default boolean holdsReal() {
        return true;
    }

    /**
     * Axes after that of the channels that an array may have, at most.
     *
     * @param suffix of the file
     * @return 3, more than which nothing here has, where the format sets no limit
     */
    default int mostAxes(String suffix) {
        return 3;
    }

    /**
     * Where numbers of classes go that belong to a file of this format.
     *
     * @param suffix of the file
     * @return the same where it keeps whole numbers as they are, else that of a format that does
     */
    default String suffixOfClasses(String suffix) {
        return suffix;
    }
}
