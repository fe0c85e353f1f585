package io.mdnc4j.training.cli;

import io.mdnc4j.training.run.ModelFactory;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The networks that {@code train} knows, by name. */
final class Models {
    private static final String STOCK = "stock.conv1d";
    private static final int CHANNELS = 16;
    private static final int KERNEL = 15;
    private static final int HIDDEN = 3;

    private Models() {}

    /**
     * The network of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static ModelFactory named(String name) {
        if (name.equalsIgnoreCase(STOCK)) {
            return Models::stock;
        }
        throw new IllegalArgumentException("model: unknown name \"" + name + "\"; use " + STOCK);
    }

    /** A plain stack of DL4J's own 1D convolutions. */
    private static ComputationGraph stock(long[] inputShape, IUpdater updater, long seed) {
        if (inputShape.length != 2) {
            throw new IllegalArgumentException("model: " + STOCK + " takes 1D inputs, not " + (inputShape.length - 1)
                    + "D; choose another network or other data");
        }
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(updater)
                .weightInit(WeightInit.RELU)
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(InputType.recurrent(inputShape[0], inputShape[1], RNNFormat.NCW));
        String last = "input";
        for (int i = 0; i < HIDDEN; i++) {
            builder.addLayer("conv" + i, convolution(CHANNELS, Activation.LEAKYRELU), last);
            last = "conv" + i;
        }
        builder.addLayer("out", convolution((int) inputShape[0], Activation.IDENTITY), last)
                .addLayer(
                        "loss",
                        new RnnLossLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .dataFormat(RNNFormat.NCW)
                                .build(),
                        "out")
                .setOutputs("loss");
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private static Convolution1DLayer convolution(int channels, Activation activation) {
        return new Convolution1DLayer.Builder(KERNEL)
                .nOut(channels)
                .convolutionMode(ConvolutionMode.Same)
                .rnnDataFormat(RNNFormat.NCW)
                .activation(activation)
                .build();
    }
}
