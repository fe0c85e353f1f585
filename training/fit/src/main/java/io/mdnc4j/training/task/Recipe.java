package io.mdnc4j.training.task;

import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.graph.BlockKind;

/**
 * Settings that were found to suit a task and a network; each can be set otherwise.
 *
 * @param channel channels of the outermost stages
 * @param layers blocks of each stage
 * @param residual block of the residual family
 * @param kernel kernel size
 * @param normalizer normalisation of all layers
 * @param batch samples a step
 * @param learningRate the highest learning rate
 * @param minutes time of training on two cores
 */
public record Recipe(
        int channel,
        int[] layers,
        BlockKind residual,
        int kernel,
        Normalizer normalizer,
        int batch,
        double learningRate,
        double minutes) {
    /**
     * Settings with the usual normalisation, {@link BlockStyle#DEFAULT}.
     *
     * @param channel channels of the outermost stages
     * @param layers blocks of each stage
     * @param residual block of the residual family
     * @param kernel kernel size
     * @param batch samples a step
     * @param learningRate the highest learning rate
     * @param minutes time of training on two cores
     */
    public Recipe(
            int channel, int[] layers, BlockKind residual, int kernel, int batch, double learningRate, double minutes) {
        this(channel, layers, residual, kernel, BlockStyle.DEFAULT.normalizer(), batch, learningRate, minutes);
    }

    /**
     * The same with other stages.
     *
     * @param other blocks of each stage
     * @return a changed copy
     */
    public Recipe withLayers(int... other) {
        return new Recipe(channel, other, residual, kernel, normalizer, batch, learningRate, minutes);
    }

    /**
     * The same with another batch.
     *
     * @param samples a step
     * @return a changed copy
     */
    public Recipe withBatch(int samples) {
        return new Recipe(channel, layers, residual, kernel, normalizer, samples, learningRate, minutes);
    }
}
