package io.mdnc4j.training.loss;

import io.mdnc4j.training.arrays.OnHeap;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Class probabilities and one-hot labels of a batch, row by row, and the sums that losses consist of. */
final class ClassBatch {
    final int rows;
    final int classes;

    /** Rows with a label; the others count in no loss. */
    final int labelledRows;

    private final double[] probabilities;
    private final double[] labels;
    private final boolean[] labelled;
    private final double[] overlap;
    private final double[] total;

    /**
     * @param labels {@code [M, K]}; rows of zeros are unlabelled
     * @param preOutput {@code [M, K]}, before softmax
     */
    ClassBatch(INDArray labels, INDArray preOutput) {
        rows = (int) preOutput.size(0);
        classes = (int) preOutput.size(1);
        probabilities = OnHeap.doubles(preOutput);
        this.labels = OnHeap.doubles(labels);
        labelled = new boolean[rows];
        overlap = new double[classes];
        total = new double[classes];
        int count = 0;
        for (int row = 0; row < rows; row++) {
            softmax(row * classes);
            for (int c = 0; c < classes; c++) {
                labelled[row] |= label(row, c) > 0;
            }
            if (labelled[row]) {
                count++;
                addSums(row);
            }
        }
        labelledRows = count;
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

    private void addSums(int row) {
        for (int c = 0; c < classes; c++) {
            overlap[c] += probability(row, c) * label(row, c);
            total[c] += probability(row, c) + label(row, c);
        }
    }

    boolean isLabelled(int row) {
        return labelled[row];
    }

    double probability(int row, int c) {
        return probabilities[row * classes + c];
    }

    double label(int row, int c) {
        return labels[row * classes + c];
    }

    /** Sum of {@code p y} over the labelled rows. */
    double overlap(int c) {
        return overlap[c];
    }

    /** Sum of {@code p + y} over the labelled rows. */
    double total(int c) {
        return total[c];
    }
}
