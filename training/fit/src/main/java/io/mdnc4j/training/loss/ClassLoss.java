package io.mdnc4j.training.loss;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.conf.ClassLossFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A loss of classes. Labels are one-hot {@code [M, K]}, outputs softmax over two or more classes; rows whose labels are all 0
 * are unlabelled and count nowhere. As DL4J asks of a loss, the score is a sum over rows: M times the loss.
 */
abstract class ClassLoss implements ClassLossFunction {
    /** The loss is the sum of these. */
    abstract List<ClassLossTerm> terms();

    private static ClassBatch batch(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        ArgumentException.require(
                activation instanceof ActivationSoftmax,
                "activation",
                activation + " does not go with this loss",
                "use softmax over two or more classes");
        ArgumentException.require(
                preOutput.size(1) >= 2,
                "classes",
                "the output has " + preOutput.size(1),
                "use one channel for each class, the background's too");
        ArgumentException.require(mask == null, "mask", "not supported", "set the labels of masked positions to 0");
        return new ClassBatch(labels, preOutput);
    }

    private double[] scores(ClassBatch batch) {
        double[] scores = new double[batch.rows];
        for (ClassLossTerm term : terms()) {
            for (int row = 0; row < scores.length; row++) {
                scores[row] += term.ofRow(batch, row);
            }
        }
        return scores;
    }

    private double score(ClassBatch batch, boolean average) {
        double sum = 0;
        for (double score : scores(batch)) {
            sum += score;
        }
        return average ? sum / batch.rows : sum;
    }

    /** Derivatives of M times the loss by the outputs before softmax. */
    private INDArray gradient(ClassBatch batch, INDArray preOutput) {
        List<ClassLossTerm> terms = terms();
        double[] gradient = new double[batch.rows * batch.classes];
        for (int row = 0; row < batch.rows; row++) {
            if (!batch.isLabelled(row)) {
                continue;
            }
            double[] slopes = new double[batch.classes];
            for (ClassLossTerm term : terms) {
                term.addSlopes(batch, row, slopes);
            }
            double sum = 0;
            for (double slope : slopes) {
                sum += slope;
            }
            for (int c = 0; c < batch.classes; c++) {
                gradient[row * batch.classes + c] = batch.rows * (slopes[c] - batch.probability(row, c) * sum);
            }
        }
        return Nd4j.createFromArray(gradient).castTo(preOutput.dataType()).reshape('c', batch.rows, batch.classes);
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        return score(batch(labels, preOutput, activation, mask), average);
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        ClassBatch batch = batch(labels, preOutput, activation, mask);
        return Nd4j.createFromArray(scores(batch)).castTo(preOutput.dataType()).reshape('c', batch.rows, 1);
    }

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return gradient(batch(labels, preOutput, activation, mask), preOutput);
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        ClassBatch batch = batch(labels, preOutput, activation, mask);
        return new Pair<>(score(batch, average), gradient(batch, preOutput));
    }

    @Override
    public String name() {
        return getClass().getSimpleName();
    }

    @Override
    public String toString() {
        return name();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClassLoss that && getClass() == that.getClass() && terms().equals(that.terms());
    }

    @Override
    public int hashCode() {
        return 31 * getClass().hashCode() + terms().hashCode();
    }
}
