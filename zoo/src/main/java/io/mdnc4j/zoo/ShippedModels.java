package io.mdnc4j.zoo;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.zoo.PretrainedType;

/** The trained models among this library's resources: rows of {@value #RESOURCE}. To ship another one, add a row and its file. */
final class ShippedModels {
    private static final String RESOURCE = "pretrained.json";

    static final ShippedModels TABLE = load();

    private final List<Row> rows;

    /**
     * One model.
     *
     * @param name by which it is asked for
     * @param model name of its network, such as {@code resnet.ae1d}
     * @param type DL4J's kind of training data, {@code null} if none describes it
     * @param resource its model file, beside the table
     * @param sha256 of that file
     */
    record Row(
            @JsonProperty("name") String name,
            @JsonProperty("model") String model,
            @JsonProperty("type") PretrainedType type,
            @JsonProperty("resource") String resource,
            @JsonProperty("sha256") String sha256) {
        Pretrained pretrained() {
            URL location = ShippedModels.class.getResource(resource);
            if (location == null) {
                throw new IllegalStateException("resource " + resource + " of model " + name + " is missing");
            }
            try {
                return Pretrained.resource(location.toURI(), sha256);
            } catch (URISyntaxException e) {
                throw new IllegalStateException("resource " + location + " has no URI", e);
            }
        }
    }

    ShippedModels(Row... rows) {
        this.rows = List.of(rows);
    }

    private static ShippedModels load() {
        try (InputStream in = ShippedModels.class.getResourceAsStream(RESOURCE)) {
            return new ShippedModels(JsonMapper.builder().build().readValue(in, Row[].class));
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + RESOURCE + " is damaged", e);
        }
    }

    List<String> names() {
        return rows.stream().map(Row::name).toList();
    }

    Pretrained named(String name) {
        return rows.stream()
                .filter(row -> row.name.equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new ArgumentException(
                        "name",
                        "no model \"" + name + "\" comes with this library",
                        "use one of " + (rows.isEmpty() ? "none" : String.join(", ", names()))))
                .pretrained();
    }

    /** The model of that network trained on that kind of data. */
    Optional<Pretrained> of(String model, PretrainedType type) {
        return rows.stream()
                .filter(row -> row.model.equals(model) && row.type == type)
                .findFirst()
                .map(Row::pretrained);
    }
}
