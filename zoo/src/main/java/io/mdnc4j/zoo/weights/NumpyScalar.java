package io.mdnc4j.zoo.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Single numbers of NumPy, as checkpoints of trainings hold losses and scores: a type and its bytes. There are no arrays and
 * no objects among them.
 */
final class NumpyScalar {
    /** How a number is read, by the type's code. */
    private static final Map<String, Function<ByteBuffer, Object>> READERS = Map.ofEntries(
            Map.entry("f8", ByteBuffer::getDouble),
            Map.entry("f4", bytes -> (double) bytes.getFloat()),
            Map.entry("i8", ByteBuffer::getLong),
            Map.entry("i4", bytes -> (long) bytes.getInt()),
            Map.entry("i2", bytes -> (long) bytes.getShort()),
            Map.entry("i1", bytes -> (long) bytes.get()),
            Map.entry("u4", bytes -> Integer.toUnsignedLong(bytes.getInt())),
            Map.entry("u2", bytes -> (long) Short.toUnsignedInt(bytes.getShort())),
            Map.entry("u1", bytes -> (long) Byte.toUnsignedInt(bytes.get())),
            Map.entry("b1", bytes -> bytes.get() != 0));

    private static final Set<String> LITTLE = Set.of("<", "|", "=");

    private NumpyScalar() {}

    /** A type of numbers, {@code numpy.dtype}; the byte order is its state, which little endian types may leave out. */
    record Type(String code) {
        /**
         * Takes the state that a pickle sets: version, byte order, and what simple types have not.
         *
         * @throws WeightsException if the numbers are not little endian
         */
        void requireLittleEndian(Object state) throws WeightsException {
            if (!(state instanceof Object[] parts) || parts.length < 2 || !LITTLE.contains(parts[1])) {
                throw new WeightsException("the pickle has numbers of NumPy that are not little endian");
            }
        }
    }

    /** {@code dtype(code, align, copy)}. */
    static Type type(Object... arguments) throws WeightsException {
        if (arguments.length > 0 && arguments[0] instanceof String code && READERS.containsKey(code)) {
            return new Type(code);
        }
        throw new WeightsException("the pickle has a type of NumPy that is none of " + READERS.keySet());
    }

    /** {@code scalar(type, bytes)}, a {@code Long}, {@code Double} or {@code Boolean}. */
    static Object of(Object... arguments) throws WeightsException {
        if (arguments.length == 2
                && arguments[0] instanceof Type type
                && arguments[1] instanceof byte[] bytes
                && bytes.length == type.code.charAt(1) - '0') {
            return READERS.get(type.code).apply(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        }
        throw new WeightsException("the pickle has a number of NumPy without its bytes");
    }

    /** {@code encode(text, "latin1")}: how the second version of pickles writes bytes. */
    static byte[] bytes(Object... arguments) throws WeightsException {
        if (arguments.length == 2
                && arguments[0] instanceof String text
                && "latin1".equals(arguments[1])
                && text.length() <= Long.BYTES) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        throw new WeightsException("the pickle encodes a text that is no number of NumPy");
    }
}
