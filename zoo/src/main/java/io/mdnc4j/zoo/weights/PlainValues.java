package io.mdnc4j.zoo.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a checkpoint says beside its tensors: texts, numbers, truth values and lists of these, of few words. */
final class PlainValues {
    /** Elements of a list, and entries in all: what is longer are records of a training. */
    private static final int MAX_LENGTH = 64;

    private static final int MAX_ENTRIES = 256;
    private static final int MAX_TEXT = 256;

    private PlainValues() {}

    /** Those at the top and in dictionaries there, by their keys, which a dot joins. */
    static Map<String, Object> of(Map<Object, Object> root) {
        Map<String, Object> values = new LinkedHashMap<>();
        root.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                inner.forEach((name, within) -> {
                    if (key instanceof String outer && name instanceof String own) {
                        put(values, outer + "." + own, within);
                    }
                });
            } else if (key instanceof String name) {
                put(values, name, value);
            }
        });
        return Collections.unmodifiableMap(values);
    }

    private static void put(Map<String, Object> values, String key, Object value) {
        Object plain = plain(value);
        if (plain != null && key.length() <= MAX_TEXT && values.size() < MAX_ENTRIES) {
            values.put(key, plain);
        }
    }

    /** {@code null} for what is none. */
    private static Object plain(Object value) {
        if (isSingle(value)) {
            return value;
        }
        List<?> several =
                value instanceof Object[] tuple ? Arrays.asList(tuple) : value instanceof List<?> list ? list : null;
        if (several == null || several.size() > MAX_LENGTH || !several.stream().allMatch(PlainValues::isSingle)) {
            return null;
        }
        return Collections.unmodifiableList(new ArrayList<>(several));
    }

    private static boolean isSingle(Object value) {
        return value instanceof Number
                || value instanceof Boolean
                || value instanceof String text && text.length() <= MAX_TEXT;
    }
}
