package io.mdnc4j.zoo.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the tensors of a file fit the parameters of a network.
 *
 * @param loaded keys in the network, with those in the file
 * @param missing parameters that the file does not have, with shapes
 * @param unexpected tensors that the network does not have, with shapes
 * @param misshapen parameters that have other shapes in the file, with both
 */
public record Match(Map<String, String> loaded, List<String> missing, List<String> unexpected, List<String> misshapen) {
    /** PyTorch's count of the batches of a normalisation; DL4J has the iteration count instead. */
    static final String NOT_KEPT = "num_batches_tracked";

    /**
     * Maps and lists are copied, in their order.
     *
     * @param loaded keys in the network, with those in the file
     * @param missing parameters that the file does not have, with shapes
     * @param unexpected tensors that the network does not have, with shapes
     * @param misshapen parameters that have other shapes in the file, with both
     */
    public Match {
        loaded = Collections.unmodifiableMap(new LinkedHashMap<>(loaded));
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
        misshapen = List.copyOf(misshapen);
    }

    static Match of(Map<String, TensorInfo> stored, Map<String, long[]> shapes) {
        Map<String, String> loaded = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        String prefix = KeyPrefix.of(stored.keySet(), shapes.keySet());
        shapes.forEach((key, shape) -> {
            TensorInfo tensor = stored.get(prefix + key);
            if (tensor == null) {
                missing.add(key + " " + Arrays.toString(shape));
            } else if (!Arrays.equals(tensor.shape(), shape)) {
                misshapen.add(key + " " + tensor.shapeText() + " instead of " + Arrays.toString(shape));
            } else {
                loaded.put(key, tensor.key());
            }
        });
        stored.forEach((key, tensor) -> {
            boolean known = key.startsWith(prefix) && shapes.containsKey(key.substring(prefix.length()));
            if (!known && !key.endsWith(NOT_KEPT)) {
                unexpected.add(key + " " + tensor.shapeText());
            }
        });
        return new Match(loaded, missing, unexpected, misshapen);
    }

    /**
     * {@return whether every parameter has its tensor and every tensor its parameter}
     */
    public boolean complete() {
        return missing.isEmpty() && unexpected.isEmpty() && misshapen.isEmpty();
    }

    /** What does not fit, in one line: how many first, then which. */
    @Override
    public String toString() {
        Map<String, List<String>> wrong = new LinkedHashMap<>();
        wrong.put("missing", missing);
        wrong.put("unexpected", unexpected);
        wrong.put("misshapen", misshapen);
        wrong.values().removeIf(List::isEmpty);
        if (wrong.isEmpty()) {
            return loaded.size() + " tensors fit";
        }
        List<String> counts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        wrong.forEach((what, tensors) -> {
            counts.add(tensors.size() + " " + what);
            names.add(what + ": " + String.join(", ", tensors));
        });
        return String.join(", ", counts) + "; " + String.join("; ", names);
    }
}
