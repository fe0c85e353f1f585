package io.mdnc4j.blocks.learning;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Adam as PyTorch computes it: epsilon is added after the bias correction,
 * {@code lr mhat / (sqrt(vhat) + epsilon)}. DL4J's {@link Adam} adds it before,
 * {@code lr sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon)}. Kingma and Ba, arXiv:1412.6980, algorithm 1.
 */
public class TorchAdam extends Adam {
    /** Learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8. */
    public TorchAdam() {}

    /**
     * Betas 0.9 and 0.999, epsilon 1e-8.
     *
     * @param learningRate the learning rate
     */
    public TorchAdam(double learningRate) {
        super(learningRate);
    }

    /**
     * Betas 0.9 and 0.999, epsilon 1e-8.
     *
     * @param learningRateSchedule the learning rate of each iteration or epoch
     */
    public TorchAdam(ISchedule learningRateSchedule) {
        super(learningRateSchedule);
    }

    /**
     * All settings.
     *
     * @param learningRate the learning rate
     * @param beta1 weight of the past in the mean of the gradients
     * @param beta2 weight of the past in the mean of their squares
     * @param epsilon what is added to the root of the corrected mean of squares
     */
    public TorchAdam(double learningRate, double beta1, double beta2, double epsilon) {
        super(learningRate, beta1, beta2, epsilon);
    }

    @Override
    public GradientUpdater<Adam> instantiate(INDArray view, boolean initialize) {
        Updater updater = new Updater(this);
        INDArray flat = view.reshape(view.length());
        updater.setStateViewArray(flat, new long[] {flat.length() / 2}, flat.ordering(), initialize);
        return updater;
    }

    @Override
    public GradientUpdater<Adam> instantiate(Map<String, INDArray> state, boolean initialize) {
        Updater updater = new Updater(this);
        updater.setState(state, initialize);
        return updater;
    }

    @Override
    public TorchAdam clone() {
        TorchAdam clone = new TorchAdam(getLearningRate(), getBeta1(), getBeta2(), getEpsilon());
        clone.setLearningRateSchedule(getLearningRateSchedule());
        return clone;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof TorchAdam;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TorchAdam && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + 1;
    }

    private static final class Updater extends AdamUpdater {
        Updater(TorchAdam config) {
            super(config);
        }

        /** DL4J's operation, with the epsilon for which it gives PyTorch's step. */
        @Override
        public void applyUpdater(INDArray gradient, int iteration, int epoch) {
            Adam config = getConfig();
            double correction = Math.sqrt(1 - Math.pow(config.getBeta2(), iteration + 1));
            Nd4j.exec(new org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater(
                    gradient.reshape(getV().shape()),
                    getV(),
                    getM(),
                    config.getLearningRate(iteration, epoch),
                    config.getBeta1(),
                    config.getBeta2(),
                    config.getEpsilon() * correction,
                    iteration));
        }
    }
}
