package io.mdnc4j.blocks;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * An enum whose values have short names, by which command lines and files refer to them. Here is the one place where such
 * names are read.
 */
public interface Coded {
    /**
     * {@return the constant's name in Java} Every enum has it.
     */
    String name();

    /**
     * {@return the short name, in lower case} Default: the constant's name in lower case.
     */
    default String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The value of that short name, in any case.
     *
     * @param <T> the enum
     * @param type the enum
     * @param argument name of the argument, for the error message
     * @param code the short name
     * @return the value
     * @throws ArgumentException if no value has that name; it lists those there are
     */
    static <T extends Enum<T> & Coded> T parse(Class<T> type, String argument, String code) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.code().equalsIgnoreCase(code))
                .findFirst()
                .orElseThrow(() -> new ArgumentException(
                        argument,
                        code,
                        Arrays.stream(type.getEnumConstants())
                                .map(Coded::code)
                                .collect(Collectors.joining(", ", "use one of ", ""))));
    }
}
