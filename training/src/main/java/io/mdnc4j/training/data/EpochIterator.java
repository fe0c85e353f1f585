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

    /** Passes over batches of the epoch. */
    default void skip(int batches) {
        for (int i = 0; i < batches; i++) {
            next();
        }
    }

    /** Number of batches of each epoch. */
    int batchesPerEpoch();
}
