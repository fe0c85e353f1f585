package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Grid;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One recording, image or volume with what a network shall make of it.
 *
 * @param name where it comes from, such as a file's name
 * @param input float {@code [C, size...]}
 * @param target values {@code [C', size...]} (NaN where one is not known), a class at each position {@code [1, size...]} (numbers from 0,
 *     {@link #UNLABELLED} where it is not known), one class {@code [1]}, or labels of which several may apply
 *     at once, {@code [K]} or {@code [K, size...]} (1, 0, or {@link #UNLABELLED}); {@code null} if there is none
 * @param grid where the elements of input and target lie
 */
public record Example(String name, INDArray input, @Nullable INDArray target, Grid grid) {
    /**
     * An example on a grid of which nothing is known.
     *
     * @param name where it comes from, such as a file's name
     * @param input float {@code [C, size...]}
     * @param target values, classes or one class; {@code null} if there is none
     */
    public Example(String name, INDArray input, @Nullable INDArray target) {
        this(name, input, target, Grid.UNKNOWN);
    }

    /** The class of a position whose class is not known. */
    public static final int UNLABELLED = -1;
}
