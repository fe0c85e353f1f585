package io.mdnc4j.training.data;

import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Training batches whose contents depend on the epoch alone, so that a continued run sees what an unbroken one would. */
public interface EpochIterator extends DataSetIterator {
    /**
     * Goes to the start of an epoch.
     *
     * @param epoch number of the epoch, from 1
     */
    void startEpoch(int epoch);

    /**
     * Passes over batches of the epoch.
     *
     * @param batches how many, not more than are left
     */
    default void skip(int batches) {
        for (int i = 0; i < batches; i++) {
            next();
        }
    }

    /**
     * How many batches are made in advance, in background threads, where this iterator can do that.
     *
     * @param batches 0 to make each when it is asked for
     */
    default void readAhead(int batches) {
        // has what it gives already
    }

    /** {@return the number of batches of each epoch} */
    int batchesPerEpoch();
}
