package io.mdnc4j.training.predict;

import java.nio.file.Path;

/** Is told how files fare that a network is used on. */
public interface FileListener {
    /**
     * A file has no result, and leaves none. Default: throws the exception, so that the files after it are not looked at.
     *
     * @param input the file
     * @param problem {@link io.mdnc4j.training.files.DataException} or {@link io.mdnc4j.blocks.ArgumentException} if it is the
     *     file's; otherwise, such as when the disk is full, there is not much use in going on
     */
    default void failed(Path input, RuntimeException problem) {
        throw problem;
    }

    /**
     * A file is on its way; called after each batch. Default: does nothing.
     *
     * @param input the file
     * @param done windows that are done
     * @param all windows of the file
     */
    default void progress(Path input, int done, int all) {
        // nobody looks
    }
}
