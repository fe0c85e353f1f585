package io.mdnc4j.training.data;

import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.files.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Files of the data that come with the library; see the NOTICE beside them. */
public final class Resources {
    private Resources() {}

    /**
     * The bytes of a file.
     *
     * @param file its name, beside this class
     * @return its content as it is, still compressed where the file is
     * @throws DataException if it is not there
     */
    public static byte[] read(String file) {
        try (InputStream in = Resources.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new DataException(file + ": not on the class path; build the library again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage() + "; build the library again", e);
        }
    }

    /**
     * What a reader of files makes of the bytes of one.
     *
     * @param <T> what the reader makes
     * @param file its name, which tells its format
     * @param bytes its content
     * @param reader reads a temporary copy, which is deleted after that
     * @return what the reader made
     * @throws DataException if there is no room for the copy
     */
    public static <T> T parse(String file, byte[] bytes, Function<Path, T> reader) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            Path copy = Files.createTempFile(folder, "mdnc4j-", file);
            try {
                return reader.apply(Files.write(copy, bytes));
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new DataException(
                    file + ": cannot be copied to a temporary file: " + e.getMessage() + "; "
                            + AtomicFile.remedy(folder.resolve(file), e)
                            + ", or name another folder for such files (-Djava.io.tmpdir)",
                    e);
        }
    }
}
