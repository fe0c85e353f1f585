package io.mdnc4j.training.fit;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Fits a network to some batches at once: plain {@link ComputationGraph#fit(DataSet)} to the last of them, whose gradient
 * becomes the mean of all.
 */
final class GradientStep extends BaseTrainingListener {
    private final ComputationGraph graph;
    private INDArray others;
    private int batches = 1;

    GradientStep(ComputationGraph graph) {
        this.graph = graph;
    }

    /** Makes a step; returns the mean loss of the data. */
    double fit(List<DataSet> parts) {
        double penalty = DataLoss.penalty(graph);
        return score(parts) - penalty;
    }

    private double score(List<DataSet> parts) {
        if (parts.size() == 1) {
            graph.fit(parts.get(0));
            return graph.score();
        }
        double loss = 0;
        batches = parts.size();
        others = null;
        for (DataSet part : parts.subList(0, batches - 1)) {
            graph.setInputs(part.getFeatures());
            graph.setLabels(part.getLabels());
            graph.computeGradientAndScore();
            loss += graph.score();
            INDArray gradient = graph.gradient().gradient();
            others = others == null ? gradient.dup() : others.addi(gradient);
            graph.clear();
        }
        List<TrainingListener> listeners = new ArrayList<>(graph.getListeners());
        List<TrainingListener> meanFirst = new ArrayList<>(listeners);
        // before the others, which shall see the mean
        meanFirst.add(0, this);
        graph.setListeners(meanFirst);
        try {
            graph.fit(parts.get(batches - 1));
        } finally {
            graph.setListeners(listeners);
        }
        return (loss + graph.score()) / batches;
    }

    /** Called by DL4J between the computation of a gradient and its use. */
    @Override
    public void onGradientCalculation(Model model) {
        model.gradient().gradient().addi(others).divi(batches);
    }
}
