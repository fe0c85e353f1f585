package io.mdnc4j.training.files;

/** Data cannot be used; the message names the file, the line where there is one, and the remedy. */
public final class DataException extends RuntimeException {
    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
