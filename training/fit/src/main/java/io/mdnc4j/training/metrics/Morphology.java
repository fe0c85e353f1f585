package io.mdnc4j.training.metrics;

import io.mdnc4j.training.arrays.Axes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.stream.IntStream;

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

    /** {@return the largest connected part, the first of equals; empty if the mask is} */
    public Morphology largest() {
        int[] parts = new int[mask.length];
        int part = 0;
        int largest = 0;
        int most = 0;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] && parts[i] == 0) {
                int count = fill(parts, ++part, true, i);
                if (count > most) {
                    most = count;
                    largest = part;
                }
            }
        }
        boolean[] kept = new boolean[mask.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = most > 0 && parts[i] == largest;
        }
        return new Morphology(kept, size);
    }

    /** {@return the mask with all its holes: what is outside of it and not connected to the border of the grid} */
    public Morphology filled() {
        int[] outside = new int[mask.length];
        for (int i = 0; i < mask.length; i++) {
            if (!mask[i] && outside[i] == 0 && onBorder(i)) {
                fill(outside, 1, false, i);
            }
        }
        boolean[] filled = new boolean[mask.length];
        for (int i = 0; i < filled.length; i++) {
            filled[i] = outside[i] == 0;
        }
        return new Morphology(filled, size);
    }

    private boolean onBorder(int index) {
        long[] place = new Axes(size).place(index);
        return IntStream.range(0, size.length).anyMatch(axis -> place[axis] == 0 || place[axis] == size[axis] - 1);
    }

    /** Marks what is connected to a start and has its value; returns how much that is. */
    private int fill(int[] marks, int mark, boolean value, int start) {
        Deque<Integer> open = new ArrayDeque<>();
        open.add(start);
        marks[start] = mark;
        int count = 0;
        while (!open.isEmpty()) {
            int i = open.removeLast();
            count++;
            int stride = 1;
            for (int axis = size.length - 1; axis >= 0; axis--) {
                long place = i / stride % size[axis];
                if (place > 0) {
                    visit(i - stride, marks, mark, value, open);
                }
                if (place < size[axis] - 1) {
                    visit(i + stride, marks, mark, value, open);
                }
                stride *= (int) size[axis];
            }
        }
        return count;
    }

    private void visit(int i, int[] marks, int mark, boolean value, Deque<Integer> open) {
        if (mask[i] == value && marks[i] == 0) {
            marks[i] = mark;
            open.add(i);
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(size);
    }
}
