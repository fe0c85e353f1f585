package io.mdnc4j.training.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of data, in hexadecimal: tells whether two runs saw the same. */
public final class Fingerprint {
    private final MessageDigest digest;

    /** Of nothing yet. */
    public Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Adds bytes.
     *
     * @param bytes come after those that were added before
     * @return this
     */
    public Fingerprint add(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    /**
     * The digest of all that was added since the last call; begins anew after that.
     *
     * @return 64 hexadecimal digits, in lower case
     */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * That of numbers, 8 bytes each, the most significant first.
     *
     * @param values the numbers
     * @return 64 hexadecimal digits, in lower case
     */
    public static String of(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
        bytes.asDoubleBuffer().put(values);
        return new Fingerprint().add(bytes.array()).hex();
    }
}
