package io.mdnc4j.training.plots;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A plane of an image or a volume.
 *
 * @param name what it is, empty for an image
 * @param axis the axis that it is perpendicular to, -1 for an image
 * @param index its index along that axis
 */
record Plane(String name, int axis, int index) {
    private static final String[] AXES = {"first", "second", "third"};

    /** An image itself, or the three planes of a volume through the middle of what is not background. */
    static List<Plane> of(long[] size, int... classes) {
        if (size.length == 2) {
            return List.of(new Plane("", -1, 0));
        }
        double[] sum = new double[size.length];
        int count = 0;
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] != 0) {
                count++;
                int rest = i;
                for (int axis = size.length - 1; axis >= 0; axis--) {
                    sum[axis] += rest % size[axis];
                    rest /= (int) size[axis];
                }
            }
        }
        List<Plane> planes = new ArrayList<>();
        for (int axis = 0; axis < size.length; axis++) {
            int middle = (int) Math.round(count == 0 ? (size[axis] - 1) / 2.0 : sum[axis] / count);
            planes.add(new Plane(AXES[axis] + " axis at " + middle, axis, middle));
        }
        return planes;
    }

    int high(long... size) {
        return (int) (axis == 0 ? size[1] : size[0]);
    }

    int wide(long... size) {
        return (int) (axis == -1 || axis == 2 ? size[1] : size[2]);
    }

    /** Offset of a pixel's element; planes of volumes are shown with their rows from bottom to top. */
    int offset(int row, int column, long... size) {
        if (axis == -1) {
            return (int) (row * size[1] + column);
        }
        int up = high(size) - 1 - row;
        long first = axis == 0 ? index : up;
        long second = axis == 0 ? up : axis == 1 ? index : column;
        long third = axis == 2 ? index : column;
        return (int) ((first * size[1] + second) * size[2] + third);
    }

    float[] of(float[] values, long... size) {
        int wide = wide(size);
        float[] plane = new float[high(size) * wide];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = values[offset(i / wide, i % wide, size)];
        }
        return plane;
    }

    float[][] of(float[][] channels, long... size) {
        return Arrays.stream(channels).map(values -> of(values, size)).toArray(float[][]::new);
    }

    int[] of(int[] values, long... size) {
        int wide = wide(size);
        int[] plane = new int[high(size) * wide];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = values[offset(i / wide, i % wide, size)];
        }
        return plane;
    }
}
