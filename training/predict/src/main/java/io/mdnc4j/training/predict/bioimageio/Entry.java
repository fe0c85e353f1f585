package io.mdnc4j.training.predict.bioimageio;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value in a stranger's YAML file, with the place where it stands. Values are maps, lists, texts, numbers or nothing; what is
 * asked for as something else is refused.
 *
 * @param place such as {@code inputs[0].axes}
 * @param value what stands there; {@code null} for nothing
 */
record Entry(String place, @Nullable Object value) {
    /** Of texts in messages. */
    private static final int MOST_SHOWN = 80;

    /** {@return whether there is nothing} */
    boolean isMissing() {
        return value == null;
    }

    /** {@return what a map has under a key; missing if it has not, or this is missing} */
    Entry get(String key) throws PackageException {
        String there = place.isEmpty() ? key : place + "." + key;
        if (value == null) {
            return new Entry(there, null);
        }
        if (value instanceof Map<?, ?> map) {
            return new Entry(there, map.get(key));
        }
        throw wrong("is no mapping");
    }

    /** {@return the keys of a map, which are texts} */
    List<String> keys() throws PackageException {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong("is no mapping");
        }
        List<String> keys = new ArrayList<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (entry.getValue() != null) {
                keys.add(new Entry(place, entry.getKey()).text());
            }
        }
        return keys;
    }

    /** {@return the elements of a list; none if this is missing} */
    List<Entry> list() throws PackageException {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong("is no list");
        }
        List<Entry> entries = new ArrayList<>();
        for (Object element : list) {
            entries.add(new Entry(place + "[" + entries.size() + "]", element));
        }
        return entries;
    }

    /** {@return a text} */
    String text() throws PackageException {
        if (value instanceof String text) {
            return text;
        }
        throw wrong(value == null ? "is missing" : "is no text");
    }

    /** {@return a text; empty if this is missing} */
    Optional<String> optionalText() throws PackageException {
        return value == null ? Optional.empty() : Optional.of(text());
    }

    /** {@return a finite number} */
    double number() throws PackageException {
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw wrong(value == null ? "is missing" : "is no finite number");
    }

    /** {@return a number, or another one if this is missing} */
    double number(double otherwise) throws PackageException {
        return value == null ? otherwise : number();
    }

    /** {@return a whole number from 1 to what an array's axis can have} */
    long size() throws PackageException {
        if (value instanceof Integer number && number >= 1) {
            return number;
        }
        throw wrong(value == null ? "is missing" : "is no size of 1 or more");
    }

    /** {@return whether this is a whole number} */
    boolean isWhole() {
        return value instanceof Integer;
    }

    /** {@return as many numbers: a list of them, or one that stands for all} */
    List<Double> numbers(int count) throws PackageException {
        if (!(value instanceof List)) {
            return Collections.nCopies(count, number());
        }
        List<Double> numbers = new ArrayList<>();
        for (Entry entry : list()) {
            numbers.add(entry.number());
        }
        if (numbers.size() != count) {
            throw wrong("has " + numbers.size() + " numbers, for " + count + " channels");
        }
        return numbers;
    }

    /** {@return what is wrong with it} */
    PackageException wrong(String problem) {
        String text = value instanceof String || value instanceof Number || value instanceof Boolean
                ? " (" + shortened(value.toString()) + ")"
                : "";
        return new PackageException(place + text + " " + problem);
    }

    private static String shortened(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
    }
}
