package io.mdnc4j.zoo;

import io.mdnc4j.blocks.io.PlainText;
import java.io.IOException;
import java.nio.file.Path;

/** A model file cannot be read; the only exception that reading one ends in. */
public final class ModelFileException extends IOException {
    private static final long serialVersionUID = 1;

    ModelFileException(Path file, String problem, Throwable cause) {
        super(PlainText.brief(file + ": " + problem), cause);
    }
}
