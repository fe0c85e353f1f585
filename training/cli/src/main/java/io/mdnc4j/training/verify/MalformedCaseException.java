package io.mdnc4j.training.verify;

import java.nio.file.Path;

/** A reference case cannot be read. */
public final class MalformedCaseException extends IllegalArgumentException {
    MalformedCaseException(Path folder, String problem) {
        super("reference case " + folder + ": " + problem);
    }
}
