package io.mdnc4j.training.files;

import io.mdnc4j.training.arrays.Axes;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A format whose files are a header and then numbers, the last axis varying fastest: such can be read and written in parts. */
interface RawFormat extends ArrayFormat {
    /**
     * What stands before the numbers.
     *
     * @param order of the bytes of a number
     */
    record RawHeader(byte[] bytes, ByteOrder order) {}

    /**
     * Where the numbers of a file lie, which may be gzipped as a whole.
     *
     * @param file a regular file
     * @return the layout, {@code null} if this file has its numbers in another way
     * @throws IOException if its header is broken, with what is wrong and what to do
     */
    @Nullable
    RawLayout layout(Path file) throws IOException;

    /**
     * Whether files of a name are written so.
     *
     * @param name of the file
     * @return whether they are
     */
    default boolean isRaw(String name) {
        return true;
    }

    /**
     * The shape of an array with channels as files of this format tell it.
     *
     * @param channels of the array
     * @param size its other axes
     * @return {@code [C, size...]}, unless the format knows better
     */
    default long[] shape(long channels, long... size) {
        return Axes.prepended(channels, size);
    }

    /**
     * The header of a file whose numbers stand as they are.
     *
     * @param like has the type and what else is known; its values are not looked at
     * @param shape of the array
     * @throws io.mdnc4j.blocks.ArgumentException if the format cannot hold such an array
     */
    RawHeader header(StoredArray like, long... shape);
}
