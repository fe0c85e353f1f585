package io.mdnc4j.training.run;

import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The smallest network that can learn the task: two convolutions. */
final class SmallGraph {
    private SmallGraph() {}

    static ComputationGraph create(long[] inputShape, Consumer<NeuralNetConfiguration.Builder> settings, long seed) {
        NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder().seed(seed);
        settings.accept(builder);
        ComputationGraph graph = new ComputationGraph(builder.graphBuilder()
                .addInputs("input")
                .setInputTypes(InputType.recurrent(inputShape[0], inputShape[1], RNNFormat.NCW))
                .addLayer("first", convolution(2, Activation.TANH), "input")
                .addLayer("second", convolution(1, Activation.IDENTITY), "first")
                .addLayer(
                        "loss",
                        new RnnLossLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .dataFormat(RNNFormat.NCW)
                                .build(),
                        "second")
                .setOutputs("loss")
                .build());
        graph.init();
        return graph;
    }

    private static Convolution1DLayer convolution(int channels, Activation activation) {
        return new Convolution1DLayer.Builder(5)
                .nOut(channels)
                .convolutionMode(ConvolutionMode.Same)
                .rnnDataFormat(RNNFormat.NCW)
                .activation(activation)
                .build();
    }
}
