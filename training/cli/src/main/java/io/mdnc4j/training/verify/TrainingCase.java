package io.mdnc4j.training.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.learning.TorchAdam;
import io.mdnc4j.zoo.GraphSpec;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Repeats a case's short training runs with plain {@code fit}, and compares losses, first gradients and final values. */
final class TrainingCase {
    private static final String OUTPUT = "output";

    /** Relative to the largest value; the loss curve is the sharper test. */
    private static final double FINAL_TOLERANCE = 1e-7;

    private static final Map<String, IUpdater> UPDATERS = new LinkedHashMap<>();

    static {
        UPDATERS.put("sgd", new Sgd(0.05));
        UPDATERS.put("adam", new TorchAdam(1e-3));
        UPDATERS.put("adam_epshat", new Adam(1e-3));
    }

    private final ReferenceCase reference;
    private final Precision precision;
    private final List<Comparison> comparisons = new ArrayList<>();

    private TrainingCase(ReferenceCase reference, Precision precision) {
        this.reference = reference;
        this.precision = precision;
    }

    static List<Comparison> run(ReferenceCase reference, Precision precision) {
        TrainingCase training = new TrainingCase(reference, precision);
        try {
            training.compareStart();
            UPDATERS.forEach(training::compareRun);
        } catch (ArgumentException e) {
            throw reference.malformed(e.getMessage());
        }
        return training.comparisons;
    }

    private void compareStart() {
        ComputationGraph network = network(new Sgd(0));
        DataSet batch = batch();
        compare("output0", output(network, batch.getFeatures()), precision.tolerance(reference, "output0", false));
        network.setInputs(batch.getFeatures());
        network.setLabels(batch.getLabels());
        network.computeGradientAndScore();
        Map<String, INDArray> gradients = StateDict.gradientsOf(network);
        double samples = batch.getFeatures().size(0); // the updater, not the layer, divides by it
        reference
                .tensorsUnder("grad0/")
                .forEach((key, tensor) -> compare(
                        tensor.name(),
                        gradients.get(key).div(samples),
                        precision.tolerance(reference, tensor.name(), true)));
    }

    /** The network's output as the case has it, before the softmax that belongs to its loss. */
    private static INDArray output(ComputationGraph network, INDArray input) {
        String last = network.getConfiguration().getVertexInputs().get(OUTPUT).get(0);
        return network.feedForward(input, false).get(last);
    }

    private void compareRun(String name, IUpdater updater) {
        ComputationGraph network = network(updater);
        DataSet batch = batch();
        JsonNode losses = reference.json().path(name).path("loss");
        if (losses.isEmpty()) {
            throw reference.malformed(name + " has no list \"loss\"");
        }
        for (int step = 0; step < losses.size(); step++) {
            boolean last = step == losses.size() - 1;
            if (!last) {
                network.fit(batch);
            }
            double loss = last ? network.score(batch) : network.score();
            double expected = losses.get(step).asDouble();
            comparisons.add(new Comparison(
                    name + "/loss[" + step + "]",
                    Math.abs(loss - expected),
                    precision.lossTolerance() * Math.abs(expected)));
        }
        if (precision == Precision.DOUBLE) {
            Map<String, INDArray> parameters = StateDict.of(network);
            Set<String> noise = noise(updater);
            reference.tensorsUnder("final_" + name + "/").forEach((key, tensor) -> {
                if (!noise.contains(key)) {
                    double tolerance = FINAL_TOLERANCE * Math.max(Precision.largest(tensor), 1e-3);
                    compare(tensor.name(), parameters.get(key), tolerance);
                }
            });
        }
    }

    /** Parameters whose true gradient is 0, which Adam moves by rounding noise. */
    private Set<String> noise(IUpdater updater) {
        Set<String> keys = new TreeSet<>();
        if (updater instanceof Adam) {
            reference.json().path("near_zero_grads").forEach(key -> keys.add(key.asText()));
        }
        return keys;
    }

    private Task task() {
        String loss = reference.json().path("loss").asText();
        return switch (loss) {
            case "mse_mean" -> Task.REGRESSION;
            case "cross_entropy_mean" -> Task.SEGMENTATION;
            default -> throw reference.malformed("loss \"" + loss + "\" is neither mse_mean nor cross_entropy_mean");
        };
    }

    private ComputationGraph network(IUpdater updater) {
        boolean classes = task().hasClasses();
        ILossFunction loss = classes ? new LossMCXENT() : new LossMSE();
        IActivation activation = classes ? new ActivationSoftmax() : new ActivationIdentity();
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .dataType(precision.dataType())
                .updater(updater)
                .graphBuilder();
        GraphSpec spec = CaseNetwork.spec(reference);
        spec.addTo(
                builder,
                null,
                last -> builder.addLayer(
                        OUTPUT,
                        new SpatialLossLayer.Builder(loss)
                                .activation(activation)
                                .build(),
                        last));
        ComputationGraph network =
                new ComputationGraph(builder.setOutputs(OUTPUT).build());
        network.init();
        CaseRunner.setParameters(reference, network, "");
        return network;
    }

    /** Class numbers are labels as they are: the loss takes them, and names one that no channel stands for. */
    private DataSet batch() {
        return new DataSet(
                reference.tensor("input").array(precision.dataType()),
                reference.tensor("target").array(precision.dataType()));
    }

    private void compare(String name, INDArray actual, double tolerance) {
        comparisons.add(Comparison.of(name, reference.tensor(name), actual, tolerance));
    }
}
