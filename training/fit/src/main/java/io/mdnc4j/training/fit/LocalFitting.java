package io.mdnc4j.training.fit;

import io.mdnc4j.training.data.EpochIterator;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;

/** Learns on this machine, with plain {@link ComputationGraph#fit(DataSet)}. */
public final class LocalFitting implements Fitting {
    private final ComputationGraph graph;
    private final EpochIterator training;
    private final EpochIterator validation;
    private final GradientStep gradientStep;
    private final List<DataSet> batches = new ArrayList<>();

    private int epoch;
    private int next;

    /**
     * @param graph the network, initialised
     * @param training batches of features and labels
     * @param validation batches of the validation part, the same every epoch
     */
    public LocalFitting(ComputationGraph graph, EpochIterator training, EpochIterator validation) {
        this.graph = graph;
        this.training = training;
        this.validation = validation;
        this.gradientStep = new GradientStep(graph);
    }

    @Override
    public int batchesPerEpoch() {
        return training.batchesPerEpoch();
    }

    @Override
    public double validationBatches() {
        return validation.batchesPerEpoch();
    }

    @Override
    public double fit(int ofEpoch, int first, int count) {
        if (ofEpoch != epoch || first != next) {
            training.startEpoch(ofEpoch);
            training.skip(first);
        }
        batches.clear();
        while (batches.size() < count) {
            batches.add(training.next());
        }
        epoch = ofEpoch;
        next = first + count;
        return gradientStep.fit(batches);
    }

    @Override
    public List<DataSet> batches() {
        return List.copyOf(batches);
    }

    @Override
    public double validate() {
        return DataLoss.of(graph, validation);
    }
}
