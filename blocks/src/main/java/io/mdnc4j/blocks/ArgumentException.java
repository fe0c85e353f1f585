package io.mdnc4j.blocks;

import java.lang.reflect.Array;
import java.util.Arrays;

/**
 * What a caller gave cannot be used: which argument, what it was, and what to do instead. All other
 * {@link IllegalArgumentException}s are faults of the program.
 *
 * <p>Its message is {@code argument: value; remedy}. Arguments have the names of the Java interface, such as
 * {@code kernelSize}; a command line that calls them otherwise translates {@link #argument()}.
 */
public class ArgumentException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String argument;
    private final String value;
    private final String remedy;

    /**
     * @param argument name of the argument, as in the Java interface
     * @param value what was given, or what is wrong with it; arrays are shown by their elements
     * @param remedy what to do instead, as an instruction: {@code use at least 1}
     */
    public ArgumentException(String argument, Object value, String remedy) {
        this(argument, value, remedy, null);
    }

    /** The same with the exception that told. */
    public ArgumentException(String argument, Object value, String remedy, Throwable cause) {
        super(argument + ": " + text(value) + "; " + remedy, cause);
        this.argument = argument;
        this.value = text(value);
        this.remedy = remedy;
    }

    /**
     * Refuses a value unless the condition holds.
     *
     * @throws ArgumentException if it does not
     */
    public static void require(boolean condition, String argument, Object value, String remedy) {
        if (!condition) {
            throw new ArgumentException(argument, value, remedy);
        }
    }

    /** Name of the argument, such as {@code kernelSize}. */
    public String argument() {
        return argument;
    }

    /** What was given, or what is wrong with it. */
    public String value() {
        return value;
    }

    /** What to do instead. */
    public String remedy() {
        return remedy;
    }

    private static String text(Object value) {
        if (value == null || !value.getClass().isArray()) {
            return String.valueOf(value);
        }
        Object[] elements = new Object[Array.getLength(value)];
        Arrays.setAll(elements, i -> Array.get(value, i));
        return Arrays.deepToString(elements);
    }
}
