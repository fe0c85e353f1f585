package example;

import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.Convolution;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Tells stripes along from stripes across: mdnc4j's blocks, one made of its layers, and layers of Deeplearning4j. */
public final class Blocks {
    private static final int CHANNELS = 6;
    private static final int SIZE = 16;

    public static void main(String[] arguments) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.01))
                .graphBuilder()
                .addInputs("image");
        BlockGraph graph = new BlockGraph(builder, SpatialDims.TWO);
        String down = BlockKind.PLAIN.add(graph, "down", "image", 1, CHANNELS, Geometry.scaling(Scaler.DOWN, 3, 3));
        String both = pairOfShapes(graph, "pair", down, CHANNELS);
        ComputationGraphConfiguration configuration = builder.addLayer("dropout", new DropoutLayer(0.9), both)
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "dropout")
                .addLayer(
                        "classes",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nIn(CHANNELS)
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "pool")
                .setOutputs("classes")
                .setInputTypes(SpatialDims.TWO.inputType(1, SIZE, SIZE))
                .build();
        // what a model file holds
        ComputationGraph network =
                new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration.toJson()));
        network.init();

        DataSet stripes = stripes(32);
        double before = network.score(stripes);
        for (int step = 0; step < 40; step++) {
            network.fit(stripes);
        }
        double after = network.score(stripes);
        System.out.printf("blocks: %d parameters, loss %.4f before, %.4f after%n", network.numParams(), before, after);
        System.exit(after < before / 2 ? 0 : 1);
    }

    /** A block of one's own: a wide and a high convolution, added. */
    private static String pairOfShapes(BlockGraph graph, String name, String input, int channels) {
        String wide = graph.layer(
                name + ".wide", new Convolution.Builder(1, 5).padding(0, 2).nIn(channels).nOut(channels), input);
        String high = graph.layer(
                name + ".high", new Convolution.Builder(5, 1).padding(2, 0).nIn(channels).nOut(channels), input);
        return graph.vertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), wide, high);
    }

    private static DataSet stripes(int count) {
        INDArray images = Nd4j.zeros(DataType.FLOAT, count, 1, SIZE, SIZE);
        INDArray classes = Nd4j.zeros(DataType.FLOAT, count, 2);
        for (int n = 0; n < count; n++) {
            classes.putScalar(n, n % 2, 1);
            for (int y = 0; y < SIZE; y++) {
                for (int x = 0; x < SIZE; x++) {
                    images.putScalar(new int[] {n, 0, y, x}, Math.sin((n % 2 == 0 ? x : y) + n));
                }
            }
        }
        return new DataSet(images, classes);
    }
}
