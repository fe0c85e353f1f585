package io.mdnc4j.zoo.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Reads parts of a file whole. */
final class FileParts {
    private FileParts() {}

    /** That many bytes from there, little endian, on the heap. */
    static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
        if (length < 0 || position < 0 || position > file.size() - length) {
            throw new WeightsException("the file ends before byte " + (position + length) + "; it is cut short");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        fill(file, position, bytes);
        return bytes;
    }

    /** Fills the buffer from there, and flips it. */
    static void fill(FileChannel file, long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            int read = file.read(bytes, at);
            if (read < 0) {
                throw new WeightsException("the file ends at byte " + at + "; it is cut short");
            }
            at += read;
        }
        bytes.flip();
    }
}
