package io.mdnc4j.zoo.weights;

import java.util.Arrays;
import java.util.Locale;

/**
 * What is known of a stored tensor without reading its values.
 *
 * @param key its name in the state_dict
 * @param type of its elements in the file
 * @param shape empty for a scalar
 */
public record TensorInfo(String key, TensorType type, long[] shape) {
    /**
     * The array is copied.
     *
     * @param key its name in the state_dict
     * @param type of its elements in the file
     * @param shape empty for a scalar
     */
    public TensorInfo {
        shape = shape.clone();
    }

    /**
     * {@return its shape; a copy}
     */
    @Override
    public long[] shape() {
        return shape.clone();
    }

    /**
     * {@return the shape as it is shown, {@code [64, 1, 5]}}
     */
    public String shapeText() {
        return Arrays.toString(shape);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that
                && key.equals(that.key)
                && type == that.type
                && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * key.hashCode() + type.hashCode()) + Arrays.hashCode(shape);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %s %s", key, type.torchName(), shapeText());
    }
}
