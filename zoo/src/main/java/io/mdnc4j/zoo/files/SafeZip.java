package io.mdnc4j.zoo.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A zip file from a stranger, open for reading: no two entries have one name or overlap, none reaches beyond the file,
 * states a size that its bytes cannot unpack to, or has a name that leads out of a folder.
 */
public final class SafeZip implements AutoCloseable {
    /** More than any network here has tensors. */
    private static final int MAX_ENTRIES = 100_000;

    /** Deflate packs 258 bytes into two bits at best. */
    private static final long DEFLATE_LIMIT = 1032;

    /** What stands before an entry's name and bytes at least. */
    private static final int LOCAL_HEADER = 30;

    private static final Set<Integer> METHODS = Set.of(ZipArchiveEntry.STORED, ZipArchiveEntry.DEFLATED);

    private final ZipFile zip;
    private final Map<String, ZipArchiveEntry> entries = new LinkedHashMap<>();

    /**
     * Opens a file and checks its directory.
     *
     * @param file the file
     * @throws IOException if it is no regular file, cannot be read or breaks one of the rules
     */
    public SafeZip(Path file) throws IOException {
        RegularFile.require(file);
        zip = new ZipFile(file.toFile());
        try {
            List<ZipArchiveEntry> inOrder = Collections.list(zip.getEntriesInPhysicalOrder());
            require(inOrder.size() <= MAX_ENTRIES, "it has " + inOrder.size() + " entries");
            long end = 0;
            long fileSize = Files.size(file);
            for (ZipArchiveEntry entry : inOrder) {
                String name = "entry \"" + entry.getName() + "\"";
                check(name, entry);
                require(entry.getDataOffset() >= end + LOCAL_HEADER, name + " overlaps another");
                require(entry.getDataOffset() <= fileSize, name + " lies nowhere");
                require(entry.getCompressedSize() <= fileSize - entry.getDataOffset(), name + " ends after the file");
                end = entry.getDataOffset() + entry.getCompressedSize();
                require(entries.put(entry.getName(), entry) == null, name + " is there twice");
            }
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static void check(String name, ZipArchiveEntry entry) throws ZipException {
        String path = entry.getName();
        boolean leadsOut = path.startsWith("/")
                || path.matches("(?s).*[\\\\:\\p{Cntrl}].*")
                || List.of(path.split("/", -1)).contains("..");
        require(!leadsOut, name + " has a path that leads elsewhere");
        require(!entry.getGeneralPurposeBit().usesEncryption(), name + " is encrypted");
        require(METHODS.contains(entry.getMethod()), name + " is packed by a method that is not read");
        long size = entry.getSize();
        long packed = entry.getCompressedSize();
        require(size >= 0 && packed >= 0, name + " has no size");
        require(
                entry.getMethod() == ZipArchiveEntry.STORED ? size == packed : size / DEFLATE_LIMIT <= packed,
                name + " states " + size + " bytes, which its " + packed + " cannot unpack to");
    }

    private static void require(boolean condition, String problem) throws ZipException {
        if (!condition) {
            throw new ZipException("not a zip file to be read: " + problem);
        }
    }

    /**
     * {@return the names of all entries}
     */
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /**
     * {@return an entry's size once unpacked, which it cannot exceed}
     *
     * @param name the name, in any case
     * @throws ZipException if there is no such entry
     */
    public long size(String name) throws ZipException {
        return entry(name).getSize();
    }

    /**
     * {@return how many bytes one byte in the file stands for}
     *
     * @param name the name, in any case
     * @throws ZipException if there is no such entry
     */
    public double ratio(String name) throws ZipException {
        ZipArchiveEntry entry = entry(name);
        return (double) entry.getSize() / Math.max(1, entry.getCompressedSize());
    }

    /**
     * {@return the CRC-32 that an entry's bytes should have}
     *
     * @param name the name, in any case
     * @throws ZipException if there is no such entry
     */
    public long crc(String name) throws ZipException {
        return entry(name).getCrc();
    }

    /**
     * {@return the place in the file of an entry that is not compressed}
     *
     * @param name the name, in any case
     * @throws ZipException if there is no such entry, or it is compressed
     */
    public long position(String name) throws ZipException {
        ZipArchiveEntry entry = entry(name);
        require(entry.getMethod() == ZipArchiveEntry.STORED, "entry \"" + name + "\" is compressed");
        return entry.getDataOffset();
    }

    /**
     * {@return the bytes of an entry, little endian, with the right CRC-32}
     *
     * @param name the name, in any case
     * @param limit the most that are read
     * @throws IOException if there is no such entry, it is larger or damaged
     */
    public ByteBuffer read(String name, int limit) throws IOException {
        require(
                size(name) <= limit,
                "entry \"" + name + "\" has " + size(name) + " bytes, at most " + limit + " are read");
        try (InputStream in = open(name)) {
            byte[] bytes = in.readNBytes((int) size(name));
            CRC32 crc = new CRC32();
            crc.update(bytes);
            require(bytes.length == size(name) && crc.getValue() == crc(name), "entry \"" + name + "\" is damaged");
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * {@return the unpacked bytes of an entry as a stream; not to be trusted to end at its size}
     *
     * @param name the name, in any case
     * @throws IOException if it cannot be read or written
     */
    public InputStream open(String name) throws IOException {
        return zip.getInputStream(entry(name));
    }

    private ZipArchiveEntry entry(String name) throws ZipException {
        ZipArchiveEntry entry = entries.get(name);
        if (entry == null) {
            throw new ZipException("has no entry \"" + name + "\"");
        }
        return entry;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
