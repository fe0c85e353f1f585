package io.mdnc4j.training.loss;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The loss of segmentation: mean cross entropy of the positions, plus 1 less the mean Dice coefficient of the classes after the
 * first, the background. Labels are one-hot {@code [M, K]}, outputs softmax over classes; positions whose labels are all 0 are
 * unlabelled and count in neither. As DL4J asks of a loss, the score is a sum over rows: M times the loss.
 *
 * <p>Coefficients are of the whole batch, {@code (2 sum p y + 1) / (sum p + sum y + 1)}; Milletari et al., arXiv:1606.04797;
 * the sum of both losses as in Isensee et al., arXiv:1904.08128.
 */
public final class DiceCrossEntropy implements ILossFunction {
    private static final double SMOOTH = 1;
    private static final double LEAST = 1e-12;

    /** One batch: probabilities and labels row by row, and the sums that the loss consists of. */
    private static final class Batch {
        final int rows;
        final int classes;
        final double[] probabilities;
        final double[] labels;
        final boolean[] labelled;
        final double[] overlap;
        final double[] total;
        int count;
        double crossEntropy;

        Batch(INDArray labels, INDArray preOutput) {
            rows = (int) preOutput.size(0);
            classes = (int) preOutput.size(1);
            probabilities = preOutput.dup('c').data().asDouble();
            this.labels = labels.dup('c').data().asDouble();
            labelled = new boolean[rows];
            overlap = new double[classes];
            total = new double[classes];
            for (int row = 0; row < rows; row++) {
                softmax(row * classes);
                add(row);
            }
        }

        private void softmax(int first) {
            double most = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                most = Math.max(most, probabilities[first + c]);
            }
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                probabilities[first + c] = Math.exp(probabilities[first + c] - most);
                sum += probabilities[first + c];
            }
            for (int c = 0; c < classes; c++) {
                probabilities[first + c] /= sum;
            }
        }

        private void add(int row) {
            for (int c = 0; c < classes; c++) {
                labelled[row] |= labels[row * classes + c] > 0;
            }
            if (!labelled[row]) {
                return;
            }
            count++;
            crossEntropy += crossEntropy(row);
            for (int c = 0; c < classes; c++) {
                double p = probabilities[row * classes + c];
                double y = labels[row * classes + c];
                overlap[c] += p * y;
                total[c] += p + y;
            }
        }

        double crossEntropy(int row) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                double y = labels[row * classes + c];
                sum -= y == 0 ? 0 : y * Math.log(Math.max(probabilities[row * classes + c], LEAST));
            }
            return sum;
        }

        double dice() {
            double sum = 0;
            for (int c = 1; c < classes; c++) {
                sum += (2 * overlap[c] + SMOOTH) / (total[c] + SMOOTH);
            }
            return 1 - sum / (classes - 1);
        }

        double loss() {
            return (count == 0 ? 0 : crossEntropy / count) + dice();
        }

        /** Derivative of the loss of Dice's coefficient by the probability of a class with label {@code y}. */
        double diceSlope(int c, double y) {
            double whole = total[c] + SMOOTH;
            return c == 0 ? 0 : -(2 * y * whole - 2 * overlap[c] - SMOOTH) / (whole * whole) / (classes - 1);
        }

        /** Derivatives of M times the loss by the outputs before softmax. */
        double[] gradient() {
            double[] gradient = new double[probabilities.length];
            double[] slopes = new double[classes];
            for (int row = 0; row < rows; row++) {
                if (!labelled[row]) {
                    continue;
                }
                int first = row * classes;
                double mean = 0;
                for (int c = 0; c < classes; c++) {
                    slopes[c] = diceSlope(c, labels[first + c]);
                    mean += slopes[c] * probabilities[first + c];
                }
                for (int c = 0; c < classes; c++) {
                    double p = probabilities[first + c];
                    gradient[first + c] = rows * ((p - labels[first + c]) / count + p * (slopes[c] - mean));
                }
            }
            return gradient;
        }
    }

    private static Batch batch(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        if (!(activation instanceof ActivationSoftmax)) {
            throw new IllegalArgumentException(
                    "activation: " + activation + " does not go with this loss; use softmax over two or more classes");
        }
        if (mask != null) {
            throw new IllegalArgumentException("mask: not supported; set the labels of masked positions to 0");
        }
        return new Batch(labels, preOutput);
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        Batch batch = batch(labels, preOutput, activation, mask);
        return average ? batch.loss() : batch.rows * batch.loss();
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        Batch batch = batch(labels, preOutput, activation, mask);
        double[] scores = new double[batch.rows];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = batch.dice() + (batch.labelled[row] ? batch.crossEntropy(row) * batch.rows / batch.count : 0);
        }
        return Nd4j.createFromArray(scores).castTo(preOutput.dataType()).reshape('c', batch.rows, 1);
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        Batch batch = batch(labels, preOutput, activation, mask);
        return Nd4j.createFromArray(batch.gradient())
                .castTo(preOutput.dataType())
                .reshape('c', batch.rows, batch.classes);
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        return new Pair<>(
                computeScore(labels, preOutput, activation, mask, average),
                computeGradient(labels, preOutput, activation, mask));
    }

    @Override
    public String name() {
        return "DiceCrossEntropy";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DiceCrossEntropy;
    }

    @Override
    public int hashCode() {
        return DiceCrossEntropy.class.hashCode();
    }
}
