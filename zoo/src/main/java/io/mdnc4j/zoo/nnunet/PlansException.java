package io.mdnc4j.zoo.nnunet;

import io.mdnc4j.blocks.io.PlainText;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Plans or other files of nnU-Net that cannot be read, are damaged, or ask for what is not supported; the message says which. */
public class PlansException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * Says what is wrong.
     *
     * @param message what is wrong with which file
     */
    public PlansException(String message) {
        super(PlainText.of(message));
    }

    /**
     * The same with the exception that told.
     *
     * @param message what is wrong with which file
     * @param cause what told; {@code null} if nothing did
     */
    public PlansException(String message, @Nullable Throwable cause) {
        super(PlainText.of(message), cause);
    }
}
