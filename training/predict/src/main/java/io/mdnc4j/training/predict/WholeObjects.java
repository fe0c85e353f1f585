package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.objects.TouchingObjects;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The classes of all positions of an input, put together of slabs, of which objects are told as a whole. */
final class WholeObjects {
    /** For each position, about: its class, the height there, its object, and places that are still to be visited. */
    private static final int BYTES = 30;

    private final long[] size;
    private final int[] classes;
    private final float[] heights;
    private int count;

    /**
     * @param name of the input
     * @param size of the input on each axis
     * @throws DataException if they are too many for the memory
     */
    WholeObjects(String name, long... size) {
        this.size = size.clone();
        HeapRoom.require(name, "objects are told apart in all %d positions at once", BYTES, "or cut the input", size);
        classes = new int[new Axes(size).length()];
        heights = new float[classes.length];
    }

    /** Takes the next rows: their classes, and the probabilities of these. */
    void add(int[] slab, INDArray probabilities) {
        System.arraycopy(slab, 0, classes, count, slab.length);
        System.arraycopy(Probabilities.heights(probabilities), 0, heights, count, slab.length);
        count += slab.length;
    }

    /** The number of the object that each position belongs to, from 1; 0 for none. */
    int[] objects() {
        return TouchingObjects.separate(classes, heights, size);
    }
}
