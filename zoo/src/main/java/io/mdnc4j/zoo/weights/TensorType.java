package io.mdnc4j.zoo.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Types of stored elements, all little endian, with their names in both worlds. */
public enum TensorType {
    /** 64-bit floating point. */
    FLOAT64("F64", "Double", 8, ByteBuffer::getDouble),
    /** 32-bit floating point. */
    FLOAT32("F32", "Float", 4, ByteBuffer::getFloat),
    /** 16-bit floating point of IEEE 754. */
    FLOAT16("F16", "Half", 2, (bytes, at) -> halfToDouble(bytes.getShort(at))),
    /** The upper half of a 32-bit floating point number. */
    BFLOAT16("BF16", "BFloat16", 2, (bytes, at) -> Float.intBitsToFloat(bytes.getShort(at) << 16)),
    /** Signed 64-bit integer. */
    INT64("I64", "Long", 8, ByteBuffer::getLong),
    /** Signed 32-bit integer. */
    INT32("I32", "Int", 4, ByteBuffer::getInt),
    /** Signed 16-bit integer. */
    INT16("I16", "Short", 2, ByteBuffer::getShort),
    /** Signed 8-bit integer. */
    INT8("I8", "Char", 1, ByteBuffer::get),
    /** Unsigned 8-bit integer. */
    UINT8("U8", "Byte", 1, (bytes, at) -> bytes.get(at) & 0xff),
    /** True or false, 1 or 0, in a byte. */
    BOOL("BOOL", "Bool", 1, (bytes, at) -> bytes.get(at) == 0 ? 0 : 1);

    private static final Map<String, TensorType> BY_SAFETENSORS = index(TensorType::safetensorsName);
    private static final Map<String, TensorType> BY_STORAGE = index(TensorType::torchStorage);

    private final String safetensorsName;
    private final String storage;
    private final int size;
    private final Decoder decoder;

    /** Reads the element that begins at a byte. */
    @FunctionalInterface
    private interface Decoder {
        double decode(ByteBuffer bytes, int at);
    }

    TensorType(String safetensorsName, String storage, int size, Decoder decoder) {
        this.safetensorsName = safetensorsName;
        this.storage = storage;
        this.size = size;
        this.decoder = decoder;
    }

    private static Map<String, TensorType> index(Function<TensorType, String> name) {
        return Arrays.stream(values()).collect(Collectors.toMap(name, type -> type));
    }

    /** The type of that name in safetensors, {@code null} if there is none. */
    static TensorType ofSafetensors(String name) {
        return BY_SAFETENSORS.get(name);
    }

    /** The type of the elements of that class of storage in {@code torch}, {@code null} if there is none. */
    static TensorType ofStorage(String name) {
        return BY_STORAGE.get(name);
    }

    /**
     * {@return its name in safetensors: {@code F32}}
     */
    public String safetensorsName() {
        return safetensorsName;
    }

    /**
     * {@return the class of its storages in PyTorch's module {@code torch}: {@code FloatStorage}}
     */
    public String torchStorage() {
        return storage + "Storage";
    }

    /**
     * {@return its name in PyTorch: {@code float32}}
     */
    public String torchName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * {@return bytes of one element}
     */
    public int size() {
        return size;
    }

    /** The value of the element that begins at that byte of a little endian buffer; a 64-bit integer is rounded. */
    double decode(ByteBuffer bytes, int at) {
        return decoder.decode(bytes, at);
    }

    private static double halfToDouble(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24;
            case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> Double.longBitsToDouble((exponent - 15 + 1023L) << 52 | (long) fraction << 42);
        };
        return bits < 0 ? -magnitude : magnitude;
    }
}
