package io.mdnc4j.training.fit;

import java.util.List;
import org.nd4j.linalg.dataset.DataSet;

/** Where a network learns: on this machine ({@link LocalFitting}) or on others. Batches are known by their place in an epoch. */
public interface Fitting {
    /** Number of batches of each epoch. */
    int batchesPerEpoch();

    /** About how many batches a validation takes the time of. */
    double validationBatches();

    /**
     * Makes a step.
     *
     * @param epoch number of the epoch, from 1
     * @param first index of the step's first batch in that epoch
     * @param count its batches, at least 1
     * @return their training loss
     */
    double fit(int epoch, int first, int count);

    /** The batches of the last step, empty if they are not here. */
    List<DataSet> batches();

    /** The mean loss on the validation part. */
    double validate();
}
