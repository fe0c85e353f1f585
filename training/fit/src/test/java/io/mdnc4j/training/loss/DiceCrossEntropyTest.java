package io.mdnc4j.training.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DiceCrossEntropyTest {
    private static final double STEP = 1e-5;
    private static final IActivation SOFTMAX = new ActivationSoftmax();

    private final DiceCrossEntropy loss = new DiceCrossEntropy();
    private final INDArray output = Nd4j.createFromArray(
            new double[][] {{0.3, -1, 0.2}, {1.5, 0.1, -0.4}, {-0.7, 0.6, 2}, {0, 0, 0.5}, {2, -2, 1}});

    /** The fourth position is unlabelled. */
    private final INDArray labels =
            Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 0}, {0, 1, 0}});

    @Test
    void gradientIsThatOfTheScore() {
        INDArray gradient = loss.computeGradient(labels, output, SOFTMAX, null);
        for (int i = 0; i < output.length(); i++) {
            double value = output.getDouble(i);
            double above = loss.computeScore(labels, output.dup().putScalar(i, value + STEP), SOFTMAX, null, false);
            double below = loss.computeScore(labels, output.dup().putScalar(i, value - STEP), SOFTMAX, null, false);
            assertEquals((above - below) / (2 * STEP), gradient.getDouble(i), 1e-8, "element " + i);
        }
    }

    @Test
    void valueOfACertainOutput() {
        INDArray sure = labels.mul(100);
        assertEquals(0, loss.computeScore(labels, sure, SOFTMAX, null, true), 1e-9);
        INDArray even = Nd4j.zeros(DataType.DOUBLE, 5, 3);
        // of both classes: sum p y = n / 3, sum p = 4 / 3, with n of 1 and 2 positions
        double dice = 1 - ((2 * 2 / 3.0 + 1) / (4 / 3.0 + 2 + 1) + (2 / 3.0 + 1) / (4 / 3.0 + 1 + 1)) / 2;
        assertEquals(Math.log(3) + dice, loss.computeScore(labels, even, SOFTMAX, null, true), 1e-9);
        assertEquals(
                loss.computeScore(labels, even, SOFTMAX, null, false),
                loss.computeScoreArray(labels, even, SOFTMAX, null).sumNumber().doubleValue(),
                1e-9);
    }

    @Test
    void otherActivationsAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> loss.computeScore(labels, output, new ActivationIdentity(), null, true));
    }
}
