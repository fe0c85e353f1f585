package io.mdnc4j.blocks;

import io.mdnc4j.blocks.conf.SpatialLayer;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.graph.BlockGraph;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Small networks to test layers and blocks in. */
public final class Graphs {
    /** Sizes small, odd and different. */
    private static final long[] SIZE = {5, 4, 3};

    private Graphs() {}

    /** A test input's spatial size. */
    public static long[] size(SpatialDims dims) {
        return java.util.Arrays.copyOf(SIZE, dims.count());
    }

    /** A test input, {@code [2, channels, size...]}. */
    public static INDArray input(SpatialDims dims, DataType type, long channels) {
        long[] shape = new long[dims.arrayRank()];
        shape[0] = 2;
        shape[1] = channels;
        System.arraycopy(size(dims), 0, shape, 2, dims.count());
        Nd4j.getRandom().setSeed(7);
        return Nd4j.randn(type, shape);
    }

    /** A network of what {@code body} adds behind the vertex {@code "input"}, and a mean squared error. */
    public static ComputationGraph network(
            SpatialDims dims,
            DataType type,
            long channels,
            BlockStyle style,
            IUpdater updater,
            Function<BlockGraph, String> body) {
        NeuralNetConfiguration.Builder global = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(updater)
                .seed(3);
        return network(global, dims, channels, style, body);
    }

    /** {@link #network} with further settings. */
    public static ComputationGraph network(
            NeuralNetConfiguration.Builder global,
            SpatialDims dims,
            long channels,
            BlockStyle style,
            Function<BlockGraph, String> body) {
        GraphBuilder builder = global.graphBuilder().addInputs("input");
        String last = body.apply(new BlockGraph(builder, dims, style, null));
        builder.addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), last)
                .setOutputs("output")
                .setInputTypes(dims.inputType(channels, size(dims)));
        ComputationGraph network = new ComputationGraph(builder.build());
        network.init();
        return network;
    }

    /** A network of a convolution, one layer and a convolution. */
    public static ComputationGraph around(SpatialDims dims, DataType type, SpatialLayer.Builder<?> layer) {
        return network(dims, type, 2, BlockStyle.DEFAULT, new NoOp(), graph -> {
            int[] kernel = dims.perAxis("kernel", 3);
            String first = graph.convolution("first", "input", 2, 3, kernel, true);
            String middle = graph.layer("middle", layer, first);
            return graph.convolution("last", middle, 3, 2, kernel, false);
        });
    }
}
