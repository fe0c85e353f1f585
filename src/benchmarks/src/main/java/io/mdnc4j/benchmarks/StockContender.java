package io.mdnc4j.benchmarks;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The residual 2D encoder from stock DL4J layers: batch normalisation where the network has instance normalisation, of which
 * DL4J has none, and a fixed slope where it has PReLU, whose stock backward pass fails with one slope a channel. Same
 * convolutions, same sizes; its numbers are its own.
 */
final class StockContender implements Contender {
    private static final double INITIAL_SLOPE = 0.25;

    private final GraphBuilder graph;
    private final ComputationGraph network;
    private final INDArray input;
    private final DataSet batch;
    private int vertices;

    StockContender(Case which, Tensors tensors) {
        graph = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Sgd(LEARNING_RATE))
                .activation(Activation.IDENTITY)
                .convolutionMode(ConvolutionMode.Truncate)
                .graphBuilder()
                .addInputs("input");
        int[] shape = which.input();
        Stream last = new Stream("input", shape[1], shape[2], shape[3]);
        last = convolve(last, which.channel(), 5, 1, false);
        for (int i = 0; i < which.layers().length; i++) {
            for (int left = which.layers()[i]; left > 0; left--) {
                last = bottleneck(last, which.channel() << i, left == 1 ? 2 : 1);
            }
        }
        last = convolve(last, last.channels, 3, 1, true);
        graph.addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), last.name)
                .addLayer(
                        "fc",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nOut(which.outputs())
                                .build(),
                        "pool")
                .setOutputs("fc")
                .setInputTypes(InputType.convolutional(shape[2], shape[3], shape[1]));
        network = new ComputationGraph(graph.build());
        network.init();
        input = Nd4j.create(tensors.values("input"), tensors.shape("input"), 'c');
        batch = new DataSet(input, Nd4j.zeros(tensors.shape("output")));
    }

    /** Whether there are stock layers for all but the normalisation. */
    static boolean supports(Case which) {
        return which.model().equals("resnet.encoder2d");
    }

    private record Stream(String name, int channels, int height, int width) {}

    private String next() {
        return "v" + vertices++;
    }

    private Stream convolve(Stream from, int out, int kernel, int stride, boolean bias) {
        String name = next();
        graph.addLayer(
                name,
                new ConvolutionLayer.Builder(kernel, kernel)
                        .stride(stride, stride)
                        .padding(kernel / 2, kernel / 2)
                        .nOut(out)
                        .hasBias(bias)
                        .build(),
                from.name);
        return new Stream(name, out, (from.height - 1) / stride + 1, (from.width - 1) / stride + 1);
    }

    private Stream normalize(Stream from) {
        String name = next();
        graph.addLayer(name, new BatchNormalization.Builder().build(), from.name);
        return new Stream(name, from.channels, from.height, from.width);
    }

    private Stream unit(Stream from, int out, int kernel, int stride) {
        Stream normalized = normalize(from);
        String name = next();
        graph.addLayer(name, new ActivationLayer(new ActivationLReLU(INITIAL_SLOPE)), normalized.name);
        return convolve(new Stream(name, from.channels, from.height, from.width), out, kernel, stride, false);
    }

    private Stream bottleneck(Stream from, int out, int stride) {
        Stream main = unit(unit(unit(from, from.channels, 1, 1), from.channels, 3, stride), out, 1, 1);
        boolean identity = stride == 1 && from.channels == out;
        Stream shortcut = identity ? from : normalize(convolve(from, out, 1, stride, false));
        String name = next();
        graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), main.name, shortcut.name);
        return new Stream(name, out, main.height, main.width);
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
        throw new UnsupportedOperationException("not the traced network's");
    }
}
