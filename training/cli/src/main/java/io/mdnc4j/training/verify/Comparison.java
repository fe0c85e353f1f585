package io.mdnc4j.training.verify;

import io.mdnc4j.training.arrays.OnHeap;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One tensor of a case held against its reference.
 *
 * @param tensor name of the tensor
 * @param error largest absolute difference; infinite where shapes differ or values are not finite
 * @param tolerance the largest that passes
 */
record Comparison(String tensor, double error, double tolerance) {
    static Comparison of(String name, ReferenceCase.Tensor reference, INDArray actual, double tolerance) {
        if (actual == null || !Arrays.equals(actual.shape(), reference.shape())) {
            return new Comparison(name, Double.POSITIVE_INFINITY, tolerance);
        }
        double[] values = OnHeap.doubles(actual);
        double error = 0;
        for (int i = 0; i < values.length; i++) {
            double difference = Math.abs(values[i] - reference.values()[i]);
            error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(error, difference);
        }
        return new Comparison(name, error, tolerance);
    }

    /** A tensor that is not there, or is there and should not be. */
    static Comparison failed(String name) {
        return new Comparison(name, Double.POSITIVE_INFINITY, 0);
    }

    boolean passes() {
        return error <= tolerance;
    }

    @Override
    public String toString() {
        return String.format(java.util.Locale.ROOT, "%s %.3g %.3g", tensor, error, tolerance);
    }
}
