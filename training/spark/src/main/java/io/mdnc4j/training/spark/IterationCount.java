package io.mdnc4j.training.spark;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Tells the workers' networks the number of the iteration, by which Adam corrects its means. DL4J gives workers a clone of the
 * configuration, and the clone begins at 0: each round's steps would be several times too short.
 */
final class IterationCount implements TrainingHook {
    private static final long serialVersionUID = 1;

    private int next;

    /** @param iteration number of the first iteration of the next round */
    void startAt(int iteration) {
        this.next = iteration;
    }

    @Override
    public void preUpdate(DataSet batch, Model network) {
        ((ComputationGraph) network).getConfiguration().setIterationCount(next++);
    }

    @Override
    public void preUpdate(MultiDataSet batch, Model network) {
        ((ComputationGraph) network).getConfiguration().setIterationCount(next++);
    }

    @Override
    public void postUpdate(DataSet batch, Model network) {
        // counted before
    }

    @Override
    public void postUpdate(MultiDataSet batch, Model network) {
        // counted before
    }
}
