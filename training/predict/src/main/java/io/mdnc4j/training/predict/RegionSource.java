package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An input {@code [C, size...]} of which regions are asked for, forwards along the first axis of {@code size}: what comes out of
 * a file need not be in memory as a whole. Sources are put around each other: one pads, one resamples, one checks what another
 * reads. For one thread.
 */
public interface RegionSource extends AutoCloseable {
    /** {@return the shape of the whole, {@code [C, size...]}} */
    long[] shape();

    /**
     * The values of a region.
     *
     * @param start its first element on each axis of {@code size}; on the first axis not less than in any call before
     * @param size of the region on each of these axes
     * @return {@code [C, size...]} of any type; may be a view of what the source keeps, valid until the next call, and must not
     *     be changed
     * @throws io.mdnc4j.training.files.DataException if it cannot be read
     */
    INDArray region(long[] start, long... size);

    /** Gives back what the source holds. Default: nothing. */
    @Override
    default void close() {
        // nothing is held
    }

    /**
     * An array in memory.
     *
     * @param array {@code [C, size...]} of any type, which stays the caller's
     * @return the source; of it the whole is the array itself
     */
    static RegionSource of(INDArray array) {
        INDArray dense = Regions.withoutGaps(array);
        return new RegionSource() {
            @Override
            public long[] shape() {
                return array.shape();
            }

            @Override
            public INDArray region(long[] start, long... size) {
                return Arrays.equals(size, Axes.size(array)) ? array : Regions.of(dense, start, size);
            }
        };
    }
}
