package io.mdnc4j.training.arrays;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gives memory outside of the heap back at once, where the garbage collector would not see that it is short. */
public final class Release {
    private Release() {}

    /**
     * Frees arrays that nobody uses any more.
     *
     * @param arrays those to free; views, what is freed already and {@code null} are passed over
     */
    public static void of(@Nullable INDArray... arrays) {
        for (INDArray array : arrays) {
            if (array != null && !array.wasClosed() && array.closeable()) {
                array.close();
            }
        }
    }
}
