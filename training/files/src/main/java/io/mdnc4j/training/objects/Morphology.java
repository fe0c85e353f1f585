package io.mdnc4j.training.objects;

import java.util.Arrays;

/** A mask over a grid of any number of axes, with six neighbours a voxel in three. Operations give new masks. */
public final class Morphology {
    private final boolean[] mask;
    private final long[] size;

    /**
     * A mask, which is not copied.
     *
     * @param mask its elements, the last axis fastest
     * @param size elements of each axis of the grid
     */
    public Morphology(boolean[] mask, long... size) {
        this.mask = mask;
        this.size = size;
    }

    /** {@return the elements, the last axis fastest; not a copy} */
    public boolean[] mask() {
        return mask;
    }

    /** {@return the mask without the elements that have a neighbour outside of it; beyond the grid all is outside} */
    public Morphology erode() {
        return new Morphology(spread(mask, false), size);
    }

    /** {@return the mask with the neighbours of its elements} */
    public Morphology dilate() {
        return new Morphology(spread(mask, true), size);
    }

    /** Elements that are, or have a neighbour that is, {@code value} become it. */
    private boolean[] spread(boolean[] from, boolean value) {
        boolean[] to = from.clone();
        for (int i = 0; i < from.length; i++) {
            int stride = 1;
            for (int axis = size.length - 1; axis >= 0 && to[i] != value; axis--) {
                long place = i / stride % size[axis];
                boolean before = place > 0 && from[i - stride];
                boolean after = place < size[axis] - 1 && from[i + stride];
                if (before == value || after == value) {
                    to[i] = value;
                }
                stride *= (int) size[axis];
            }
        }
        return to;
    }

    /** {@return the largest of its {@link Components}, the first of equals; empty if the mask is} */
    public Morphology largest() {
        Components components = Components.of(i -> mask[i], size);
        int largest = components.largest();
        boolean[] kept = new boolean[mask.length];
        components.forEach((from, to, component) -> Arrays.fill(kept, from, to, component == largest));
        return new Morphology(kept, size);
    }

    /** {@return the mask with all its holes: what is outside of it and not connected to the border of the grid} */
    public Morphology filled() {
        boolean[] filled = mask.clone();
        Components outside = Components.of(i -> !mask[i], size);
        outside.forEach((from, to, component) -> Arrays.fill(filled, from, to, !outside.touchesBorder(component)));
        return new Morphology(filled, size);
    }

    @Override
    public String toString() {
        return Arrays.toString(size);
    }
}
