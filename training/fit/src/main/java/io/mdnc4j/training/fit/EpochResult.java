package io.mdnc4j.training.fit;

/**
 * The results of an epoch.
 *
 * @param epoch number of the epoch, from 1
 * @param step steps done in all
 * @param seconds time of fitting and validating so far
 * @param trainLoss mean of the epoch's training losses
 * @param validationLoss loss on the validation part after the epoch
 * @param learningRate the last step's
 */
public record EpochResult(
        int epoch, long step, double seconds, double trainLoss, double validationLoss, double learningRate) {}
