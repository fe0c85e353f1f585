package io.mdnc4j.training.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A reference case: a folder with {@code case.json} (what to compute) and {@code tensors.bin} (inputs and results, little
 * endian doubles).
 *
 * @param folder where it lies
 * @param json the whole of {@code case.json}
 * @param tensors the tensors by name
 */
record ReferenceCase(Path folder, JsonNode json, Map<String, Tensor> tensors) {
    private static final String DESCRIPTION = "case.json";

    /** One tensor, row-major; {@code type} is that of its elements in files of weights. */
    record Tensor(String name, String role, String key, String type, long[] shape, double[] values) {
        INDArray array(DataType type) {
            return Nd4j.createFromArray(values).reshape('c', shape).castTo(type);
        }
    }

    /**
     * The folders of cases in a folder and below it, those of models ({@link ModelCase}) too, in the order of their paths.
     *
     * @throws ArgumentException if there is none, or the folder cannot be read
     */
    static List<Path> under(Path folder) {
        ArgumentException.require(Files.exists(folder), "dir", folder + " does not exist", "check the path");
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> cases = paths.filter(path -> path.endsWith(DESCRIPTION)
                            || path.endsWith(ModelCase.RESULT) && ModelCase.is(path.getParent()))
                    .sorted()
                    .map(Path::getParent)
                    .toList();
            ArgumentException.require(
                    !cases.isEmpty(),
                    "dir",
                    folder + " has no case",
                    "give a folder with " + DESCRIPTION
                            + " in it or below, or a model folder of nnU-Net with images and " + ModelCase.RESULT);
            return cases;
        } catch (IOException | UncheckedIOException e) {
            throw new ArgumentException(
                    "dir", folder + " cannot be read (" + e.getMessage() + ")", "check the path", e);
        }
    }

    /**
     * Reads a case.
     *
     * @throws DataException if it is malformed
     */
    static ReferenceCase read(Path folder) {
        try {
            JsonNode json =
                    new ObjectMapper().readTree(folder.resolve(DESCRIPTION).toFile());
            require(folder, json, "id", "kind", "tensors");
            if (!json.get("kind").asText().equals(StoredForms.LAYOUTS)) {
                require(folder, json, "op", "args", "mode");
            }
            return new ReferenceCase(folder, json, tensors(folder, json));
        } catch (IOException e) {
            throw malformed(folder, "cannot be read: " + e.getMessage());
        }
    }

    private static DataException malformed(Path folder, String problem) {
        return new DataException("reference case " + folder + ": " + problem);
    }

    /** Why this case cannot be computed. */
    DataException malformed(String problem) {
        return malformed(folder, problem);
    }

    private static void require(Path folder, JsonNode json, String... fields) {
        for (String field : fields) {
            if (!json.hasNonNull(field)) {
                throw malformed(folder, DESCRIPTION + " has no \"" + field + "\"");
            }
        }
    }

    private static Map<String, Tensor> tensors(Path folder, JsonNode json) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (FileChannel file = FileChannel.open(folder.resolve("tensors.bin"))) {
            for (JsonNode entry : json.get("tensors")) {
                String name = entry.path("name").asText();
                long offset = entry.path("offset").asLong(-1);
                long count = entry.path("count").asLong(-1);
                long[] shape = longs(entry.path("shape"));
                boolean fits = offset >= 0 && count >= 0 && count <= (file.size() - offset) / Double.BYTES;
                if (!fits || Arrays.stream(shape).reduce(1, (a, b) -> a * b) != count) {
                    throw malformed(folder, "tensor \"" + name + "\" does not fit its shape or tensors.bin");
                }
                ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(count * Double.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
                while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) >= 0) {
                    // until all is there
                }
                double[] values = new double[(int) count];
                bytes.flip().asDoubleBuffer().get(values);
                String key = entry.path("key").asText("");
                String type =
                        entry.path("dtype").asText(json.path("stored_dtype").asText());
                tensors.put(name, new Tensor(name, entry.path("role").asText(), key, type, shape, values));
            }
        }
        return tensors;
    }

    private static long[] longs(JsonNode array) {
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asLong();
        }
        return values;
    }

    String id() {
        return json.get("id").asText();
    }

    String kind() {
        return json.get("kind").asText();
    }

    boolean training() {
        return json.get("mode").asText().equals("train");
    }

    double gradientScale() {
        return json.path("grad_scale").asDouble();
    }

    Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw malformed(folder, "no tensor \"" + name + "\"");
        }
        return tensor;
    }

    /** The tensors whose names begin so, by the rest of their names. */
    Map<String, Tensor> tensorsUnder(String prefix) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), tensor);
            }
        });
        return found;
    }
}
