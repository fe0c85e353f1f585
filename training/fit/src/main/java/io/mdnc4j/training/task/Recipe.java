package io.mdnc4j.training.task;

import io.mdnc4j.blocks.graph.BlockKind;

/**
 * Settings that were found to suit a task and a network; each can be set otherwise.
 *
 * @param channel channels of the outermost stages
 * @param layers blocks of each stage
 * @param residual block of the residual family
 * @param kernel kernel size
 * @param batch samples a step
 * @param learningRate the highest learning rate
 * @param minutes time of training on two cores
 */
public record Recipe(
        int channel, int[] layers, BlockKind residual, int kernel, int batch, double learningRate, double minutes) {}
