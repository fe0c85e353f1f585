package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the values of an option are read and which there are. Values are immutable.
 *
 * @param <T> what they are in Java
 */
abstract class ValueType<T> {
    /** What stands for none, in texts. */
    private static final Set<String> NONE = Set.of("none", "null");

    /**
     * The value that was given, as itself, as text, or as a JSON reader returns it.
     *
     * @throws ArgumentException if it is none of this type or out of range
     */
    abstract T read(String argument, @Nullable Object given);

    /** How one value is called in a command's help: {@code N}. */
    abstract String label();

    /** The value as text, which {@link #read} reads. */
    String text(T value) {
        return value.toString();
    }

    /** Whether {@code null} is a value. */
    boolean takesNone() {
        return false;
    }

    /** Whether a value is several. */
    boolean isList() {
        return false;
    }

    /** The names of all values; empty if these are numbers. */
    List<String> codes() {
        return List.of();
    }

    /** The smallest number. */
    double min() {
        return Double.NaN;
    }

    /** The largest number. */
    double max() {
        return Double.NaN;
    }

    private static boolean isNone(@Nullable Object given) {
        return given == null
                || given instanceof String text && NONE.contains(text.strip().toLowerCase(Locale.ROOT));
    }

    /** Whole numbers from {@code min} on that fit an int. */
    static ValueType<Integer> integer(int min) {
        return new Whole<>(min, false, BigInteger::intValueExact);
    }

    /** The same, of which 0 is none. */
    static ValueType<Integer> integerOrNone() {
        return new Whole<>(0, true, BigInteger::intValueExact);
    }

    /** Counts and sizes: whole numbers from 1 on that fit an int, as array sizes must. */
    static ValueType<Long> size() {
        return new Whole<>(1, false, BigInteger::longValueExact);
    }

    /** Factors: numbers above 0. */
    static ValueType<Double> factor() {
        return new Factor();
    }

    /** Yes or no. */
    static ValueType<Boolean> flag() {
        return new Flag();
    }

    /** Constants by their short names. */
    static <E extends Enum<E> & Coded> ValueType<E> coded(String label, Class<E> type) {
        return new Code<>(label, type);
    }

    /** Several, or a single one without brackets. */
    static <E> ValueType<List<E>> list(ValueType<E> element, String label, int minCount, int maxCount, String remedy) {
        return new Several<>(element, label, ",", minCount, maxCount, remedy);
    }

    /** Lists of lists: the inner ones are joined by {@code x}, {@code 1x3x3,3x3x3}. */
    static <E> ValueType<List<List<E>>> lists(
            ValueType<E> element, String label, int maxInner, int maxCount, String remedy) {
        return new Several<>(new Several<>(element, label, "x", 1, maxInner, remedy), label, ",", 1, maxCount, remedy);
    }

    private static final class Whole<T extends Number> extends ValueType<T> {
        private static final BigInteger MAX = BigInteger.valueOf(Integer.MAX_VALUE);

        private final BigInteger min;
        private final boolean orNone;
        private final Function<BigInteger, T> box;

        Whole(int min, boolean orNone, Function<BigInteger, T> box) {
            this.min = BigInteger.valueOf(min);
            this.orNone = orNone;
            this.box = box;
        }

        @Override
        T read(String argument, @Nullable Object given) {
            if (orNone && isNone(given)) {
                return box.apply(BigInteger.ZERO);
            }
            BigInteger number;
            try {
                number = given instanceof Number
                        ? new BigDecimal(given.toString()).toBigIntegerExact()
                        : new BigInteger(String.valueOf(given).strip());
            } catch (NumberFormatException e) {
                throw new ArgumentException(argument, given, "use a whole number" + (orNone ? " or none" : ""), e);
            } catch (ArithmeticException e) {
                throw new ArgumentException(argument, given, "use a whole number", e);
            }
            String least = orNone ? "use at least 1, or none (0) for a map of features" : "use at least " + min;
            ArgumentException.require(number.compareTo(min) >= 0, argument, given, least);
            ArgumentException.require(number.compareTo(MAX) <= 0, argument, given, "use at most " + MAX);
            return box.apply(number);
        }

        @Override
        String label() {
            return "N";
        }

