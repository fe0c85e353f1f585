package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.blocks.io.PlainText;
import io.mdnc4j.zoo.files.RegularFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.common.resources.ResourceType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/**
 * A trained model somewhere: shipped with this library, in a file, or on the network. It is used only if it has the SHA-256
 * that was stated for it.
 *
 * <pre>{@code
 * ComputationGraph network = Pretrained.named("some-name").load();
 * }</pre>
 *
 * <p>Downloads go to a temporary file and, verified, to DL4J's folder of zoo models ({@code ~/.deeplearning4j} unless
 * {@link DL4JResources#setBaseDirectory} says otherwise), from where they are read again next time, verified again. Files
 * that fail are never used and, other than in DL4J, never deleted. A download is given up if it takes more than an hour,
 * brings less than 4 KiB a second for half a minute, or has more than 4 GiB.
 */
public final class Pretrained {
    private static final Set<String> SCHEMES = Set.of("file", "http", "https");
    private static final int TIMEOUT_MILLIS = 30_000;

    /**
     * When a download is given up, so that a server can neither fill the disk nor keep a program waiting.
     *
     * @param bytes the most that a file may have
     * @param total the longest that all of it may take
     * @param window how long it may be slower than the lowest rate
     * @param rate the lowest, in bytes a second
     */
    record Limits(long bytes, Duration total, Duration window, long rate) {
        static final Limits USUAL = new Limits(4L << 30, Duration.ofHours(1), Duration.ofSeconds(30), 4 << 10);
    }

    private final URI location;
    private final String sha256;
    private final Limits limits;

    private Pretrained(URI location, String sha256) {
        this(location, sha256, Limits.USUAL);
    }

    private Pretrained(URI location, String sha256, Limits limits) {
        if (sha256 == null || !sha256.matches("[0-9a-fA-F]{64}")) {
            throw new ArgumentException("sha256", sha256, "use 64 hexadecimal digits");
        }
        this.location = location;
        this.sha256 = sha256.toLowerCase(Locale.ROOT);
        this.limits = limits;
    }

    /** The same with other limits. */
    Pretrained within(Limits other) {
        return new Pretrained(location, sha256, other);
    }

    /**
     * {@return a model file at a location; nothing is read yet}
     *
     * @param location a {@code file:}, {@code http:} or {@code https:} location; of files on this machine only
     * @param sha256 of the file, in hexadecimal
     * @throws ArgumentException if one of them is not of that form
     */
    public static Pretrained at(URI location, String sha256) {
        if (location.getScheme() == null || !SCHEMES.contains(location.getScheme())) {
            throw new ArgumentException("location", location, "use a file:, http: or https: location");
        }
        if (!isFile(location)) {
            ArgumentException.require(
                    location.getAuthority() != null, "location", location, "name a server: https://server/path");
        } else {
            try {
                Path.of(location);
            } catch (IllegalArgumentException e) {
                // the JDK would ask another machine for file://machine/path, by FTP
                throw new ArgumentException("location", location, "use file:///path for a file of this machine", e);
            }
        }
        return new Pretrained(location, sha256);
    }

    private static boolean isFile(URI location) {
        return location.getScheme().equals("file");
    }

    /** A model file among the resources of this library. */
    static Pretrained resource(URI location, String sha256) {
        return new Pretrained(location, sha256);
    }

    /**
     * {@return a model that this library comes with}
     *
     * @param name the name, in any case
     * @throws ArgumentException if there is none of that name, with those there are
     */
    public static Pretrained named(String name) {
        return ShippedModels.TABLE.named(name);
    }

    /**
     * {@return the names of the models that this library comes with}
     */
    public static List<String> names() {
        return ShippedModels.TABLE.names();
    }

    /**
     * {@return where it is}
     */
    public URI location() {
        return location;
    }

    /** Reads something from a model file. */
    @FunctionalInterface
    public interface Reading<T> {
        /**
         * Reads from a verified file.
         *
         * @param file the file, which may be gone afterwards
         * @return what was read
         * @throws IOException if it cannot be read
         */
        T read(Path file) throws IOException;
    }

    /**
     * {@return the network, with its updater state if the file has one}
     *
     * @throws IOException if it cannot be fetched or read, or has another SHA-256
     */
    public ComputationGraph load() throws IOException {
        return read(ModelFiles::read);
    }

