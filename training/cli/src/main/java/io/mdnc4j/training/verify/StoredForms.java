package io.mdnc4j.training.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.mdnc4j.zoo.weights.TensorInfo;
import io.mdnc4j.zoo.weights.Weights;
import io.mdnc4j.zoo.weights.WeightsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/** The files of weights of a case: every form must hold the same tensors, to the last bit. */
final class StoredForms {
    /** Kind of cases whose weights are those of a network. */
    static final String CHECKPOINT = "checkpoint";

    /** Kind of cases with all ways in which tensors are stored, but no network. */
    static final String LAYOUTS = "checkpoint-layouts";

    private static final String NESTED = "nested";

    private StoredForms() {}

    /** Compares every tensor of every file; a file that cannot be read fails as a whole. */
    static List<Comparison> compare(ReferenceCase reference) {
        Map<String, ReferenceCase.Tensor> state = new LinkedHashMap<>();
        reference.tensors().values().stream()
                .filter(tensor -> tensor.role().matches("param|buffer|value"))
                .forEach(tensor -> state.put(tensor.key(), tensor));
        List<Comparison> comparisons = new ArrayList<>();
        for (JsonNode file : reference.json().path("files")) {
            if (!Files.exists(reference.folder().resolve(file.asText()))) {
                throw reference.malformed("no file " + file.asText());
            }
            Map<String, ReferenceCase.Tensor> expected = new LinkedHashMap<>(state);
            if (file.asText().startsWith(NESTED)) {
                List<String> nested = new ArrayList<>();
                reference.json().at("/nested/model").forEach(key -> nested.add(key.asText()));
                expected.keySet().retainAll(nested);
            }
            compare(reference.folder(), file.asText(), expected, comparisons);
        }
        if (comparisons.isEmpty()) {
            throw reference.malformed("names no files of weights");
        }
        return comparisons;
    }

    private static void compare(
            Path folder, String file, Map<String, ReferenceCase.Tensor> expected, List<Comparison> comparisons) {
        try {
            Weights weights = Weights.load(folder.resolve(file));
            Map<String, TensorInfo> found = weights.tensors();
            for (String key : found.keySet()) {
                if (!expected.containsKey(key)) {
                    comparisons.add(Comparison.failed(file + "/" + key));
                }
            }
            for (Map.Entry<String, ReferenceCase.Tensor> entry : expected.entrySet()) {
                String name = file + "/" + entry.getKey();
                TensorInfo info = found.get(entry.getKey());
                boolean there = info != null
                        && info.type().torchName().equals(entry.getValue().type());
                comparisons.add(
                        there
                                ? Comparison.of(
                                        name, entry.getValue(), weights.read(entry.getKey(), DataType.DOUBLE), 0)
                                : Comparison.failed(name));
            }
        } catch (WeightsException e) {
            comparisons.add(Comparison.failed(file));
        }
    }

    /** Loads the network's parameters from the first of the files. */
    static void load(ReferenceCase reference, ComputationGraph network) {
        try {
            JsonNode file = reference.json().path("files").elements().next();
            Weights.load(reference.folder().resolve(file.asText())).into(network);
        } catch (WeightsException e) {
            throw reference.malformed(e.getMessage());
        }
    }
}
