package io.mdnc4j.training.objects;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * A class for each element of a grid, 0 for the background, that is cleaned in place: what is taken from a class becomes
 * background, and what is given to one was.
 *
 * <pre>{@code
 * new ClassMap(classes, 64, 64, 64).removeSmaller(1, 20).keepLargest(1).fillHoles(1);
 * }</pre>
 */
public final class ClassMap {
    private static final int BACKGROUND = 0;

    private final int[] classes;
    private final long[] size;

    /**
     * A map, which is not copied.
     *
     * @param classes of the elements, the last axis fastest; changed by what follows
     * @param size elements of each axis of the grid
     * @throws ArgumentException if these are not as many
     */
    public ClassMap(int[] classes, long... size) {
        ArgumentException.require(
                new Axes(size).length() == classes.length,
                "classes",
                classes.length + " elements",
                "give as many as the grid has");
        this.classes = classes;
        this.size = size.clone();
    }

    /** {@return the classes, not a copy} */
    public int[] classes() {
        return classes;
    }

    /**
     * Takes all but its largest connected component from a class.
     *
     * @param of the class, 1 or more
     * @return this
     * @throws ArgumentException if it is the background
     */
    public ClassMap keepLargest(int of) {
        Components components = components(of);
        int largest = components.largest();
        return remove(components, component -> component != largest);
    }

    /**
     * Takes connected components of few elements from a class.
     *
     * @param of the class, 1 or more
     * @param least elements that a component must have to stay
     * @return this
     * @throws ArgumentException if it is the background
     */
    public ClassMap removeSmaller(int of, long least) {
        Components components = components(of);
        return remove(components, component -> components.size(component) < least);
    }

    /**
     * Gives a class the background that it encloses: what is not connected to the border of the grid without crossing it.
     * Other classes within stay.
     *
     * @param of the class, 1 or more
     * @return this
     * @throws ArgumentException if it is the background
     */
    public ClassMap fillHoles(int of) {
        requireClass(of);
        Components outside = Components.of(i -> classes[i] != of, size);
        outside.forEach((from, to, component) -> {
            for (int i = from; i < to; i++) {
                if (classes[i] == BACKGROUND && !outside.touchesBorder(component)) {
                    classes[i] = of;
                }
            }
        });
        return this;
    }

    private Components components(int of) {
        requireClass(of);
        return Components.of(i -> classes[i] == of, size);
    }

    private static void requireClass(int of) {
        ArgumentException.require(of != BACKGROUND, "of", of, "give a class other than the background");
    }

    private ClassMap remove(Components components, IntPredicate chosen) {
        components.forEach((from, to, component) -> {
            if (chosen.test(component)) {
                Arrays.fill(classes, from, to, BACKGROUND);
            }
        });
        return this;
    }
}
