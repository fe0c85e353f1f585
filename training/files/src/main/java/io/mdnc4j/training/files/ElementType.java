package io.mdnc4j.training.files;

import java.nio.ByteBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Types of the numbers in files. */
public enum ElementType {
    INT8(1, Byte.MIN_VALUE, Byte.MAX_VALUE, (b, i) -> b.get(i), (b, v) -> b.put((byte) v)),
    UINT8(1, 0, 0xff, (b, i) -> b.get(i) & 0xff, (b, v) -> b.put((byte) v)),
    INT16(2, Short.MIN_VALUE, Short.MAX_VALUE, ByteBuffer::getShort, (b, v) -> b.putShort((short) v)),
    UINT16(2, 0, 0xffff, (b, i) -> b.getShort(i) & 0xffff, (b, v) -> b.putShort((short) v)),
    INT32(4, Integer.MIN_VALUE, Integer.MAX_VALUE, ByteBuffer::getInt, (b, v) -> b.putInt((int) v)),
    UINT32(4, 0, 0xffffffffL, (b, i) -> b.getInt(i) & 0xffffffffL, (b, v) -> b.putInt((int) (long) v)),
    INT64(8, Long.MIN_VALUE, Long.MAX_VALUE, ByteBuffer::getLong, (b, v) -> b.putLong((long) v)),
    FLOAT32(4, 0, 0, ByteBuffer::getFloat, (b, v) -> b.putFloat((float) v)),
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

    /** Bytes of a number. */
    public int bytes() {
        return bytes;
    }

    /** Whether it holds whole numbers only. */
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