        @Override
        boolean takesNone() {
            return orNone;
        }

        @Override
        double min() {
            return min.doubleValue();
        }

        @Override
        double max() {
            return MAX.doubleValue();
        }
    }

    private static final class Factor extends ValueType<Double> {
        @Override
        Double read(String argument, @Nullable Object given) {
            double number;
            try {
                number = Double.parseDouble(String.valueOf(given));
            } catch (NumberFormatException e) {
                throw new ArgumentException(argument, given, "use a number", e);
            }
            ArgumentException.require(number > 0, argument, given, "use a number above 0");
            ArgumentException.require(number <= max(), argument, given, "use at most " + Integer.MAX_VALUE);
            return number;
        }

        @Override
        String label() {
            return "N";
        }

        @Override
        String text(Double value) {
            return value == Math.rint(value)
                    ? BigDecimal.valueOf(value).toBigInteger().toString()
                    : value.toString();
        }

        @Override
        double min() {
            return Double.MIN_VALUE;
        }

        @Override
        double max() {
            return Integer.MAX_VALUE;
        }
    }

    private static final class Flag extends ValueType<Boolean> {
        @Override
        Boolean read(String argument, @Nullable Object given) {
            String text = String.valueOf(given).strip().toLowerCase(Locale.ROOT);
            ArgumentException.require(
                    text.equals("true") || text.equals("false"), argument, given, "use true or false");
            return text.equals("true");
        }

        @Override
        String label() {
            return "true|false";
        }
    }

    private static final class Code<E extends Enum<E> & Coded> extends ValueType<E> {
        private final String label;
        private final Class<E> type;

        Code(String label, Class<E> type) {
            this.label = label;
            this.type = type;
        }

        @Override
        E read(String argument, @Nullable Object given) {
            return type.isInstance(given) ? type.cast(given) : Coded.parse(type, argument, String.valueOf(given));
        }

        @Override
        String label() {
            return label;
        }

        @Override
        String text(E value) {
            return value.code();
        }

        @Override
        List<String> codes() {
            return Arrays.stream(type.getEnumConstants()).map(Coded::code).toList();
        }
    }

    private static final class Several<E> extends ValueType<List<E>> {
        private final ValueType<E> element;
        private final String label;
        private final String separator;
        private final int minCount;
        private final int maxCount;
        private final String remedy;

        Several(ValueType<E> element, String label, String separator, int minCount, int maxCount, String remedy) {
            this.element = element;
            this.label = label;
            this.separator = separator;
            this.minCount = minCount;
            this.maxCount = maxCount;
            this.remedy = remedy;
        }

        @Override
        List<E> read(String argument, @Nullable Object given) {
            List<?> elements = elements(given);
            ArgumentException.require(
                    elements.size() >= minCount && elements.size() <= maxCount, argument, shown(given), remedy);
            List<E> read = new ArrayList<>();
            for (Object one : elements) {
                try {
                    read.add(element.read(argument, one));
                } catch (ArgumentException e) {
                    throw new ArgumentException(argument, shown(given), e.remedy(), e);
                }
            }
            return List.copyOf(read);
        }

        private static @Nullable Object shown(@Nullable Object given) {
            return given instanceof Collection<?> several ? several.toArray() : given;
        }

        private List<?> elements(@Nullable Object given) {
            if (given instanceof String text) {
                return Arrays.asList(text.split(separator, -1));
            }
            if (given instanceof Collection<?> several) {
                return new ArrayList<>(several);
            }
            if (given != null && given.getClass().isArray()) {
                List<Object> elements = new ArrayList<>();
                for (int i = 0; i < Array.getLength(given); i++) {
                    elements.add(Array.get(given, i));
                }
                return elements;
            }
            return Arrays.asList(given);
        }

        @Override
        String label() {
            String one = element.isList() ? element.label() : label;
            return one + "[" + separator + one + "...]";
        }

        @Override
        String text(List<E> value) {
            return String.join(separator, value.stream().map(element::text).toList());
        }

        @Override
        boolean isList() {
            return true;
        }

        @Override
        double min() {
            return element.min();
        }

        @Override
        double max() {
            return element.max();
        }
    }
}
