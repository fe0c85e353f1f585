package io.mdnc4j.zoo.weights;

import io.mdnc4j.blocks.io.PlainText;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file of weights cannot be read, or does not fit the network; the only exception that reading ends in. */
public final class WeightsException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * Says what is wrong.
     *
     * @param message what is wrong with which file
     */
    public WeightsException(String message) {
        super(PlainText.brief(message));
    }

    /**
     * The same with the exception that told.
     *
     * @param message what is wrong with which file
     * @param cause what told; {@code null} if nothing did
     */
    public WeightsException(String message, @Nullable Throwable cause) {
        super(PlainText.brief(message), cause);
    }
}
