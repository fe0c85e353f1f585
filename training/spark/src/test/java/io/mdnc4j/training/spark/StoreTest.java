package io.mdnc4j.training.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver that dies at any change of the file system while it copies a file to its store. */
class StoreTest {
    private static final String NAME = "checkpoint.zip";

    @TempDir
    Path folder;

    private Path stored;

    /** Does not rename over files, as HDFS, and dies at a certain change of what there is. */
    public static final class Dying extends LocalFileSystem {
        static int changes = Integer.MAX_VALUE;

        private static void change() throws IOException {
            if (changes-- == 0) {
                throw new IOException("died");
            }
        }

        @Override
        public void copyFromLocalFile(
                boolean remove, boolean overwrite, org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
                throws IOException {
            Path target = Path.of(to.toUri().getPath());
            String whole = Files.readString(Path.of(from.toUri().getPath()));
            change();
            Files.writeString(target, whole.substring(0, whole.length() / 2));
            change();
            Files.writeString(target, whole);
        }

        @Override
        public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
            change();
            return !Files.exists(Path.of(to.toUri().getPath())) && super.rename(from, to);
        }

        @Override
        public boolean delete(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
            change();
            return Files.deleteIfExists(Path.of(path.toUri().getPath()));
        }
    }

    @BeforeEach
    void create() throws IOException {
        stored = Files.createDirectory(folder.resolve("store"));
    }

    @AfterEach
    void live() {
        Dying.changes = Integer.MAX_VALUE;
    }

    private Store store() {
        Configuration configuration = new Configuration();
        configuration.set("fs.file.impl", Dying.class.getName());
        configuration.setBoolean("fs.file.impl.disable.cache", true);
        return new Store("file://" + stored, configuration);
    }

    private void put(String contents) throws IOException {
        store().put(Files.writeString(folder.resolve(NAME), contents));
    }

    /** What a run that goes on gets; none if there is no such file. */
    private String got() throws IOException {
        Path local = Files.createTempDirectory(folder, "local");
        store().get(local);
        try (Stream<Path> files = Files.list(local)) {
            Set<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".crc"))
                    .collect(Collectors.toSet());
            if (names.isEmpty()) {
                return "none";
            }
            assertEquals(Set.of(NAME), names);
        }
        return Files.readString(local.resolve(NAME));
    }

    private void diesAndGoesOn(String before, int change) throws IOException {
        Dying.changes = change;
        String after = before + "+";
        try {
            assertThrows(UncheckedIOException.class, () -> put(after));
        } finally {
            Dying.changes = Integer.MAX_VALUE;
        }
        String found = got();
        assertEquals(true, Set.of(before, after).contains(found), found + " after change " + change);
        put("later");
        assertEquals("later", got());
        try (Stream<Path> files = Files.list(stored)) {
            assertEquals(
                    List.of(NAME),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> !name.endsWith(".crc"))
                            .toList());
        }
    }

    @Test
    void theFirstCopyIsWholeOrNotThere() throws IOException {
        for (int change = 0; change < 5; change++) {
            Files.deleteIfExists(stored.resolve(NAME));
            diesAndGoesOn("none", change);
        }
    }

    @Test
    void laterCopiesReplaceWholeOnes() throws IOException {
        for (int change = 0; change < 6; change++) {
            put("before");
            diesAndGoesOn("before", change);
        }
    }
}
