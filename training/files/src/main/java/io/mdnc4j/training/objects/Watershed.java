package io.mdnc4j.training.objects;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Separates objects that touch: labels spread from markers over a landscape, the lowest places first, and stop where they meet
 * (F. Meyer's flooding; Signal Processing 38:113, 1994). Of equally high places those that were reached first come first.
 */
public final class Watershed {
    private final Axes axes;
    private final int[] labels;
    private final float[] heights;
    private final IntPredicate inside;
    /** Elements in the order in which they were reached. */
    private final int[] reached;
    /** A binary heap: height above, order below. */
    private long[] heap = new long[64];

    private int open;
    private int count;

    private Watershed(int[] labels, float[] heights, IntPredicate inside, long... size) {
        this.axes = new Axes(size);
        this.labels = labels;
        this.heights = heights;
        this.inside = inside;
        this.reached = new int[labels.length];
    }

    /**
     * Floods a landscape.
     *
     * @param markers the labels to begin with, 1 or more; 0 where there is none
     * @param heights of the elements, no NaN
     * @param inside whether the element of that number may be flooded; markers outside are kept, but do not spread
     * @param size elements of each axis of the grid, the last axis fastest; elements have four neighbours in a plane, six in a
     *     volume
     * @return the labels, of what is inside and was reached, and of the markers
     * @throws ArgumentException if the arrays are not as long as the grid
     */
    public static int[] flood(int[] markers, float[] heights, IntPredicate inside, long... size) {
        int length = new Axes(size).length();
        ArgumentException.require(markers.length == length, "markers", markers.length, "give " + length + " elements");
        ArgumentException.require(heights.length == length, "heights", heights.length, "give " + length + " elements");
        Watershed watershed = new Watershed(markers.clone(), heights, inside, size);
        watershed.run();
        return watershed.labels;
    }

    private void run() {
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != 0 && inside.test(i)) {
                push(i);
            }
        }
        while (open > 0) {
            int i = reached[(int) pop()];
            int stride = 1;
            for (int axis = axes.count() - 1; axis >= 0; axis--) {
                long place = i / stride % axes.size(axis);
                if (place > 0) {
                    spread(labels[i], i - stride);
                }
                if (place < axes.size(axis) - 1) {
                    spread(labels[i], i + stride);
                }
                stride *= (int) axes.size(axis);
            }
        }
    }

    private void spread(int label, int to) {
        if (labels[to] == 0 && inside.test(to)) {
            labels[to] = label;
            push(to);
        }
    }

    /** The order of floats as that of integers. */
    private static long sortable(float height) {
        int bits = Float.floatToIntBits(height);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    private void push(int element) {
        reached[count] = element;
        if (open == heap.length) {
            heap = Arrays.copyOf(heap, 2 * open);
        }
        long key = sortable(heights[element]) << Integer.SIZE | count++;
        int i = open++;
        while (i > 0 && heap[(i - 1) / 2] > key) {
            heap[i] = heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        heap[i] = key;
    }

    /** Takes the lowest away; the order in which it was reached. */
    private long pop() {
        long lowest = heap[0];
        long last = heap[--open];
        int i = 0;
        while (2 * i + 1 < open) {
            int child = 2 * i + 1;
            if (child + 1 < open && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = last;
        return lowest & 0xffffffffL;
    }
}
