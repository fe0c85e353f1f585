package io.mdnc4j.training.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Where bytes are put for a reader: they are a file, or an entry of a zip file whose other parts are right.
 *
 * @param suffix of the file
 * @param around the zip file; {@code null} where there is none
 * @param entry name of the entry; empty where there is none
 */
record Place(String suffix, Whole around, String entry) {
    private static final Map<Place, Map<String, byte[]>> RIGHT = new HashMap<>();

    /** A file that is right. */
    interface Whole {
        byte[] bytes() throws IOException;
    }

    static Place file(String suffix) {
        return new Place(suffix, null, "");
    }

    static Place entry(Whole around, String entry) {
        return new Place(".zip", around, entry);
    }

    /** What the entry holds in the file that is right. */
    byte[] right() throws IOException {
        return rightEntries().get(entry);
    }

    /** Writes them to a file of that name and the suffix. */
    Path put(byte[] bytes, Path name) throws IOException {
        Path file = name.resolveSibling(name.getFileName() + suffix);
        // another file each time: libraries may still have the last one in memory
        Files.deleteIfExists(file);
        if (around == null) {
            return Files.write(file, bytes);
        }
        Map<String, byte[]> entries = new LinkedHashMap<>(rightEntries());
        entries.put(entry, bytes);
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                zip.putNextEntry(stored(each.getKey(), each.getValue()));
                zip.write(each.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    private static ZipEntry stored(String name, byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        return entry;
    }

    private Map<String, byte[]> rightEntries() throws IOException {
        Map<String, byte[]> entries = RIGHT.get(this);
        if (entries == null) {
            entries = entries(around.bytes());
            RIGHT.put(this, entries);
        }
        return entries;
    }

    private static Map<String, byte[]> entries(byte[] bytes) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        Path file = Files.write(Seeds.FOLDER.resolve("around.zip"), bytes);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return entries;
    }
}
