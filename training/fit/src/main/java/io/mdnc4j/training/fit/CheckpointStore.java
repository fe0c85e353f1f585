package io.mdnc4j.training.fit;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Keeps what a training needs to continue, and its best network. */
public interface CheckpointStore {
    /**
     * Keeps the present network, its updater and the state, in place of the last.
     *
     * @param graph the network
     * @param state where its training stands
     * @param average the moving average of its parameters, like {@link ComputationGraph#params()}; {@code null} where the
     *     training keeps none
     */
    void saveLatest(ComputationGraph graph, TrainingState state, @Nullable INDArray average);

    /**
     * Keeps the network with the lowest validation loss and its updater, in place of the last.
     *
     * @param graph the network; its parameters change after the call
     */
    void saveBest(ComputationGraph graph);

    /**
     * Keeps the batches of a step whose loss was not finite.
     *
     * @param batches those of the step, never empty
     * @return where they are, for a message; empty if they are not kept
     */
    String saveDiverged(List<DataSet> batches);
}
