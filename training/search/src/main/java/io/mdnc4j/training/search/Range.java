package io.mdnc4j.training.search;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonValue;

/**
 * The values that a setting may take: those of a list, or those between two numbers. In JSON a value, a list of values, or
 * {@code {"min": 4, "max": 32, "scale": "log"}}, where the scale is {@code linear} unless given.
 *
 * @param values strings and numbers to choose from; empty for an interval
 * @param least smallest value of an interval
 * @param most largest value of an interval
 * @param logarithmic whether an interval is drawn from on a logarithmic scale
 */
public record Range(List<Object> values, double least, double most, boolean logarithmic) {
    private static final String MIN = "min";
    private static final String MAX = "max";
    private static final String SCALE = "scale";
    private static final String LINEAR = "linear";
    private static final String LOG = "log";

    /**
     * Checks the interval, and copies the list.
     *
     * @param values strings and numbers; empty for an interval
     * @param least smallest value of an interval, above 0 on a logarithmic scale
     * @param most largest value of an interval, {@code least} or more
     * @param logarithmic whether an interval is drawn from on a logarithmic scale
     * @throws ArgumentException if the interval is empty, not finite, or reaches zero on a logarithmic scale
     */
    public Range {
        values = List.copyOf(values);
        ArgumentException.require(
                least <= most && Double.isFinite(least) && Double.isFinite(most),
                MIN,
                least + ", " + MAX + ": " + most,
                "give finite numbers, min first");
        ArgumentException.require(
                !logarithmic || least > 0, MIN, least + " on a logarithmic scale", "give more than 0");
    }

    /**
     * These values, equally likely; a single one fixes the setting.
     *
     * @param values strings and numbers, at least one
     * @return a list to choose from
     * @throws ArgumentException if there is none
     */
    public static Range of(Object... values) {
        ArgumentException.require(values.length > 0, "values", "none", "give at least one");
        return new Range(Arrays.asList(values), 0, 0, false);
    }

    /**
     * All values from {@code least} to {@code most}, equally likely.
     *
     * @param least smallest value
     * @param most largest value
     * @return an interval
     * @throws ArgumentException if it is empty or not finite
     */
    public static Range between(double least, double most) {
        return new Range(List.of(), least, most, false);
    }

    /**
     * All values from {@code least} to {@code most}, every factor equally likely.
     *
     * @param least smallest value, above 0
     * @param most largest value
     * @return an interval with a logarithmic scale
     * @throws ArgumentException if it is empty, not finite, or reaches zero
     */
    public static Range logBetween(double least, double most) {
        return new Range(List.of(), least, most, true);
    }

    /**
     * The range that strings, numbers, lists and maps of these describe, as a JSON reader returns them.
     *
     * @param json a string or number, a list of these, or a map with {@code min}, {@code max} and perhaps {@code scale};
     *     {@code null} is refused as anything else is
     * @return the range
     * @throws ArgumentException if it describes none
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Range parse(@Nullable Object json) {
        if (json instanceof List<?> list) {
            return of(list.stream().map(Range::scalar).toArray());
        }
        if (json instanceof Map<?, ?> map) {
            ArgumentException.require(
                    Set.of(MIN, MAX, SCALE).containsAll(map.keySet()),
                    "interval",
                    map.keySet(),
                    "give " + MIN + ", " + MAX + ", " + SCALE);
            Object scale = map.containsKey(SCALE) ? map.get(SCALE) : LINEAR;
            ArgumentException.require(
                    LINEAR.equals(scale) || LOG.equals(scale), SCALE, scale, "use " + LINEAR + " or " + LOG);
            return new Range(List.of(), number(map, MIN), number(map, MAX), LOG.equals(scale));
        }
        return of(scalar(json));
    }

    private static Object scalar(@Nullable Object value) {
        if (value instanceof String || value instanceof Number) {
            return value;
        }
        throw new ArgumentException(
                "values", value, "give a value, a list of values, or {\"" + MIN + "\": ..., \"" + MAX + "\": ...}");
    }

    private static double number(Map<?, ?> map, String key) {
        if (map.get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw new ArgumentException(key, map.get(key), "give a number");
    }

    /** {@return what {@link #parse} reads: a value, a list of values, or a map} */
    @JsonValue
    public Object toJson() {
        if (!isInterval()) {
            return values.size() == 1 ? values.get(0) : values;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(MIN, least);
        map.put(MAX, most);
        if (logarithmic) {
            map.put(SCALE, LOG);
        }
        return map;
    }

    /** Whether all numbers between two belong to it. */
    boolean isInterval() {
        return values.isEmpty();
    }

    /** Whether it has one value only. */
    boolean isFixed() {
        return isInterval() ? least == most : values.size() == 1;
    }
}
