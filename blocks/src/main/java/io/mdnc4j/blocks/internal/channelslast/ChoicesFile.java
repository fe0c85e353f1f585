package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Tuning;
import io.mdnc4j.blocks.io.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParseException;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A JSON object with a way for each key. It is read piece by piece, and may come from anybody: what it says is taken only where
 * that way suits the convolution.
 */
final class ChoicesFile {
    /** More than that many choices need. */
    private static final long MOST_BYTES = 4L << 20;

    private static final int LONGEST_KEY = 500;
    private static final Logger LOG = LoggerFactory.getLogger(ChoicesFile.class);

    private ChoicesFile() {}

    /** What it says, of ways that there are; nothing where it is not there yet. */
    static Map<String, Way> read(Path file) {
        if (!Files.exists(file)) {
            return Map.of();
        }
        if (!Files.isRegularFile(file)) {
            throw wrong(file, "is no file", null);
        }
        try (InputStream in = Files.newInputStream(file);
                JsonParser parser = new JsonFactory().createParser(in.readNBytes((int) MOST_BYTES))) {
            if (Files.size(file) > MOST_BYTES) {
                throw wrong(file, "has more than " + MOST_BYTES + " bytes", null);
            }
            return entries(file, parser);
        } catch (JsonParseException e) {
            throw wrong(file, "is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ArgumentException(
                    Tuning.FILE,
                    file + " cannot be read (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")",
                    "make it readable, or name another",
                    e);
        }
    }

    private static Map<String, Way> entries(Path file, JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw wrong(file, "is no JSON object", null);
        }
        Map<String, Way> ways = new HashMap<>();
        int entries = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.getCurrentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING || key.length() > LONGEST_KEY) {
                throw wrong(file, "has entries that are no choices", null);
            }
            if (++entries > Choices.MOST) {
                throw wrong(file, "has more than " + Choices.MOST + " choices", null);
            }
            String code = parser.getText();
            for (Way way : Way.values()) { // another version may know others
                if (way.code().equals(code)) {
                    ways.put(key, way);
                }
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
            throw wrong(file, "has something after its choices", null);
        }
        return ways;
    }

    private static ArgumentException wrong(Path file, String problem, Throwable cause) {
        return new ArgumentException(
                Tuning.FILE, file + " " + problem, "delete it, to have it written anew, or name another", cause);
    }

    /** Writes all choices, with those that other processes have written since; what comes of failing is a line of warning. */
    static void write(Path file, Map<String, Way> ways) {
        try {
            Map<String, String> all = new TreeMap<>();
            ways.forEach((key, way) -> all.put(key, way.code()));
            read(file).forEach((key, way) -> {
                if (all.size() < Choices.MOST) { // more would be refused when it is read
                    all.putIfAbsent(key, way.code());
                }
            });
            if (file.toAbsolutePath().getParent() != null) {
                AtomicFile.createFolders(file.toAbsolutePath().getParent());
            }
            AtomicFile.write(
                    file,
                    temporary ->
                            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(temporary.toFile(), all));
        } catch (IOException e) {
            LOG.warn(
                    "{}: {} cannot be written ({}); {}", Tuning.FILE, file, e.getMessage(), AtomicFile.remedy(file, e));
        } catch (ArgumentException e) {
            LOG.warn("{}", e.getMessage());
        }
    }
}
