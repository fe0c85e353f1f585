package io.mdnc4j.training.spark;

import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A folder on any of Hadoop's file systems ({@code hdfs:}, {@code s3a:}, {@code file:} ...). Files in it are there whole or not at all. */
final class Store {
    /** Ends of temporary names: of what is being copied, and of what was copied and replaces the file. */
    private static final String PART = ".part";

    private static final String WHOLE = ".tmp";

    private static final Pattern PARTIAL = Pattern.compile("\\..*\\.part");
    private static final Pattern TEMPORARY = Pattern.compile("\\.([^.].*)\\.tmp");

    private final FileSystem system;
    private final Path folder;

    /** @throws IllegalArgumentException if its file system is not known or cannot be reached */
    Store(String uri, Configuration configuration) {
        try {
            this.folder = new Path(uri);
            this.system = FileSystem.get(URI.create(uri), configuration);
        } catch (IOException | IllegalArgumentException e) {
            throw new ArgumentException(
                    "store",
                    uri + " cannot be used (" + e.getMessage() + ")",
                    "give a URI such as hdfs://host/runs/one",
                    e);
        }
    }

    /** The last part of its path. */
    String name() {
        return folder.getName();
    }

    /** Whether it has a file of that name. */
    boolean has(String name) {
        try {
            return system.exists(new Path(folder, name));
        } catch (IOException e) {
            throw failed("read", name, e);
        }
    }

    /** Names of its files, in order. */
    List<String> files() {
        List<String> names = new ArrayList<>();
        try {
            for (FileStatus file : system.listStatus(folder)) {
                if (file.isFile()) {
                    names.add(file.getPath().getName());
                }
            }
        } catch (IOException e) {
            throw failed("read", "", e);
        }
        Collections.sort(names);
        return names;
    }

    /** Copies a local file there under its name. */
    void put(java.nio.file.Path file) {
        put(file, file.getFileName().toString());
    }

    /** Copies a local file there, first under temporary names. */
    void put(java.nio.file.Path file, String name) {
        Path target = new Path(folder, name);
        Path part = new Path(folder, "." + name + PART);
        Path whole = new Path(folder, "." + name + WHOLE);
        try {
            if (system.exists(target)) {
                system.delete(whole, false); // of a process that died
            } else if (system.exists(whole)) {
                rename(whole, target);
            }
            system.copyFromLocalFile(false, true, new Path(file.toUri()), part);
            rename(part, whole);
            // HDFS does not rename over a file; in between, the temporary one is whole
            system.delete(target, false);
            rename(whole, target);
        } catch (IOException e) {
            throw failed("written", name, e);
        }
    }

    private void rename(Path from, Path to) throws IOException {
        if (!system.rename(from, to)) {
            throw new IOException("it could not be renamed");
        }
    }

    /** Copies a file to a local one. */
    void get(String name, java.nio.file.Path local) {
        try {
            system.copyToLocalFile(false, new Path(folder, name), new Path(local.toUri()), true);
        } catch (IOException e) {
            throw failed("read", name, e);
        }
    }

    /** Copies all its files to a local folder; what was replaced when the process died is taken from the temporary file. */
    void get(java.nio.file.Path local) {
        try {
            Files.createDirectories(local);
            for (FileStatus file : system.listStatus(folder)) {
                String stored = file.getPath().getName();
                String name = TEMPORARY.matcher(stored).replaceFirst("$1");
                if (file.isFile() && !PARTIAL.matcher(stored).matches() && (name.equals(stored) || !has(name))) {
                    system.copyToLocalFile(
                            false, file.getPath(), new Path(local.resolve(name).toUri()), true);
                }
            }
        } catch (IOException e) {
            throw failed("read", "", e);
        }
    }

    private UncheckedIOException failed(String what, String name, IOException e) {
        return new UncheckedIOException(
                "store: " + new Path(folder, name.isEmpty() ? "." : name) + " cannot be " + what + " (" + e.getMessage()
                        + "); check its rights and space, then start again",
                e);
    }
}
