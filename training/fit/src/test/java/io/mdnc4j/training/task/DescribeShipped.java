package io.mdnc4j.training.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.zoo.ModelDescription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Adds to the descriptions of the networks that come along what a training would say of their data today, and to
 * {@code pretrained.json} the new SHA-256 sums; what else is in the files stays, byte for byte. To run whenever descriptions
 * have gained something; the command is in the README beside the networks.
 */
final class DescribeShipped {
    /** What each was trained on. */
    private static final Map<String, TrainingData> DATA =
            Map.of("ecg-denoiser", Denoising.of(Signal.ecg()), "digits", Digits.data(), "brain-mask", Brain.data());

    /** Any, so that equal contents are equal files. */
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

    private DescribeShipped() {}

    public static void main(String[] args) throws IOException {
        Path table = Path.of(args[0], "pretrained.json");
        String text = Files.readString(table);
        for (JsonNode row : new ObjectMapper().readTree(text)) {
            Path file = Path.of(args[0], row.get("resource").asText());
            byte[] bytes = described(file, DATA.get(row.get("name").asText()));
            Files.write(file, bytes);
            text = text.replace(row.get("sha256").asText(), sha256(bytes));
        }
        Files.writeString(table, text);
    }

    /** The bytes of a model file with another description. */
    static byte[] described(Path file, TrainingData data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipFile from = new ZipFile(file.toFile());
                ZipOutputStream to = new ZipOutputStream(bytes)) {
            for (Enumeration<? extends ZipEntry> entries = from.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                byte[] content = from.getInputStream(entry).readAllBytes();
                if (entry.getName().equals(ModelDescription.NOTE + ".json")) {
                    ModelDescription old = ModelDescription.fromJson(new String(content, StandardCharsets.UTF_8));
                    // its answers depend on all that it says already
                    content = old.with(data.description().trainedOn()).toJson().getBytes(StandardCharsets.UTF_8);
                }
                ZipEntry same = new ZipEntry(entry.getName());
                same.setTimeLocal(TIME);
                to.putNextEntry(same);
                to.write(content);
                to.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static String sha256(byte... bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JRE has SHA-256", e);
        }
    }
}
