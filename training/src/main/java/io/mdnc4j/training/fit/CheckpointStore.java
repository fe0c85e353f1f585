package io.mdnc4j.training.fit;

import org.deeplearning4j.nn.graph.ComputationGraph;

/** Keeps what a training needs to continue, and its best network. */
public interface CheckpointStore {
    /** Keeps the present network, its updater and the state, in place of the last. */
    void saveLatest(ComputationGraph graph, TrainingState state);

    /** Keeps the network with the lowest validation loss and its updater, in place of the last. */
    void saveBest(ComputationGraph graph);
}
