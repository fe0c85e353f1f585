package io.mdnc4j.zoo.weights;

import io.mdnc4j.zoo.TwinNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensors that a state_dict has under several names, each under the first of them: {@link TwinNames}.
 *
 * @param tensors by the first of their names; those without twins as they are
 * @param pairs tensors of one name that are stored apart, and so must be equal
 */
record Twins(Map<String, StoredTensor> tensors, List<Pair> pairs) {
    /** Two tensors of one name. */
    record Pair(String name, String twin, StoredTensor first, StoredTensor second) {}

    /**
     * The tensors without those that are twins of others.
     *
     * @throws WeightsException if twins have other shapes
     */
    static Twins of(Map<String, StoredTensor> stored) throws WeightsException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        List<Pair> pairs = new ArrayList<>();
        for (Map.Entry<String, StoredTensor> entry : stored.entrySet()) {
            String name = TwinNames.first(entry.getKey());
            StoredTensor second = entry.getValue();
            StoredTensor first = tensors.putIfAbsent(name, second);
            if (first == null || first.sameView(second) || first.elements() == 0 && second.elements() == 0) {
                continue;
            }
            if (!Arrays.equals(first.shape(), second.shape())) {
                throw differ(name, entry.getKey());
            }
            pairs.add(new Pair(name, entry.getKey(), first, second));
        }
        return new Twins(tensors, pairs);
    }

    static WeightsException differ(String name, String twin) {
        return new WeightsException(
                "\"" + twin + "\" is another name for \"" + name + "\", but the two tensors differ");
    }
}
