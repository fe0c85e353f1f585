package io.mdnc4j.training.run;

import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Creates a network for a task. */
@FunctionalInterface
public interface ModelFactory {
    /**
     * A new network with one input and one output, initialised.
     *
     * @param inputShape shape of the features without the batch, such as {@code [1, 512]} for {@code [N, 1, 512]}
     * @param settings sets the updater and what else training needs
     * @param seed of the initial parameters
     * @return the network
     * @throws io.mdnc4j.blocks.ArgumentException if the network cannot take that shape
     */
    ComputationGraph create(long[] inputShape, Consumer<NeuralNetConfiguration.Builder> settings, long seed);
}
