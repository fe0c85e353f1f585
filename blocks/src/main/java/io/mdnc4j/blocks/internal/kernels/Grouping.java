package io.mdnc4j.blocks.internal.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Which elements of {@code [N, C, ...]} activations share a mean and a variance. */
public enum Grouping {
    /** Those of one channel of one sample: instance normalisation, {@code N * C} groups. */
    INSTANCE,
    /** Those of one channel of all samples: batch normalisation, {@code C} groups. */
    BATCH;

    /** The number of groups in such activations; group {@code g} belongs to channel {@code g % C}. */
    public int groups(INDArray activations) {
        return Math.toIntExact(this == INSTANCE ? activations.size(0) * activations.size(1) : activations.size(1));
    }

    /** The number of rows ({@code [sample, channel]} maps) in a group; they lie {@code C} rows apart. */
    int rows(INDArray activations) {
        return this == INSTANCE ? 1 : Math.toIntExact(activations.size(0));
    }

    /** The number of elements in a group. */
    public long size(INDArray activations) {
        return activations.length() / groups(activations);
    }
}
