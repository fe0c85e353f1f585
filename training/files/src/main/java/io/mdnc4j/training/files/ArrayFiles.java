package io.mdnc4j.training.files;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Files with numbers, each read and written by the format that its name tells. For any number of threads.
 *
 * <pre>{@code
 * StoredArray head = ArrayFiles.read(Path.of("head.nii.gz"));
 * INDArray volume = head.withDimensions(3);                         // [1, z, y, x]
 * ArrayFiles.write(Path.of("mask.nii.gz"), head.with(mask, ElementType.UINT8));
 * }</pre>
 */
public final class ArrayFiles {
    /**
     * The system property, {@value}, that limits how much memory an array out of a file may take, in MiB; 1024 unless it is set.
     * Where the file itself is large, 16 bytes for each of its own are allowed as well, up to 2 GiB as floats. A table may take
     * an eighth of the limit, a line of it have a 1024th of that in characters, at least 16,384. It is read anew for each file.
     */
    public static final String MAX_ARRAY = "mdnc4j.max-array";

    /** What the JVM says where a file that libraries have mapped into memory ends before it did. */
    private static final String MAPPED = "unsafe memory access";

    private static final Map<String, ArrayFormat> FORMATS = new LinkedHashMap<>();

    static {
        put(new NiftiFormat(), ".nii", ".nii.gz");
        put(new NumpyFormat(), ".npy", ".npz");
        put(new Hdf5Format(), ".h5", ".hdf5");
        put(new TableFormat(), ".csv", ".csv.gz", ".tsv", ".tsv.gz");
        put(new ImageFormat(), ".png", ".jpg", ".jpeg", ".tif", ".tiff");
        put(new WaveFormat(), ".wav");
    }

    private ArrayFiles() {}

    private static void put(ArrayFormat format, String... suffixes) {
        for (String suffix : suffixes) {
            FORMATS.put(suffix, format);
        }
    }

    /**
     * The suffix of a file's name that tells its format.
     *
     * @param file it need not be there
     * @return such as {@code .nii.gz}, in lower case; empty if there is none such
     */
    public static Optional<String> suffix(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
        return FORMATS.keySet().stream().filter(name::endsWith).findFirst();
    }

