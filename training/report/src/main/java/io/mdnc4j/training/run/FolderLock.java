package io.mdnc4j.training.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right of one owner to write to a folder: a lock of the operating system on the file {@value #FILE} in it, which ends with the
 * process however that ends. The file stays, for whoever deleted it could take it from the next owner; it names the process.
 */
final class FolderLock implements AutoCloseable {
    static final String FILE = ".lock";

    /** Beyond what is written, which others may read: on Windows nobody else reads what is locked. */
    private static final long LOCKED = Long.MAX_VALUE - 1;

    /**
     * The folders of this process. It must not even open the file of one of them, for a process loses its locks on a file when
     * it closes that anywhere; kept until they are closed, for a channel that is collected is closed too.
     */
    private static final Map<Path, FolderLock> HELD = new ConcurrentHashMap<>();

    private final Path folder;
    private FileChannel channel;

    private FolderLock(Path folder) {
        this.folder = folder;
    }

    /** Somebody else has the folder. */
    static final class HeldException extends IOException {
        private static final long serialVersionUID = 1;

        HeldException(String owner) {
            super(owner);
        }
    }

    /**
     * Takes a folder.
     *
     * @throws HeldException naming the process that has it
     * @throws IOException if the file cannot be written or its file system has no locks
     */
    static FolderLock of(Path folder) throws IOException {
        FolderLock lock = new FolderLock(folder.toRealPath());
        if (HELD.putIfAbsent(lock.folder, lock) != null) {
            throw new HeldException("by this process");
        }
        try {
            lock.take();
            return lock;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void take() throws IOException {
        Path file = folder.resolve(FILE);
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock(LOCKED, 1, false);
        if (lock == null) {
            String owner = Files.readString(file).strip();
            throw new HeldException(owner.isEmpty() ? "by another process" : owner);
        }
        channel.truncate(0);
        String owner = "by process " + ProcessHandle.current().pid() + "\n";
        channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)));
    }

    /** Gives the folder free. */
    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be given free (" + e.getMessage() + ")", e);
        } finally {
            HELD.remove(folder, this);
        }
    }
}
