package io.mdnc4j.training.predict;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One recording, image or volume with what a network shall make of it.
 *
 * @param name where it comes from, such as a file's name
 * @param input float {@code [C, size...]}
 * @param target values {@code [C', size...]}, a class at each position {@code [1, size...]} (numbers from 0,
 *     {@link #UNLABELLED} where it is not known), or one class {@code [1]}; {@code null} if there is none
 */
public record Example(String name, INDArray input, @Nullable INDArray target) {
    /** The class of a position whose class is not known. */
    public static final int UNLABELLED = -1;
}