    /**
     * The name of a file without the suffix that tells its format.
     *
     * @param file it need not be there
     * @return such as {@code head} of {@code folder/head.nii.gz}
     */
    public static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - suffix(file).orElse("").length());
    }

    /** {@return the suffixes of all formats, with spaces between} */
    public static String suffixes() {
        return String.join(" ", FORMATS.keySet());
    }

    /**
     * Reads the only array of a file.
     *
     * @param file a regular file; its name tells the format
     * @return the array, and what is needed to write another one in the same way
     * @throws DataException if the file cannot be read, is broken, holds several arrays, is of no known format, or too large
     *     ({@link #MAX_ARRAY})
     * @throws OutOfMemoryError if the array takes more memory than there is
     */
    public static StoredArray read(Path file) {
        return read(file, "");
    }

    /**
     * Reads an array.
     *
     * @param file a regular file; its name tells the format
     * @param part name of the array where a file holds several ({@code .npz}, {@code .h5}); empty for the only one
     * @return the array, and what is needed to write another one in the same way
     * @throws DataException if the file cannot be read, is broken, holds no such array, is of no known format, or too large
     *     ({@link #MAX_ARRAY})
     * @throws OutOfMemoryError if the array takes more memory than there is
     */
    public static StoredArray read(Path file, String part) {
        return opened(file, format -> format.read(file, part));
    }

    /**
     * Opens the only array of a file, to be read in slabs.
     *
     * @param file a regular file; its name tells the format
     * @param dimensions axes after that of channels: axes of size 1 are put before or left out, as
     *     {@link StoredArray#withDimensions} does
     * @return the array {@code [C, size...]}
     * @throws DataException as {@link #read(Path)}, or if it has more or fewer axes
     */
    public static ArraySlabs open(Path file, int dimensions) {
        return open(file, dimensions, UnaryOperator.identity());
    }

    /**
     * {@link #open(Path, int)} where arrays that are read whole, as pictures are, become others.
     *
     * @param file a regular file; its name tells the format
     * @param dimensions axes after that of channels
     * @param change such as {@link StoredArray#with(Channels)}; of files that are read in slabs it is given an array of one
     *     element, so that it can refuse them
     * @return the array {@code [C, size...]}
     * @throws DataException as {@link #open(Path, int)}, or from {@code change}
     */
    public static ArraySlabs open(Path file, int dimensions, UnaryOperator<StoredArray> change) {
        return opened(file, format -> ArraySlabs.open(file, format, dimensions, change));
    }

    private interface Opening<T> {
        T with(ArrayFormat format) throws IOException;
    }

    private static <T> T opened(Path file, Opening<T> opening) {
        ArrayFormat format = suffix(file)
                .map(FORMATS::get)
                .orElseThrow(() -> new DataException(
                        file + ": its name ends in none of " + suffixes() + "; rename or convert it"));
        try {
            size(file);
            return opening.with(format);
        } catch (IOException | RuntimeException | StackOverflowError | InternalError e) {
            throw unusable(file, e);
        }
    }

    /**
     * What was thrown of a file as the one exception there is for that.
     *
     * @throws OutOfMemoryError if memory is short: the file may well be whole, and must not be left out as if it were not
     */
    static DataException unusable(Path file, Throwable problem) {
        if (problem instanceof DataException known) {
            return known;
        }
        if (problem instanceof ArgumentException mistake) {
            throw mistake;
        }
        if (problem instanceof NoSuchFileException) {
            return new DataException(file + ": is not there; check the path", problem);
        }
        if (OutOfMemory.is(problem)) {
            throw OutOfMemory.error(problem);
        }
        if (problem instanceof InternalError error) {
            if (!String.valueOf(error.getMessage()).contains(MAPPED)) {
                throw error;
            }
            return new DataException(
                    file + ": was changed while it was read; leave it alone, and read it again", error);
        }
        // libraries throw all kinds of unchecked exceptions at broken files, and call themselves until the stack ends
        String reason = problem.getMessage() == null
                ? "cannot be read (" + problem.getClass().getSimpleName() + ")"
                : problem.getMessage();
        return new DataException(
                file + ": " + reason + (reason.contains("; ") ? "" : "; check that the file is whole"), problem);
    }

    /**
     * Writes an array, in the format that the file's name tells; an earlier file stays until the new one is whole.
     *
     * @param file where it goes, in a folder that is there
     * @param array whole numbers are rounded and limited to the range of its type
     * @throws ArgumentException if the name tells no known format, or the format cannot hold the array
     * @throws UncheckedIOException if the file cannot be written
     */
    public static void write(Path file, StoredArray array) {
        ArrayFormat format = format(file);
        try {
            AtomicFile.write(
                    file,
                    temporary -> format.write(temporary, file.getFileName().toString(), array));
        } catch (IOException e) {
            throw AtomicFile.unwritable(file, e);
        }
    }

    /**
     * Whether a file of that name may as well hold real numbers where others like it hold whole ones; images rarely do.
     *
     * @param file it need not be there
     * @return whether real numbers may go there
     * @throws ArgumentException if its name tells no known format
     */
    public static boolean holdsReal(Path file) {
        return format(file).holdsReal();
    }

    /**
     * Axes after that of the channels that an array in a file of that name may have, at most.
     *
     * @param file it need not be there
     * @return 1 of tables and sounds, 2 of pictures, 3 of all others
     * @throws ArgumentException if its name tells no known format
     */
    public static int mostAxes(Path file) {
        return format(file).mostAxes(suffix(file).orElseThrow());
    }

    /**
     * The suffix for numbers of classes that belong to a file: its own, or where its format would change whole numbers (JPEG,
     * sound), that of one that keeps them.
     *
     * @param file it need not be there
     * @return such as {@code .png} for {@code a.jpg}
     * @throws ArgumentException if its name tells no known format
     */
    public static String suffixOfClasses(Path file) {
        return format(file).suffixOfClasses(suffix(file).orElseThrow());
    }

    static ArrayFormat format(Path file) {
        return suffix(file)
                .map(FORMATS::get)
                .orElseThrow(() -> new ArgumentException(
                        "file", file + " has no known format", "let its name end in one of " + suffixes()));
    }

    /**
     * Size of a file in bytes.
     *
     * @throws IOException if it is not there, or no regular file: a pipe or device might never end
     */
    static long size(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("is no regular file; copy what it holds into one");
        }
        return Files.size(file);
    }
}
