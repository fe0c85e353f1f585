package io.mdnc4j.zoo.weights;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the state_dict in what a file holds: at the top, or nested under a key. */
final class StateFinder {
    private static final int MAX_DEPTH = 8;

    private final Map<Object, Object> root;

    /** Dictionaries with tensors by their keys, joined by dots, from the outside in. */
    private final Map<String, Map<Object, Object>> withTensors = new LinkedHashMap<>();

    /** A dictionary within others. */
    private record Nested(String key, int depth, Map<Object, Object> map) {}

    StateFinder(Map<Object, Object> root) {
        this.root = root;
        Set<Map<?, ?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Nested> waiting = new ArrayDeque<>();
        seen.add(root);
        waiting.add(new Nested("", 0, root));
        while (!waiting.isEmpty()) {
            Nested next = waiting.remove();
            if (next.map.values().stream().anyMatch(StoredTensor.class::isInstance)) {
                withTensors.put(next.key, next.map);
            }
            next.map.forEach((key, value) -> {
                // an optimiser's state is under numbers
                if (next.depth < MAX_DEPTH
                        && key instanceof String name
                        && value instanceof Map<?, ?> inner
                        && seen.add(inner)) {
                    String path = next.key.isEmpty() ? name : next.key + "." + name;
                    waiting.add(new Nested(path, next.depth + 1, cast(inner)));
                }
            });
        }
    }

    @SuppressWarnings("unchecked") // readers make no others
    private static Map<Object, Object> cast(Map<?, ?> map) {
        return (Map<Object, Object>) map;
    }

    /** The tensors under that key. */
    Map<String, StoredTensor> under(String key) throws WeightsException {
        Map<Object, Object> found = withTensors.get(key);
        if (found == null) {
            throw new WeightsException("key: no tensors under \"" + key + "\"; " + candidates());
        }
        return tensors(found);
    }

    /** The tensors of the file if it has nothing else, else those of the one dictionary that has nothing else. */
    Map<String, StoredTensor> only() throws WeightsException {
        if (allTensors(root)) {
            return tensors(root);
        }
        List<Map<Object, Object>> pure =
                withTensors.values().stream().filter(StateFinder::allTensors).toList();
        Collection<Map<Object, Object>> found = pure.isEmpty() ? withTensors.values() : pure;
        if (found.size() != 1) {
            throw new WeightsException("key: not given, and the state_dict is not clear; " + candidates());
        }
        return tensors(found.iterator().next());
    }

    private static boolean allTensors(Map<Object, Object> map) {
        return map.values().stream().allMatch(StoredTensor.class::isInstance);
    }

    private String candidates() {
        return withTensors.isEmpty()
                ? "the file has no tensors under names"
                : "the file has tensors under "
                        + String.join(
                                ", ",
                                withTensors.keySet().stream()
                                        .limit(20)
                                        .map(key -> key.isEmpty() ? "\"\" (the top)" : "\"" + key + "\"")
                                        .toList());
    }

    private static Map<String, StoredTensor> tensors(Map<Object, Object> map) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (key instanceof String name && value instanceof StoredTensor tensor) {
                tensors.put(name, tensor);
            }
        });
        return tensors;
    }
}
