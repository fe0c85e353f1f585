package io.mdnc4j.training.run;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.IUpdater;

/** Creates a network for a task. */
@FunctionalInterface
public interface ModelFactory {
    /**
     * A new network with one input and one output, initialised.
     *
     * @param inputShape shape of the features without the batch, such as {@code [1, 512]} for {@code [N, 1, 512]}
     * @param updater the updater of all parameters
     * @param seed of the initial parameters
     * @throws IllegalArgumentException if the network cannot take that shape
     */
    ComputationGraph create(long[] inputShape, IUpdater updater, long seed);
}
