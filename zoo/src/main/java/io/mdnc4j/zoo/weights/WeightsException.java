package io.mdnc4j.zoo.weights;

import io.mdnc4j.zoo.files.PlainText;
import java.io.IOException;

/** A file of weights cannot be read, or does not fit the network; the only exception that reading ends in. */
public final class WeightsException extends IOException {
    private static final long serialVersionUID = 1;

    public WeightsException(String message) {
        super(PlainText.of(message));
    }

    public WeightsException(String message, Throwable cause) {
        super(PlainText.of(message), cause);
    }
}
