package io.mdnc4j.training.files;

import java.nio.ByteBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Types of the numbers in files. In memory they are FLOAT, those of 64 bits and {@link #INT32} DOUBLE. */
public enum ElementType {
    /** Whole numbers of 8 bits, -128 to 127. */
    INT8(1, Byte.MIN_VALUE, Byte.MAX_VALUE, (b, i) -> b.get(i), (b, v) -> b.put((byte) v)),
    /** Whole numbers of 8 bits, 0 to 255. */
    UINT8(1, 0, 0xff, (b, i) -> b.get(i) & 0xff, (b, v) -> b.put((byte) v)),
    /** Whole numbers of 16 bits, -32,768 to 32,767. */
    INT16(2, Short.MIN_VALUE, Short.MAX_VALUE, ByteBuffer::getShort, (b, v) -> b.putShort((short) v)),
    /** Whole numbers of 16 bits, 0 to 65,535. */
    UINT16(2, 0, 0xffff, (b, i) -> b.getShort(i) & 0xffff, (b, v) -> b.putShort((short) v)),
    /** Whole numbers of 32 bits. */
    INT32(4, Integer.MIN_VALUE, Integer.MAX_VALUE, ByteBuffer::getInt, (b, v) -> b.putInt((int) v)),
    /** Whole numbers of 32 bits, from 0 on; as floats in memory, which have 24 bits. */
    UINT32(4, 0, 0xffffffffL, (b, i) -> b.getInt(i) & 0xffffffffL, (b, v) -> b.putInt((int) (long) v)),
    /** Whole numbers of 64 bits; as doubles in memory, which have 53 bits. */
    INT64(8, Long.MIN_VALUE, Long.MAX_VALUE, ByteBuffer::getLong, (b, v) -> b.putLong((long) v)),
    /** Real numbers of 32 bits (IEEE 754). */
    FLOAT32(4, 0, 0, ByteBuffer::getFloat, (b, v) -> b.putFloat((float) v)),
    /** Real numbers of 64 bits (IEEE 754). */
    FLOAT64(8, 0, 0, ByteBuffer::getDouble, ByteBuffer::putDouble);

    private interface Reading {
        double at(ByteBuffer buffer, int index);
    }

    private interface Writing {
        void put(ByteBuffer buffer, double value);
    }

    private final int bytes;
    private final double least;
    private final double most;
    private final Reading reading;
    private final Writing writing;

    ElementType(int bytes, double least, double most, Reading reading, Writing writing) {
        this.bytes = bytes;
        this.least = least;
        this.most = most;
        this.reading = reading;
        this.writing = writing;
    }

    /** {@return the bytes of a number in a file} */
    public int bytes() {
        return bytes;
    }

    /** {@return whether it holds whole numbers only} */
    public boolean isInteger() {
        return least < most;
    }

    /** The number at a byte of a buffer. */
    double get(ByteBuffer buffer, int index) {
        return reading.at(buffer, index);
    }

    /** Whether all numbers of an array are such. */
    boolean holds(INDArray values) {
        return !isInteger()
                || values.minNumber().doubleValue() >= least
                        && values.maxNumber().doubleValue() <= most
                        && values.equalsWithEps(Transforms.round(values), 0);
    }

    /** Puts a number, for whole numbers the nearest one in range (0 for NaN). */
    void put(ByteBuffer buffer, double value) {
        writing.put(buffer, isInteger() ? Math.min(Math.max(Math.rint(value), least), most) : value);
    }
}
