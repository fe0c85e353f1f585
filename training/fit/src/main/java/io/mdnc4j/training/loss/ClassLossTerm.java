package io.mdnc4j.training.loss;

/** A part of a {@link ClassLoss}. */
interface ClassLossTerm {
    /** What a row adds; the loss is the mean over all rows, labelled or not. */
    double ofRow(ClassBatch batch, int row);

    /**
     * Adds {@code p dL/dp} of a labelled row, with the loss {@code L} and the probability {@code p} of each class; unlike
     * {@code dL/dp} it stays finite as {@code p} goes to 0.
     */
    void addSlopes(ClassBatch batch, int row, double[] slopes);
}
