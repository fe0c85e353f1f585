package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values of {@link SpecOption}s, immutable; equal if the values are.
 *
 * <pre>{@code
 * SpecValues values = SpecValues.NONE.with(SpecOption.CHANNEL, 16).with(SpecOption.KERNEL_SIZE, List.of(3, 1, 5));
 * }</pre>
 */
public final class SpecValues {
    /** Nothing is given. */
    public static final SpecValues NONE = new SpecValues(Map.of());

    /** In the order of the table. */
    private final Map<SpecOption<?>, Object> values;

    private SpecValues(Map<SpecOption<?>, Object> given) {
        Map<SpecOption<?>, Object> ordered = new LinkedHashMap<>();
        for (SpecOption<?> option : SpecOption.all()) {
            if (given.containsKey(option)) {
                ordered.put(option, given.get(option));
            }
        }
        this.values = Collections.unmodifiableMap(ordered);
    }

    /**
     * {@return the values of JSON: an object's entries by the options' names, as a JSON reader returns them, with texts, numbers and
     * lists of these} {@code null} means none where an option may be none, otherwise that it is not given.
     *
     * @param json the text
     * @throws ArgumentException if there is no such option, or it has no such value
     */
    public static SpecValues of(Map<String, ? extends @Nullable Object> json) {
        SpecValues values = NONE;
        for (Map.Entry<String, ? extends @Nullable Object> entry : json.entrySet()) {
            SpecOption<?> option = SpecOption.named(entry.getKey());
            if (entry.getValue() != null || option.takesNone()) {
                values = values.withRead(option, entry.getValue());
            }
        }
        return values;
    }

    /**
     * {@return the same with another value}
     *
     * @param <T> type of the option's values
     * @param option the option
     * @param value {@code null} for what the option is unless given
     * @throws ArgumentException if it is out of range
     */
    public <T> SpecValues with(SpecOption<T> option, @Nullable T value) {
        if (value != null) {
            return withRead(option, value);
        }
        Map<SpecOption<?>, Object> rest = new LinkedHashMap<>(values);
        rest.remove(option);
        return new SpecValues(rest);
    }

    /**
     * {@return the same with the value that {@link SpecOption#read} returns for what was given}
     *
     * @param option the option
     * @param given what is given
     * @throws ArgumentException if it stands for none, or is out of range
     */
    public SpecValues withRead(SpecOption<?> option, @Nullable Object given) {
        return new SpecValues(put(option, option.read(given)));
    }

    /**
     * {@return the same with all of the other's values, which replace these}
     *
     * @param others the other values
     */
    public SpecValues with(SpecValues others) {
        Map<SpecOption<?>, Object> all = new LinkedHashMap<>(values);
        all.putAll(others.values);
        return new SpecValues(all);
    }

    private Map<SpecOption<?>, Object> put(SpecOption<?> option, Object value) {
        Map<SpecOption<?>, Object> all = new LinkedHashMap<>(values);
        all.put(option, value);
        return all;
    }

    /**
     * {@return the value of an option; {@code null} if it is not given}
     *
     * @param <T> type of the option's values
     * @param option the option
     */
    @SuppressWarnings("unchecked") // only values of the option's type are put there
    public <T> @Nullable T get(SpecOption<T> option) {
        return (T) values.get(option);
    }

    /**
     * {@return the value of an option, or another one if it is not given}
     *
     * @param <T> type of the option's values
     * @param option the option
     * @param otherwise what to return then
     */
    public <T> T getOr(SpecOption<T> option, T otherwise) {
        T value = get(option);
        return value == null ? otherwise : value;
    }

    /**
     * {@return the options that are given, in the order of {@link SpecOption#all()}}
     */
    public Set<SpecOption<?>> given() {
        return values.keySet();
    }

    /**
     * All values that this network or block has, with those that were not given.
     *
     * @throws ArgumentException if one is given that it does not have, one is missing, or one is out of range
     */
    SpecValues checked(SpecOption.Subject subject) {
        for (SpecOption<?> option : given()) {
            if (!option.isOf(subject.network())) {
                throw new ArgumentException(
                        option.name(), text(option) + " does not apply to " + subject.name(), "leave it out");
            }
        }
        Map<SpecOption<?>, Object> checked = new LinkedHashMap<>();
        for (SpecOption<?> option : SpecOption.all()) {
            if (option.isOf(subject.network())) {
                Object value = checked(option, subject);
                if (value != null) {
                    checked.put(option, value);
                }
            }
        }
        return new SpecValues(checked);
    }

    private <T> @Nullable T checked(SpecOption<T> option, SpecOption.Subject subject) {
        T given = get(option);
        T value = given == null ? option.otherwise(subject) : given;
        return value == null ? null : option.checked(subject, value);
    }

    /**
     * {@return the value of an option as a text that {@link SpecOption#read} reads; empty if it is not given}
     *
     * @param <T> type of the option's values
     * @param option the option
     */
    public <T> String text(SpecOption<T> option) {
        T value = get(option);
        return value == null ? "" : option.text(value);
    }

    /**
     * {@return by names in JSON what {@link #of} reads: names of constants, numbers and lists of these}
     */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        values.forEach(
                (option, value) -> json.put(option.jsonName(), option.codes().isEmpty() ? value : text(option)));
        return json;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SpecValues that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** Names and values: {@code {channel=16, kernelSize=[3, 1, 5]}}. */
    @Override
    public String toString() {
        return values.toString();
    }
}
