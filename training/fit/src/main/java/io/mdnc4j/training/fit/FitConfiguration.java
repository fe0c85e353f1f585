package io.mdnc4j.training.fit;

import io.mdnc4j.blocks.ArgumentException;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;

/**
 * How a network is trained.
 *
 * @param batch samples a batch, at least 1
 * @param accumulate batches whose gradients are averaged before the parameters change, at least 1
 * @param learningRate the rate over time
 * @param updater a code of {@link Updaters}
 * @param weightDecay decoupled weight decay of weights, times the learning rate at each step; 0 for none
 * @param clipNorm L2 norm to which the gradient of each layer is shortened; 0 for none
 * @param clipValue largest absolute value of an element of the gradient; 0 for none
 * @param patience epochs without a lower validation loss after which training ends; 0 for no such end
 * @param averaging decay of a moving average of the parameters ({@link MovingAverage}), less than 1, such as 0.999; then the
 *     averaged network is the one that is validated and kept; 0 for none
 * @param seed of the initial parameters and the samples
 */
public record FitConfiguration(
        int batch,
        int accumulate,
        LearningRate learningRate,
        String updater,
        double weightDecay,
        double clipNorm,
        double clipValue,
        int patience,
        double averaging,
        long seed)
        implements Consumer<NeuralNetConfiguration.Builder> {
    /**
     * Checks that all are in range.
     *
     * @param batch samples a batch, at least 1
     * @param accumulate batches a step, at least 1
     * @param learningRate the rate over time
     * @param updater a code of {@link Updaters}, in any case
     * @param weightDecay 0 or more, finite
     * @param clipNorm 0 or more, finite; 0 where {@code clipValue} is not
     * @param clipValue 0 or more, finite; 0 where {@code clipNorm} is not
     * @param patience epochs, 0 for any number
     * @param averaging 0 or more, less than 1
     * @param seed any
     * @throws ArgumentException if one is out of range, naming it
     */
    public FitConfiguration {
        require(batch >= 1, "batch", batch, "the samples of a batch, 1 or more");
        require(accumulate >= 1, "accumulate", accumulate, "the batches of a step, 1 or more");
        require(weightDecay >= 0 && Double.isFinite(weightDecay), "weightDecay", weightDecay, "0 or more");
        require(clipNorm >= 0 && Double.isFinite(clipNorm), "clipNorm", clipNorm, "0 (none) or more");
        require(clipValue >= 0 && Double.isFinite(clipValue), "clipValue", clipValue, "0 (none) or more");
        require(clipNorm == 0 || clipValue == 0, "clipValue", clipValue, "0 beside a clipNorm, or no clipNorm");
        require(patience >= 0, "patience", patience, "a number of epochs, 0 for none");
        require(averaging >= 0 && averaging < 1, "averaging", averaging, "0 (none) or more, and less than 1");
        Updaters.parse(updater);
    }

    /**
     * Adam, a batch a step, and neither weight decay, clipping, patience nor averaging.
     *
     * @param batch samples a step, at least 1
     * @param learningRate the rate over time
     * @param seed of the initial parameters and the samples
     * @throws ArgumentException if the batch is less than 1
     */
    public FitConfiguration(int batch, LearningRate learningRate, long seed) {
        this(batch, 1, learningRate, Updaters.ADAM.code(), 0, 0, 0, 0, 0, seed);
    }

    /**
     * The same with another number of batches a step.
     *
     * @param batches how many, at least 1
     * @return a changed copy
     * @throws ArgumentException if it is less than 1
     */
    public FitConfiguration withAccumulate(int batches) {
        return new FitConfiguration(
                batch, batches, learningRate, updater, weightDecay, clipNorm, clipValue, patience, averaging, seed);
    }

    /**
     * The same with a moving average of the parameters.
     *
     * @param decay 0 (none) or more, less than 1
     * @return a changed copy
     * @throws ArgumentException if it is out of range
     */
    public FitConfiguration withAveraging(double decay) {
        return new FitConfiguration(
                batch, accumulate, learningRate, updater, weightDecay, clipNorm, clipValue, patience, decay, seed);
    }

    /**
     * The same with another seed.
     *
     * @param other any
     * @return a changed copy
     */
    public FitConfiguration withSeed(long other) {
        return new FitConfiguration(
                batch, accumulate, learningRate, updater, weightDecay, clipNorm, clipValue, patience, averaging, other);
    }

    private static void require(boolean condition, String name, Object value, String remedy) {
        ArgumentException.require(condition, name, value, "give " + remedy);
    }

    /**
     * Steps that some batches make.
     *
     * @param batches how many, such as those of an epoch
     * @return {@code batches / accumulate}, rounded up: the last step may have fewer
     */
    public int stepsOf(int batches) {
        return (batches - 1) / accumulate + 1;
    }

    /**
     * Sets updater, weight decay and gradient clipping of a network.
     *
     * @param network the configuration to change
     */
    @Override
    public void accept(NeuralNetConfiguration.Builder network) {
        network.updater(Updaters.parse(updater).create(learningRate.peak()));
        if (weightDecay > 0) {
            network.weightDecay(weightDecay);
        }
        if (clipNorm > 0) {
            network.gradientNormalization(GradientNormalization.ClipL2PerLayer)
                    .gradientNormalizationThreshold(clipNorm);
        } else if (clipValue > 0) {
            network.gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                    .gradientNormalizationThreshold(clipValue);
        }
    }
}
