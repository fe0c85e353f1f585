package io.mdnc4j.training.fit;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The loss of data alone, without the penalties of weight decay that DL4J's scores have in them. */
public final class DataLoss {
    private DataLoss() {}

    /**
     * The mean over all examples of some batches, by inference: dropout is off.
     *
     * @param graph the network, whose output layers have the loss
     * @param batches features and labels, started over by {@code reset()}; at least one
     * @return the mean loss of an example, without penalties
     */
    public static double of(ComputationGraph graph, DataSetIterator batches) {
        batches.reset();
        double sum = 0;
        long count = 0;
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            sum += graph.score(batch, false) * batch.numExamples();
            count += batch.numExamples();
        }
        return sum / count - penalty(graph);
    }

    /** The penalties of the present parameters. */
    static double penalty(ComputationGraph graph) {
        return graph.calcRegularizationScore(true);
    }
}
