package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import java.util.Arrays;
import java.util.function.BiConsumer;

/** The classes of all positions of an input, put together of slabs to be cleaned as a whole. */
final class WholeClasses {
    /** Positions that are passed on at a time, about. */
    private static final int PASSED = 1 << 22;

    private final Cleaning cleaning;
    private final Grid grid;
    private final long[] size;
    private final int[] classes;
    private int count;

    /**
     * @param name of the input
     * @param size of the input on each axis
     * @throws io.mdnc4j.training.files.DataException if they are too many for the memory
     */
    WholeClasses(Cleaning cleaning, String name, Grid grid, long... size) {
        Cleaning.requireRoom(name, size);
        this.cleaning = cleaning;
        this.grid = grid;
        this.size = size.clone();
        classes = new int[new Axes(size).length()];
    }

    /** Takes the classes of the next rows. */
    void add(int... slab) {
        System.arraycopy(slab, 0, classes, count, slab.length);
        count += slab.length;
    }

    /** Cleans all, and passes them on in slabs with their shapes {@code [1, rows, rest...]}. */
    void finish(BiConsumer<int[], long[]> sink) {
        cleaning.apply(classes, grid, size);
        int row = (int) (classes.length / size[0]);
        int rows = Math.max(1, PASSED / row);
        for (long from = 0; from < size[0]; from += rows) {
            long[] shape = Axes.prepended(1, size);
            shape[1] = Math.min(rows, size[0] - from);
            int start = (int) (from * row);
            sink.accept(Arrays.copyOfRange(classes, start, start + (int) shape[1] * row), shape);
        }
    }
}
