package io.mdnc4j.benchmarks;

import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.Task;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** This project's network. */
final class Mdnc4jContender implements Contender {
    private final ComputationGraph network;
    private final INDArray input;
    private final DataSet batch;

    Mdnc4jContender(Case which, Tensors tensors) {
        network = build(which);
        setWeights(StateDict.of(network), tensors);
        input = Nd4j.create(tensors.values("input"), tensors.shape("input"), 'c');
        batch = new DataSet(input, Nd4j.zeros(tensors.shape("output")));
    }

    private static ComputationGraph build(Case which) {
        NetworkModel.Builder<? extends NetworkModel> builder = NetworkModel.builder(which.model())
                .inputShape(which.sample())
                .layers(which.layers())
                .updater(new Sgd(LEARNING_RATE))
                .task(Task.REGRESSION);
        if (which.features() != null) {
            builder.features(which.features()).deepSupervision(false);
        } else {
            builder.block(BlockKind.valueOf(which.block().toUpperCase(Locale.ROOT)))
                    .channel(which.channel())
                    .kernelSize(which.kernel());
        }
        return (which.model().contains("encoder")
                        ? builder.outLength(which.outputs())
                        : builder.outPlanes(which.outputs()))
                .build()
                .initUnset();
    }

    private static void setWeights(Map<String, INDArray> weights, Tensors tensors) {
        Set<String> keys = new TreeSet<>(weights.keySet());
        if (!keys.equals(tensors.keys())) {
            Set<String> extra = new TreeSet<>(tensors.keys());
            extra.removeAll(keys);
            keys.removeAll(tensors.keys());
            throw new IllegalStateException("keys differ; only here: " + keys + ", only in the trace: " + extra);
        }
        weights.forEach((key, weight) -> {
            if (!Arrays.equals(weight.shape(), tensors.shape(key))) {
                throw new IllegalStateException(key + ": " + Arrays.toString(weight.shape()) + " here, "
                        + Arrays.toString(tensors.shape(key)) + " in the trace");
            }
            tensors.read(key, elements(weight));
        });
    }

    /** Where they lie, without a copy, which would count as memory of the process. */
    private static FloatBuffer elements(INDArray array) {
        return new FloatPointer(array.data().addressPointer())
                .capacity(array.length())
                .asBuffer();
    }

    @Override
    public float[] infer() {
        return network.outputSingle(input).dup('c').data().asFloat();
    }

    @Override
    public void train() {
        network.fit(batch);
    }

    @Override
    public double gradientNorm() {
        train();
        // in double: ND4J's norm adds millions of squares in single precision, which is off by up to 0.4 %
        double squares = 0;
        for (INDArray gradient : StateDict.gradientsOf(network).values()) {
            for (FloatBuffer values = elements(gradient); values.hasRemaining(); ) {
                double value = values.get();
                squares += value * value;
            }
        }
        // the updater has multiplied the gradients by the learning rate
        return Math.sqrt(squares) / LEARNING_RATE;
    }
}
