package io.mdnc4j.training.predict;

import io.mdnc4j.training.files.DataException;
import java.util.Arrays;
import java.util.Locale;

/** Whether what concerns all positions of an input at once finds its place in the heap. */
final class HeapRoom {
    private static final int MIB_BITS = 20;

    /** What an array can have, whose header takes a little. */
    private static final int MOST = Integer.MAX_VALUE - Byte.SIZE;

    private HeapRoom() {}

    /**
     * Refuses an input that is too large.
     *
     * @param name of the input
     * @param done what is done with the positions, with {@code %d} for their number
     * @param bytes for each position
     * @param remedy besides a larger heap
     * @throws DataException if they are too many for the heap, or for an array
     */
    static void require(String name, String done, int bytes, String remedy, long... size) {
        // not a product of integers, which might be too large
        double positions = Arrays.stream(size).asDoubleStream().reduce(1, (a, b) -> a * b);
        Runtime machine = Runtime.getRuntime();
        long room = machine.maxMemory() - machine.totalMemory() + machine.freeMemory();
        if (positions > MOST || positions * bytes > room) {
            throw new DataException(name + ": " + String.format(Locale.ROOT, done, (long) positions) + ", which takes "
                    + ((long) (positions * bytes) >> MIB_BITS) + " MiB of the heap, of which " + (room >> MIB_BITS)
                    + " are left"
                    + (positions > MOST ? ", and an array can have " + String.format(Locale.ROOT, "%,d", MOST) : "")
                    + "; raise it with -Xmx, " + remedy);
        }
    }
}
