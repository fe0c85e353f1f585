package io.mdnc4j.training.files;

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

/** Files with numbers, each read and written by the format that its name tells. */
public final class ArrayFiles {
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

    /** The suffix of a file's name that tells its format; empty if there is none such. */
    public static Optional<String> suffix(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return FORMATS.keySet().stream().filter(name::endsWith).findFirst();
    }

    /** The name of a file without the suffix that tells its format. */
    public static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - suffix(file).orElse("").length());
    }

    /** Suffixes of all formats. */
    public static String suffixes() {
        return String.join(" ", FORMATS.keySet());
    }

    /**
     * Reads the only array of a file.
     *
     * @throws DataException if the file cannot be read, is broken, or of no known format
     */
    public static StoredArray read(Path file) {
        return read(file, "");
    }

    /**
     * Reads an array.
     *
     * @param part its name where a file holds several ({@code .npz}, {@code .h5}); empty for the only one
     * @throws DataException if the file cannot be read, is broken, or of no known format
     * @throws OutOfMemoryError if the array takes more memory than there is
     */
    public static StoredArray read(Path file, String part) {
        ArrayFormat format = format(file);
        try {
            return format.read(file, part);
        } catch (DataException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": is not there; check the path", e);
        } catch (IOException | RuntimeException e) {
            if (OutOfMemory.is(e)) {
                // the file may well be whole, and must not be left out as if it were not
                throw OutOfMemory.error(e);
            }
            // libraries throw all kinds of unchecked exceptions at broken files
            String reason = reason(e);
            throw new DataException(
                    file + ": " + reason + (reason.contains("; ") ? "" : "; check that the file is whole"), e);
        }
    }

    /**
     * Writes an array, in the format that the file's name tells; an earlier file stays until the new one is whole.
     *
     * @throws DataException if the name tells no known format, or the format cannot hold the array
     * @throws UncheckedIOException if the file cannot be written
     */
    public static void write(Path file, StoredArray array) {
        ArrayFormat format = format(file);
        try {
            AtomicFile.write(
                    file,
                    temporary -> format.write(temporary, file.getFileName().toString(), array));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + ": cannot be written (" + e.getMessage() + "); make room, or check the path", e);
        }
    }

    /** Whether a file of that name may as well hold real numbers where others like it hold whole ones; images rarely do. */
    public static boolean holdsReal(Path file) {
        return format(file).holdsReal();
    }

    private static ArrayFormat format(Path file) {
        return suffix(file)
                .map(FORMATS::get)
                .orElseThrow(() -> new DataException(
                        file + ": its name ends in none of " + suffixes() + "; rename or convert it"));
    }

    /** What an exception says, or what it is where it says nothing. */
    private static String reason(Exception e) {
        return e.getMessage() == null ? "cannot be read (" + e.getClass().getSimpleName() + ")" : e.getMessage();
    }

    /** Size of a file in bytes. */
    static long size(Path file) throws IOException {
        return Files.size(file);
    }
}
