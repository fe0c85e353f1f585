package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.common.resources.ResourceType;
import org.deeplearning4j.nn.graph.ComputationGraph;

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
 * that fail are never used and, other than in DL4J, never deleted.
 */
public final class Pretrained {
    private static final Set<String> SCHEMES = Set.of("file", "http", "https");
    private static final int TIMEOUT_MILLIS = 30_000;

    /** Larger answers are given up, so that a server cannot fill the disk. */
    private static final long MAX_BYTES = 4L << 30;

    private final URI location;
    private final String sha256;

    private Pretrained(URI location, String sha256) {
        if (sha256 == null || !sha256.matches("[0-9a-fA-F]{64}")) {
            throw new ArgumentException("sha256", sha256, "use 64 hexadecimal digits");
        }
        this.location = location;
        this.sha256 = sha256.toLowerCase(Locale.ROOT);
    }

    /**
     * {@return a model file at a location; nothing is read yet}
     *
     * @param location a {@code file:}, {@code http:} or {@code https:} location
     * @param sha256 of the file, in hexadecimal
     * @throws ArgumentException if one of them is not of that form
     */
    public static Pretrained at(URI location, String sha256) {
        if (location.getScheme() == null || !SCHEMES.contains(location.getScheme())) {
            throw new ArgumentException("location", location, "use a file:, http: or https: location");
        }
        return new Pretrained(location, sha256);
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
        Path copy = Files.createTempFile("mdnc4j-pretrained", ".zip");
        try {
            fetch(copy);
            return reading.read(copy);
        } finally {
            Files.deleteIfExists(copy);
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
        MessageDigest digest = digest();
        try {
            URLConnection connection = location.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            if (connection instanceof HttpURLConnection http) {
                requireFound(http);
            }
            try (InputStream in = new DigestInputStream(connection.getInputStream(), digest);
                    OutputStream out = Files.newOutputStream(target)) {
                copy(in, out, connection.getContentLengthLong());
            }
        } catch (FileNotFoundException e) {
            throw new IOException(location + ": no such file", e);
        } catch (IOException e) {
            throw new IOException(location + ": cannot be read: " + e.getMessage(), e);
        }
        require(digest, location.toString(), "fetch the file again or correct the expected value");
    }

    private static void requireFound(HttpURLConnection http) throws IOException {
        int code = http.getResponseCode();
        if (code != HttpURLConnection.HTTP_OK) {
            String elsewhere = http.getHeaderField("Location");
            throw new IOException("the server answers " + code
                    + (elsewhere == null ? "" : " and refers to " + elsewhere + "; register that location"));
        }
    }

    private static void copy(InputStream in, OutputStream out, long stated) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long copied = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            copied += count;
            if (copied > MAX_BYTES) {
                throw new IOException("more than " + MAX_BYTES + " bytes, which no model has");
            }
            out.write(buffer, 0, count);
        }
        // the JDK takes a connection that breaks off for the end
        if (stated >= 0 && copied != stated) {
            throw new IOException("broke off after " + copied + " of " + stated + " bytes; try again");
        }
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
