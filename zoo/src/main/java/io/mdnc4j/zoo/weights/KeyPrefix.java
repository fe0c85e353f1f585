package io.mdnc4j.zoo.weights;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What wrappers put before every key of a state_dict: {@code module.}, {@code model.}, {@code _orig_mod.} ... */
final class KeyPrefix {
    private static final int MAX_PARTS = 8;

    private KeyPrefix() {}

    /**
     * The prefix under which the stored keys have the most of the wanted ones; empty if none has any.
     *
     * @param wanted keys without prefix
     */
    static String of(Collection<String> stored, Set<String> wanted) {
        Map<String, Integer> found = new HashMap<>();
        for (String key : stored) {
            int start = 0;
            for (int part = 0; part <= MAX_PARTS; part++) {
                if (wanted.contains(key.substring(start))) {
                    found.merge(key.substring(0, start), 1, Integer::sum);
                }
                start = key.indexOf('.', start) + 1;
                if (start == 0) {
                    break;
                }
            }
        }
        return found.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(entry -> -entry.getKey().length()))
                .map(Map.Entry::getKey)
                .orElse("");
    }
}
