package io.mdnc4j.training.predict.bioimageio;

import io.mdnc4j.blocks.io.PlainText;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A package of bioimage.io that cannot be read, is damaged, or asks for what is not supported; the message says which. */
public class PackageException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * Says what is wrong.
     *
     * @param message what is wrong with which file
     */
    public PackageException(String message) {
        super(PlainText.of(message));
    }

    /**
     * The same with the exception that told.
     *
     * @param message what is wrong with which file
     * @param cause what told; {@code null} if nothing did
     */
    public PackageException(String message, @Nullable Throwable cause) {
        super(PlainText.of(message), cause);
    }
}
