package io.mdnc4j.training.data;

import java.io.IOException;
import java.io.InputStream;

/** Files of the data that come with the library; see the NOTICE beside them. */
public final class Resources {
    private Resources() {}

    /**
     * The bytes of a file.
     *
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
}