    /**
     * Reads from a verified copy of the file, which may be gone afterwards: {@code read(ModelFiles::description)}.
     *
     * @param <T> type of the option's values
     * @param reading is called with the file
     * @return what was read
     * @throws IOException if it cannot be fetched or read, or has another SHA-256
     */
    public <T> T read(Reading<T> reading) throws IOException {
        if (location.getScheme().startsWith("http")) {
            return reading.read(download());
        }
        Path copy = temporary();
        try {
            fetch(copy);
            return reading.read(copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static Path temporary() throws IOException {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            return Files.createTempFile(folder, "mdnc4j-pretrained", ".zip");
        } catch (IOException e) {
            throw new IOException(
                    "no temporary file can be made in " + folder + ": " + e
                            + "; make that folder writable or name another (-Djava.io.tmpdir)",
                    e);
        }
    }

    /** The file in the folder of downloads, from the network if it is not there yet. */
    private Path download() throws IOException {
        Path file = DL4JResources.getDirectory(ResourceType.ZOO_MODEL, ModelDescription.NOTE)
                .toPath()
                .resolve(sha256 + ".zip");
        if (!Files.exists(file)) {
            AtomicFile.write(file, this::fetch);
            return file;
        }
        MessageDigest digest = digest();
        try (InputStream in = Files.newInputStream(file)) {
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        }
        require(digest, "file " + file, "remove it, to fetch it again");
        return file;
    }

    /** Copies the file and verifies the copy. */
    private void fetch(Path target) throws IOException {
        // gone also where the program is ended meanwhile
        target.toFile().deleteOnExit();
        MessageDigest digest = digest();
        try {
            if (isFile(location)) {
                Path file = Path.of(location);
                RegularFile.require(file);
                try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                    copy(in, target, Files.size(file));
                }
            } else {
                fetch(target, digest);
            }
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new IOException(location + ": no such file", e);
        } catch (CopyException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(location + ": cannot be read: " + PlainText.of(e.getMessage()), e);
        }
        require(digest, location.toString(), "fetch the file again or correct the expected value");
    }

    private void fetch(Path target, MessageDigest digest) throws IOException {
        URLConnection connection = location.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        InputStream answer = connection instanceof HttpURLConnection http ? answer(http) : connection.getInputStream();
        try (InputStream in = new DigestInputStream(answer, digest)) {
            copy(in, target, connection.getContentLengthLong());
        }
    }

    private static void requireFound(HttpURLConnection http) throws IOException {
        int code = http.getResponseCode();
        if (code != HttpURLConnection.HTTP_OK) {
            String elsewhere = http.getHeaderField("Location");
            throw new IOException("the server answers " + code
                    + (elsewhere == null ? "" : " and refers to " + elsewhere + "; register that location"));
        }
    }

    /** The file that the server sends; headers that come bit by bit keep within the time for all. */
    private InputStream answer(HttpURLConnection http) throws IOException {
        long start = System.nanoTime();
        CompletableFuture<Void> end = CompletableFuture.runAsync(
                http::disconnect, CompletableFuture.delayedExecutor(limits.total.toMillis(), TimeUnit.MILLISECONDS));
        try {
            requireFound(http);
            return http.getInputStream();
        } catch (IOException e) {
            throw System.nanoTime() - start >= limits.total.toNanos() ? tooLong(e) : e;
        } finally {
            end.cancel(false);
        }
    }

    private void copy(InputStream in, Path target, long stated) throws IOException {
        if (stated > limits.bytes) {
            throw tooLarge(stated + " bytes");
        }
        try (OutputStream out = Files.newOutputStream(target)) {
            long copied = copy(in, out, target);
            // the JDK takes a connection that breaks off for the end
            if (stated >= 0 && copied != stated) {
                throw new IOException("broke off after " + copied + " of " + stated + " bytes; try again");
            }
        }
    }

    /** Writes to the copy, whose faults are not those of what is copied. */
    private static void write(OutputStream out, byte[] buffer, int count, Path target) throws IOException {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw new CopyException(target, e);
        }
    }

    /** The copy cannot be written. */
    private static final class CopyException extends IOException {
        private static final long serialVersionUID = 1;

        CopyException(Path target, IOException cause) {
            super(
                    "no copy can be made in " + target.getParent() + " (" + cause.getMessage() + "); "
                            + AtomicFile.remedy(target, cause),
                    cause);
        }
    }

    private long copy(InputStream in, OutputStream out, Path target) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long start = System.nanoTime();
        long windowStart = start;
        long copied = 0;
        long inWindow = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            copied += count;
            inWindow += count;
            if (copied > limits.bytes) {
                throw tooLarge("more than " + limits.bytes + " bytes");
            }
            write(out, buffer, count, target);
            long now = System.nanoTime();
            if (now - start > limits.total.toNanos()) {
                throw tooLong(null);
            }
            if (now - windowStart > limits.window.toNanos()) {
                long rate = (long) (inWindow * 1e9 / (now - windowStart));
                if (rate < limits.rate) {
                    throw new IOException("brings only " + rate + " bytes a second; try again, or fetch the file by"
                            + " other means");
                }
                windowStart = now;
                inWindow = 0;
            }
        }
        return copied;
    }

    private IOException tooLong(@Nullable Exception cause) {
        return new IOException(
                "takes more than " + limits.total.toSeconds() + " s; fetch the file by other means", cause);
    }

    private static IOException tooLarge(String size) {
        return new IOException(size + ", which no model has");
    }

    private void require(MessageDigest digest, String what, String remedy) throws IOException {
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equalsIgnoreCase(sha256)) {
            throw new IOException(what + ": SHA-256 is " + found + ", expected " + sha256 + "; " + remedy);
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
