package io.mdnc4j.training.objects;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Numbered objects as three classes that a network can learn, and back: what a network says of each element does not tell to
 * which of two objects that touch it belongs, but where their borders are. Objects are then what is inside, grown over the
 * borders (J. Caicedo et al., Cytometry A 95:952, 2019, train such classes).
 *
 * <pre>{@code
 * float[] classes = TouchingObjects.classes(numbers, 64, 64);
 * int[] objects = TouchingObjects.separate(found, heights, 64, 64);
 * }</pre>
 */
public final class TouchingObjects {
    /** What stands for such classes where rules for the values of targets do. */
    public static final String CODE = "objects";

    /** The classes by their numbers. */
    public static final List<String> CLASSES = List.of("background", "inside", "border");

    private static final int INSIDE = 1;
    private static final int BORDER = 2;

    /** One uncertain element would connect objects. */
    private static final float CERTAIN = -0.8f;

    private TouchingObjects() {}

    /**
     * The classes of numbered objects: 0 of the background, 2 of elements of an object with a neighbour that is none of it, 1 of
     * its others. Numbers below 0, of what is not known, stay -1, and are no neighbours.
     *
     * @param numbers of the object that each element belongs to, 0 for none; the last axis varies fastest
     * @param size elements of each axis; elements have four neighbours in a plane, six in a volume
     * @return a class for each element
     * @throws ArgumentException if there are not as many numbers as elements
     * @throws IllegalArgumentException with a number that is not whole
     */
    public static float[] classes(float[] numbers, long... size) {
        Axes axes = new Axes(size);
        requireLength("numbers", numbers.length, axes);
        float[] classes = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] != Math.rint(numbers[i])) {
                throw new IllegalArgumentException(String.valueOf(numbers[i]));
            }
            classes[i] = numbers[i] < 0 ? -1 : numbers[i] == 0 ? 0 : isBorder(numbers, i, axes) ? BORDER : INSIDE;
        }
        return classes;
    }

    private static boolean isBorder(float[] numbers, int i, Axes axes) {
        int stride = 1;
        for (int axis = axes.count() - 1; axis >= 0; axis--) {
            long place = i / stride % axes.size(axis);
            if (place > 0 && differs(numbers, i, i - stride)
                    || place < axes.size(axis) - 1 && differs(numbers, i, i + stride)) {
                return true;
            }
            stride *= (int) axes.size(axis);
        }
        return false;
    }

    private static boolean differs(float[] numbers, int i, int neighbour) {
        return numbers[neighbour] >= 0 && numbers[neighbour] != numbers[i];
    }

    /**
     * The objects that classes tell: each connected part of what is certainly inside is one, and grows over what is inside, then
     * over the border, until it meets another ({@link Watershed}). What is inside only uncertainly, or border only, is an object
     * of its own where it is connected to none.
     *
     * @param classes of the elements, as {@link #classes} gives them; below 0 as the background
     * @param heights the probability of the border less that of the inside: -1 where it is certain that an element is inside, which
     *     it has to be by 0.8 for objects to begin there
     * @param size elements of each axis
     * @return the number of the object that each element belongs to, from 1; 0 for none
     * @throws ArgumentException if there are not as many as elements
     */
    public static int[] separate(int[] classes, float[] heights, long... size) {
        requireLength("classes", classes.length, new Axes(size));
        IntPredicate foreground = i -> classes[i] > 0;
        IntPredicate inside = i -> classes[i] == INSIDE;
        IntPredicate certain = i -> inside.test(i) && heights[i] <= CERTAIN;
        int[] objects = grown(new int[classes.length], certain, inside, heights, size);
        objects = grown(objects, inside, foreground, heights, size);
        return grown(objects, foreground, foreground, heights, size);
    }

    /** Makes objects of connected parts of cores that belong to none, and lets all grow over a region. */
    private static int[] grown(int[] objects, IntPredicate cores, IntPredicate region, float[] heights, long... size) {
        int known = Arrays.stream(objects).max().orElse(0);
        int[] markers = objects.clone();
        Components.of(i -> cores.test(i) && objects[i] == 0, size)
                .forEach((from, to, component) -> Arrays.fill(markers, from, to, known + component + 1));
        return Watershed.flood(markers, heights, region, size);
    }

    private static void requireLength(String argument, int length, Axes axes) {
        ArgumentException.require(
                length == axes.length(), argument, length + " elements", "give " + axes.length() + ", as the grid has");
    }
}
