package io.mdnc4j.training.fit;

import org.jspecify.annotations.Nullable;

/**
 * Where a training stands, besides what the network itself holds.
 *
 * @param epoch finished epochs
 * @param batch steps done of the epoch after those; each is of {@link FitConfiguration#accumulate()} batches
 * @param step steps done in all
 * @param seconds time, in seconds, of fitting and validating so far
 * @param lossSum sum of the training losses of the {@code batch} steps
 * @param bestEpoch the epoch with the lowest validation loss, 0 before the first
 * @param bestLoss that loss, {@code null} before the first
 */
public record TrainingState(
        int epoch,
        int batch,
        long step,
        double seconds,
        double lossSum,
        int bestEpoch,
        @Nullable Double bestLoss) {
    /** Nothing done yet. */
    public static final TrainingState START = new TrainingState(0, 0, 0, 0, 0, 0, null);

    /**
     * {@return the state after another step}
     *
     * @param loss its training loss
     * @param took its seconds
     */
    public TrainingState afterStep(double loss, double took) {
        return new TrainingState(epoch, batch + 1, step + 1, seconds + took, lossSum + loss, bestEpoch, bestLoss);
    }

    /**
     * {@return the state after the end of an epoch}
     *
     * @param validationLoss the loss then
     * @param took seconds of validating
     */
    public TrainingState afterEpoch(double validationLoss, double took) {
        boolean better = isBetter(validationLoss);
        return new TrainingState(
                epoch + 1,
                0,
                step,
                seconds + took,
                0,
                better ? epoch + 1 : bestEpoch,
                better ? Double.valueOf(validationLoss) : bestLoss);
    }

    /**
     * {@return whether a validation loss is lower than all before}
     *
     * @param validationLoss the loss; any is, before the first
     */
    public boolean isBetter(double validationLoss) {
        return bestLoss == null || validationLoss < bestLoss;
    }
}
