package io.mdnc4j.zoo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A model file somewhere, with its SHA-256.
 *
 * @param location a {@code file:}, {@code http:} or {@code https:} location
 * @param sha256 in hexadecimal
 */
record Pretrained(URI location, String sha256) {
    private static final Set<String> SCHEMES = Set.of("file", "http", "https");
    private static final int TIMEOUT_MILLIS = 30_000;

    Pretrained {
        if (location.getScheme() == null || !SCHEMES.contains(location.getScheme())) {
            throw new IllegalArgumentException("location: " + location + "; use a file:, http: or https: location");
        }
        if (!sha256.matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException("sha256: " + sha256 + "; use 64 hexadecimal digits");
        }
    }

    /** Copies the file, verifies the copy and reads the network from it; a file that fails is left where it is. */
    ComputationGraph load() throws IOException {
        Path copy = Files.createTempFile("mdnc4j-pretrained", ".zip");
        try {
            String found = HexFormat.of().formatHex(fetchTo(copy));
            if (!found.equalsIgnoreCase(sha256)) {
                throw new IOException(location + ": SHA-256 is " + found + ", expected " + sha256
                        + "; fetch the file again or correct the expected value");
            }
            return ModelFiles.read(copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private byte[] fetchTo(Path target) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            URLConnection connection = location.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try (InputStream in = new DigestInputStream(connection.getInputStream(), digest)) {
                Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
