package io.mdnc4j.blocks;

import io.mdnc4j.blocks.io.PlainText;
import java.lang.reflect.Array;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a caller gave cannot be used: which argument, what it was, and what to do instead. All other
 * {@link IllegalArgumentException}s are faults of the program.
 *
 * <p>Its message is {@code argument: value; remedy}. Arguments have the names of the Java interface, such as
 * {@code kernelSize}; a command line that calls them otherwise translates {@link #argument()}. What stands in files
 * may be among it: characters that could steer a terminal are shown by their codes.
 */
public class ArgumentException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String argument;
    private final String value;
    private final String remedy;

    /**
     * An argument that cannot be used.
     *
     * @param argument name of the argument, as in the Java interface
     * @param value what was given, or what is wrong with it; arrays are shown by their elements
     * @param remedy what to do instead, as an instruction: {@code use at least 1}
     */
    public ArgumentException(String argument, @Nullable Object value, String remedy) {
        this(argument, value, remedy, null);
    }

    /**
     * The same with the exception that told.
     *
     * @param argument name of the argument, as in the Java interface
     * @param value what was given, or what is wrong with it; arrays are shown by their elements
     * @param remedy what to do instead, as an instruction: {@code use at least 1}
     * @param cause the exception that told, {@code null} for none
     */
    public ArgumentException(String argument, @Nullable Object value, String remedy, @Nullable Throwable cause) {
        super(PlainText.brief(argument + ": " + text(value) + "; " + remedy), cause);
        this.argument = argument;
        this.value = PlainText.brief(text(value));
        this.remedy = PlainText.brief(remedy);
    }

    /**
     * Refuses a value unless the condition holds.
     *
     * @param condition what must hold
     * @param argument name of the argument, as in the Java interface
     * @param value what was given, or what is wrong with it; arrays are shown by their elements
     * @param remedy what to do instead, as an instruction: {@code use at least 1}
     * @throws ArgumentException if it does not
     */
    public static void require(boolean condition, String argument, @Nullable Object value, String remedy) {
        if (!condition) {
            throw new ArgumentException(argument, value, remedy);
        }
    }

    /** {@return the name of the argument, such as {@code kernelSize}} */
    public String argument() {
        return argument;
    }

    /** {@return what was given, or what is wrong with it} */
    public String value() {
        return value;
    }

    /** {@return what to do instead} */
    public String remedy() {
        return remedy;
    }

    private static String text(@Nullable Object value) {
        if (value == null || !value.getClass().isArray()) {
            return String.valueOf(value);
        }
        Object[] elements = new Object[Array.getLength(value)];
        Arrays.setAll(elements, i -> Array.get(value, i));
        return Arrays.deepToString(elements);
    }
}
