package io.mdnc4j.training.fit;

import java.util.List;
import org.nd4j.linalg.dataset.DataSet;

/** Where a network learns: on this machine ({@link LocalFitting}) or on others. Batches are known by their place in an epoch. */
public interface Fitting {
    /** {@return the number of batches of each epoch} */
    int batchesPerEpoch();

    /** {@return the number of batches that a validation is about as long as; a first guess, until one was timed} */
    double validationBatches();

    /**
     * Makes a step.
     *
     * @param epoch number of the epoch, from 1
     * @param first index of the step's first batch in that epoch
     * @param count its batches, at least 1
     * @return their mean training loss
     */
    double fit(int epoch, int first, int count);

    /** {@return the batches of the last step; empty if they are not on this machine} */
    List<DataSet> batches();

    /** {@return the mean loss of an example of the validation part, without penalties of weight decay} */
    double validate();
}
