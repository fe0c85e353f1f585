package io.mdnc4j.training.data;

import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.StackedArrays;
import io.mdnc4j.training.files.StoredArray;
import java.nio.file.Path;

/**
 * Where an array is stored.
 *
 * @param file the file
 * @param dataset name of the array where the file holds several; empty for the only one
 * @param index which part of the array along its first axis, from 0; -1 for the whole array
 */
public record ArrayReference(Path file, String dataset, int index) {
    /**
     * The only array of a file, whole.
     *
     * @param file the file
     */
    public ArrayReference(Path file) {
        this(file, "", -1);
    }

    /**
     * Reads it.
     *
     * @return the array; a part of one without its first axis, {@code [1]} where there is no other
     * @throws DataException if that is not possible
     */
    public StoredArray read() {
        return index < 0 ? ArrayFiles.read(file, dataset) : StackedArrays.read(file, dataset, index);
    }
}
