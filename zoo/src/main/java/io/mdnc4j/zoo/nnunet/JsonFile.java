package io.mdnc4j.zoo.nnunet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JSON object of a stranger's, read with limits; what is asked of it is there and of its kind, or the file is refused. */
final class JsonFile {
    /** Bytes; plans have some thousand. */
    private static final long MAX_BYTES = 8 << 20;

    /** Elements of a list: channels, labels and axes are far fewer. */
    private static final int MAX_LENGTH = 4096;

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private final String name;
    private final JsonNode node;

    private JsonFile(String name, JsonNode node) {
        this.name = name;
        this.node = node;
    }

    static JsonFile read(Path file) throws PlansException {
        try {
            if (!Files.isRegularFile(file)) {
                throw new PlansException(file + ": no such file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new PlansException(file + ": has " + Files.size(file) + " bytes, more than " + MAX_BYTES);
            }
            JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
            if (root == null || !root.isObject()) {
                throw new PlansException(file + ": is no JSON object");
            }
            return new JsonFile(file.toString(), root);
        } catch (PlansException e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw new PlansException(file + ": is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (NoSuchFileException e) {
            throw new PlansException(file + ": no such file", e);
        } catch (IOException e) {
            throw new PlansException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** The same under another node; what goes wrong still names the file. */
    JsonFile with(JsonNode other) {
        return new JsonFile(name, other);
    }

    JsonNode node() {
        return node;
    }

    PlansException refusal(String problem) {
        return new PlansException(name + ": " + problem);
    }

    boolean has(String key) {
        return node.hasNonNull(key);
    }

    JsonFile object(String key) throws PlansException {
        if (!node.path(key).isObject()) {
            throw refusal("has no object \"" + key + "\"");
        }
        return with(node.get(key));
    }

    String text(String key) throws PlansException {
        if (!node.path(key).isTextual()) {
            throw refusal("has no text \"" + key + "\"");
        }
        return node.get(key).asText();
    }

    double number(String key) throws PlansException {
        if (!node.path(key).isNumber() || !Double.isFinite(node.get(key).asDouble())) {
            throw refusal("has no number \"" + key + "\"");
        }
        return node.get(key).asDouble();
    }

    /** The elements of a list. */
    List<JsonNode> list(String key) throws PlansException {
        JsonNode list = node.path(key);
        if (!list.isArray() || list.size() > MAX_LENGTH) {
            throw refusal("has no list \"" + key + "\"" + (list.isArray() ? " of at most " + MAX_LENGTH : ""));
        }
        List<JsonNode> elements = new ArrayList<>();
        list.forEach(elements::add);
        return elements;
    }

    List<Integer> integers(String key) throws PlansException {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode element : list(key)) {
            numbers.add(integer(key, element));
        }
        return List.copyOf(numbers);
    }

    int integer(String key, JsonNode element) throws PlansException {
        if (!element.isIntegralNumber() || !element.canConvertToInt()) {
            throw refusal(
                    "\"" + key + "\" has " + Architecture.shown(element.toString()) + ", which is no whole number");
        }
        return element.asInt();
    }

    List<Double> positives(String key) throws PlansException {
        List<Double> numbers = new ArrayList<>();
        for (JsonNode element : list(key)) {
            double number = element.isNumber() ? element.asDouble() : Double.NaN;
            if (!(number > 0 && Double.isFinite(number))) {
                throw refusal("\"" + key + "\" has " + Architecture.shown(element.toString())
                        + ", which is no number above 0");
            }
            numbers.add(number);
        }
        return List.copyOf(numbers);
    }

    /** Refuses a value that is there and none of the known. */
    void requireOneOf(String key, String what, List<String> known) throws PlansException {
        if (has(key) && !known.contains(node.get(key).asText())) {
            throw refusal(what + " \"" + Architecture.shown(node.get(key).asText()) + "\" is not supported, only "
                    + String.join(", ", known));
        }
    }
}
