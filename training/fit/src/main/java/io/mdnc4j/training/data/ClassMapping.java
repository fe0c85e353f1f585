package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.objects.TouchingObjects;
import io.mdnc4j.training.predict.Example;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which class the values of targets stand for: that of the first rule that holds. Without rules each whole number is a class of
 * its own.
 *
 * <pre>{@code
 * ClassMapping.parse("0:0,255:1")                // masks of 0 and 255 as those of 0 and 1
 * ClassMapping.parse("0..127:ground,*:cell")     // blurred masks, numbered cells
 * ClassMapping.parse("#000000:0,#ff0000:1,*:-1") // colours; all others belong to no class
 * ClassMapping.parse("objects")                  // numbered objects, which may touch
 * }</pre>
 *
 * @param rules in their order
 */
public record ClassMapping(List<Rule> rules) {
    /** No rules. */
    public static final ClassMapping NONE = new ClassMapping(List.of());

    /** The class of what belongs to none. */
    private static final String UNLABELLED = String.valueOf(Example.UNLABELLED);

    /**
     * Numbered objects as background, inside and border: rules for what {@link TouchingObjects#classes} makes of a target before
     * they are looked at. Their values are such as no text can give.
     */
    public static final ClassMapping OBJECTS = new ClassMapping(IntStream.range(0, TouchingObjects.CLASSES.size())
            .mapToObj(number ->
                    new Rule(TouchingObjects.CODE + " " + number, number, number, TouchingObjects.CLASSES.get(number)))
            .toList());

    private static final String NUMBER = "[-+]?\\d+(?:\\.\\d+)?";
    private static final Pattern RULE =
            Pattern.compile("(\\*|#[0-9a-fA-F]{6}|(" + NUMBER + ")(?:\\.\\.(" + NUMBER + "))?)\\s*:\\s*(\\S.*)");
    private static final String WHOLE = "-?\\d{1,18}";
    private static final int HEX = 16;
    private static final int GREEN = 8;
    private static final int BYTE = 0xff;

    /**
     * Values of one class.
     *
     * @param values as they are written: a number, a range such as {@code 1..5}, a colour such as {@code #ff0000}, or {@code *}
     * @param low the least number
     * @param high the greatest number
     * @param name of the class; {@code -1} for none
     */
    public record Rule(String values, double low, double high, String name) {}

    /**
     * Copies the list.
     *
     * @param rules in their order
     */
    public ClassMapping {
        rules = List.copyOf(rules);
    }

    /**
     * Reads rules.
     *
     * @param text rules {@code values:class} with commas between, or {@code objects}
     * @return the rules
     * @throws ArgumentException if one cannot be understood
     */
    public static ClassMapping parse(String text) {
        if (text.strip().equalsIgnoreCase(TouchingObjects.CODE)) {
            return OBJECTS;
        }
        List<Rule> rules = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher rule = RULE.matcher(part.strip());
            ArgumentException.require(
                    rule.matches(),
                    "classes",
                    '"' + part + '"',
                    "give values and class, such as 0:0,255:1 or 0..127:ground,128..255:cell or *:1 for all others, or objects for"
                            + " numbered ones");
            rules.add(rule(
                    rule.group(1), rule.group(2), rule.group(3), rule.group(4).strip()));
        }
        return new ClassMapping(rules);
    }

    private static Rule rule(String values, @Nullable String low, @Nullable String high, String name) {
        if (low != null) {
            double least = Double.parseDouble(low);
            return new Rule(values, least, high == null ? least : Double.parseDouble(high), name);
        }
        if (values.equals("*")) {
            return new Rule(values, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, name);
        }
        int colour = Integer.parseInt(values.substring(1), HEX);
        boolean grey = colour >> GREEN == (colour & (1 << 2 * GREEN) - 1);
        double number = grey ? colour & BYTE : -2.0 - colour;
        return new Rule(values.toLowerCase(Locale.ROOT), number, number, name);
    }

    /** {@return whether there are no rules} */
    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** {@return whether targets are numbered objects} */
    public boolean isOfObjects() {
        return equals(OBJECTS);
    }

    /** {@return whether colours are told apart} */
    public boolean hasColours() {
        return rules.stream().anyMatch(rule -> rule.values.startsWith("#"));
    }

    /** {@return the classes, each once: by size if all are whole numbers, else in the order of the rules} */
    public List<String> names() {
        List<String> names = rules.stream()
                .map(Rule::name)
                .filter(name -> !name.equals(UNLABELLED))
                .distinct()
                .toList();
        return names.stream().allMatch(name -> name.matches(WHOLE))
                ? names.stream()
                        .sorted(Comparator.comparingLong(Long::parseLong))
                        .toList()
                : names;
    }

    /**
     * The class of a value.
     *
     * @param value of a target
     * @param colours whether it is one of {@link StoredArray#colourNumbers}
     * @return its name, {@code -1} for what belongs to none; {@code null} if the value stands for no class
     */
    public @Nullable String name(double value, boolean colours) {
        if (rules.isEmpty()) {
            return value != Math.rint(value)
                    ? null
                    : colours ? StoredArray.colourName(value) : String.valueOf((long) value);
        }
        return rules.stream()
                .filter(rule -> value >= rule.low && value <= rule.high)
                .map(Rule::name)
                .findFirst()
                .orElse(value == Example.UNLABELLED ? UNLABELLED : null);
    }

    /**
     * The numbers of the classes that values stand for, in place.
     *
     * @param values of a target
     * @param colours whether they are {@link StoredArray#colourNumbers}
     * @param classes names of the classes in the order of their numbers
     * @throws IllegalArgumentException with the first value that stands for none of them
     */
    void number(float[] values, boolean colours, List<String> classes) {
        float last = Float.NaN;
        float number = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != last) {
                last = values[i];
                String name = name(last, colours);
                number = UNLABELLED.equals(name) ? Example.UNLABELLED : classes.indexOf(name);
                if (number < 0 && !UNLABELLED.equals(name)) {
                    throw new IllegalArgumentException(colours ? StoredArray.colourName(last) : String.valueOf(last));
                }
            }
            values[i] = number;
        }
    }

    /** {@return the rules as {@link #parse} reads them} */
    @Override
    public String toString() {
        return isOfObjects()
                ? TouchingObjects.CODE
                : rules.stream().map(rule -> rule.values + ":" + rule.name).collect(Collectors.joining(","));
    }
}
