package io.mdnc4j.training.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Search spaces as JSON objects: names of settings with what they may be, as in {@code {"kernel_size": [3, 5], "channel":
 * {"min": 4, "max": 32, "scale": "log"}, "updater": "adam"}}. Arbiter's JSON names classes to be created, and is not read
 * from files.
 */
public final class SpaceFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SpaceFile() {}

    /**
     * Reads a file.
     *
     * @param file one JSON object
     * @return what it says of settings; others keep their usual ranges
     * @throws ArgumentException if it cannot be read, is no such object, or names an unknown setting
     */
    public static Map<Hyperparameter, Range> read(Path file) {
        JsonNode root;
        try {
            root = MAPPER.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new ArgumentException(
                    "space",
                    file + " is not valid JSON: " + e.getOriginalMessage() + ", line "
                            + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()),
                    "correct it",
                    e);
        } catch (IOException e) {
            throw new ArgumentException("space", file + " cannot be read", "check the path", e);
        }
        ArgumentException.require(
                root.isObject(), "space", file + " is no JSON object", "write {\"kernel_size\": [3, 5], ...}");
        Map<Hyperparameter, Range> ranges = new EnumMap<>(Hyperparameter.class);
        root.properties().forEach(entry -> {
            Hyperparameter setting = Hyperparameter.named(entry.getKey());
            try {
                ranges.put(setting, Range.parse(MAPPER.convertValue(entry.getValue(), new TypeReference<Object>() {})));
            } catch (ArgumentException e) {
                throw new ArgumentException(
                        "space", setting.code() + ": " + e.argument() + ": " + e.value(), e.remedy(), e);
            }
        });
        return ranges;
    }

    /**
     * What {@link #read} reads.
     *
     * @param ranges what settings may be
     * @return texts, numbers, lists and maps by the settings' names, for a JSON writer
     */
    public static Map<String, Object> toJson(Map<Hyperparameter, Range> ranges) {
        Map<String, Object> json = new LinkedHashMap<>();
        ranges.forEach((setting, range) -> json.put(setting.code(), range.toJson()));
        return json;
    }
}
