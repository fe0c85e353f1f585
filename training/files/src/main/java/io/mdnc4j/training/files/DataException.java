package io.mdnc4j.training.files;

import io.mdnc4j.blocks.io.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * Data cannot be used; the message names the file, the line where there is one, and the remedy. It is thrown of whatever is
 * wrong with a file; a shortage of memory is an {@link OutOfMemoryError} instead. Characters that could steer
 * a terminal, which names and texts out of files may have, are shown by their codes.
 */
public final class DataException extends RuntimeException {
    /**
     * Data that cannot be used.
     *
     * @param message file, problem and remedy: {@code a.csv, line 3: "x" is not a number; remove or correct it}
     */
    public DataException(String message) {
        super(PlainText.brief(message));
    }

    /**
     * Data that cannot be used, with the exception that told.
     *
     * @param message file, problem and remedy: {@code a.csv, line 3: "x" is not a number; remove or correct it}
     * @param cause the exception that told, {@code null} for none
     */
    public DataException(String message, @Nullable Throwable cause) {
        super(PlainText.brief(message), cause);
    }
}
