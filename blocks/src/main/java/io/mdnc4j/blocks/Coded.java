package io.mdnc4j.blocks;

import java.util.Arrays;

/** An option's value with a short name, by which command lines and files refer to it. */
public interface Coded {
    /** The short name, in lower case. */
    String code();

    /**
     * The value of that short name, in any case.
     *
     * @param argument name of the option, for the error message
     * @throws IllegalArgumentException if no value has it
     */
    static <T extends Enum<T> & Coded> T parse(Class<T> type, String argument, String code) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.code().equalsIgnoreCase(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(argument + ": " + code + "; use one of "
                        + String.join(
                                ", ",
                                Arrays.stream(type.getEnumConstants())
                                        .map(Coded::code)
                                        .toList())));
    }
}
