package io.mdnc4j.zoo.weights;

import java.io.IOException;

/** A file of weights cannot be read, or does not fit the network; the only exception that reading ends in. */
public final class WeightsException extends IOException {
    private static final long serialVersionUID = 1;

    public WeightsException(String message) {
        super(message);
    }

    public WeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
