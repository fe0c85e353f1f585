package io.mdnc4j.training.files;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Files that hold whole sets of arrays, {@code .h5}, {@code .hdf5} and {@code .npz}: the first axis of an array counts the
 * examples. For any number of threads.
 */
public final class StackedArrays {
    private static final String NUMPY = ".npz";
    private static final List<String> SUFFIXES = List.of(NUMPY, ".h5", ".hdf5");

    private StackedArrays() {}

    /**
     * Whether a file's name tells that it may hold a set.
     *
     * @param file it need not be there
     * @return whether it ends so
     */
    public static boolean isNamed(Path file) {
        return SUFFIXES.contains(ArrayFiles.suffix(file).orElse(""));
    }

    private static boolean isNumpy(Path file) {
        return ArrayFiles.suffix(file).orElse("").equals(NUMPY);
    }

    /**
     * Shapes of the arrays of numbers in a file.
     *
     * @param file a regular file
     * @return shapes {@code [N, ...]} by the arrays' names; {@code [1]} of a single number
     * @throws DataException if it cannot be read
     */
    public static Map<String, long[]> shapes(Path file) {
        return isNumpy(file) ? NumpySlices.shapes(file) : Hdf5Slices.shapes(file);
    }

    /**
     * The arrays of texts in a file, such as names of classes.
     *
     * @param file a regular file
     * @return their names
     * @throws DataException if it cannot be read
     */
    public static List<String> textNames(Path file) {
        return isNumpy(file) ? NumpySlices.textNames(file) : Hdf5Slices.textNames(file);
    }

    /**
     * Reads an array of texts.
     *
     * @param file a regular file
     * @param name one of {@link #textNames}
     * @return the texts, without spaces at their ends
     * @throws DataException if it cannot be read, or they are more than the file can hold
     */
    public static List<String> texts(Path file, String name) {
        return isNumpy(file) ? NumpySlices.texts(file, name) : Hdf5Slices.texts(file, name);
    }

    /**
     * Reads one array of a set.
     *
     * @param file a regular file
     * @param name of the array that holds the set
     * @param index along its first axis, from 0
     * @return the array, without the first axis; {@code [1]} where there is no other
     * @throws io.mdnc4j.blocks.ArgumentException if there is no array of that index
     * @throws DataException if it cannot be read, or the array is too large ({@link ArrayFiles#MAX_ARRAY})
     * @throws OutOfMemoryError if the array takes more memory than there is
     */
    public static StoredArray read(Path file, String name, int index) {
        return isNumpy(file) ? NumpySlices.read(file, name, index) : Hdf5Slices.read(file, name, index);
    }
}
