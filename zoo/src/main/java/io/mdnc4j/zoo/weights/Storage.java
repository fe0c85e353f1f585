package io.mdnc4j.zoo.weights;

/** A run of elements in a file, that tensors are views of. */
final class Storage {
    private static final long UNKNOWN = -1;

    private final String name;
    private final TensorType type;
    private final long elements;
    private long position = UNKNOWN;
    private long crc = UNKNOWN;

    Storage(String name, TensorType type, long elements) throws WeightsException {
        if (elements < 0 || elements > Long.MAX_VALUE / type.size()) {
            throw new WeightsException("storage \"" + name + "\" has " + elements + " elements");
        }
        this.name = name;
        this.type = type;
        this.elements = elements;
    }

    /**
     * Says where in the file it is.
     *
     * @param available bytes from there that may belong to it
     */
    Storage at(long position, long available) throws WeightsException {
        if (bytes() > available) {
            throw new WeightsException("storage \"" + name + "\" of " + bytes() + " bytes does not fit the "
                    + Math.max(available, 0) + " that the file has for it; the file is cut short or damaged");
        }
        this.position = position;
        return this;
    }

    /** Sets the CRC-32 that its bytes must have. */
    Storage withCrc(long crc) {
        this.crc = crc;
        return this;
    }

    String name() {
        return name;
    }

    TensorType type() {
        return type;
    }

    long elements() {
        return elements;
    }

    long bytes() {
        return elements * type.size();
    }

    boolean placed() {
        return position != UNKNOWN;
    }

    long position() {
        return position;
    }

    boolean hasCrc() {
        return crc != UNKNOWN;
    }

    long crc() {
        return crc;
    }
}
