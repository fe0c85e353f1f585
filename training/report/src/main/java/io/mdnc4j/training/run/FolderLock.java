package io.mdnc4j.training.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The right of one process, and of one owner in it, to write to a folder: a lock of the operating system on the file
 * {@value #FILE} in it, which ends with the process however that ends. The file itself says nothing; one that a killed process left
 * is taken over.
 */
final class FolderLock implements AutoCloseable {
    static final String FILE = ".lock";

    /** Beyond what is written, which others may read: on Windows nobody else reads what is locked. */
    private static final long LOCKED = Long.MAX_VALUE - 1;

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Somebody else has the folder. */
    static final class HeldException extends IOException {
        private static final long serialVersionUID = 1;

        HeldException(String owner) {
            super(owner);
        }
    }

    /**
     * @throws HeldException naming the process that has it
     * @throws IOException if the file cannot be written or its file system has no locks
     */
    static FolderLock of(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        while (true) {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean ours = false;
            try {
                if (!tryLock(channel)) {
                    throw new HeldException(owner(file));
                }
                ours = isFile(channel, file);
            } finally {
                if (!ours) {
                    channel.close();
                }
            }
            if (ours) {
                return new FolderLock(file, channel);
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this process
        }
    }

    /** Whether the locked file is the one of that name still: its last owner may have deleted it since it was opened. */
    private static boolean isFile(FileChannel channel, Path file) throws IOException {
        String mark = "process " + ProcessHandle.current().pid() + "\n" + UUID.randomUUID() + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(mark.getBytes(StandardCharsets.UTF_8)), 0);
        try {
            return Files.readString(file).equals(mark);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static String owner(Path file) throws IOException {
        try {
            return Files.readString(file).lines().findFirst().orElse("another process");
        } catch (NoSuchFileException e) {
            return "another process, which has just ended";
        }
    }

    /** Gives the folder free. */
    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try (channel) {
            // while it is locked, so that nobody else's goes
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be removed (" + e.getMessage() + ")", e);
        }
    }
}
