package io.mdnc4j.zoo.export;

import io.mdnc4j.blocks.Activator;
import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.LayerOrder;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.zoo.BlockSpec;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The networks of the reference checkpoints, with their weights. */
final class Checkpoints {
    static final Map<String, Supplier<ComputationGraph>> NETWORKS = new LinkedHashMap<>();

    static {
        NETWORKS.put(
                "ckpt-conv-UNet2d",
                () -> init(NetworkModel.builder("conv.unet2d")
                        .inputShape(2, 16, 16)
                        .outPlanes(2)
                        .layers(2, 2, 1)));
        NETWORKS.put(
                "ckpt-resnet-AE1d",
                () -> init(NetworkModel.builder("resnet.ae1d")
                        .inputShape(1, 16)
                        .layers(1, 2, 1)
                        .kernelSize(5)));
        NETWORKS.put(
                "ckpt-conv-EncoderNet3d",
                () -> init(NetworkModel.builder("conv.encoder3d")
                        .inputShape(1, 8, 8, 8)
                        .outLength(3)
                        .layers(1, 1)
                        .configuration(conf -> conf.dataType(DataType.DOUBLE))));
        NETWORKS.put(
                "ckpt-resnet-UNet3d",
                () -> init(NetworkModel.builder("resnet.unet3d")
                        .inputShape(1, 8, 8, 8)
                        .block(BlockKind.PLAIN)
                        .layers(1, 1)));
        NETWORKS.put("ckpt-resnet-BlockPlain2d-batch", Checkpoints::block);
    }

    private Checkpoints() {}

    static Path folder(String name) {
        return Path.of(System.getProperty("reference.dir"), "checkpoints", name);
    }

    static ComputationGraph network(String name) throws IOException {
        ComputationGraph network = NETWORKS.get(name).get();
        Weights weights = Weights.load(folder(name).resolve("weights.pth"));
        weights.into(network);
        // PyTorch's counters are steps of training here
        String counter = "conv1.0.num_batches_tracked";
        if (weights.tensors().containsKey(counter)) {
            int steps = (int) weights.read(counter, DataType.DOUBLE).getDouble();
            network.getConfiguration().setIterationCount(steps);
        }
        return network;
    }

    private static ComputationGraph init(NetworkModel.Builder<? extends NetworkModel> builder) {
        return builder.channel(4).build().init();
    }

    /** A plain residual block, 4 channels to 6, scaling down, with batch normalisation. */
    static ComputationGraph block() {
        BlockSpec spec = new BlockSpec(
                SpatialDims.TWO,
                BlockKind.PLAIN,
                4,
                6,
                Geometry.scaling(Scaler.DOWN, 3, 3),
                new BlockStyle(Normalizer.BATCH, Activator.PRELU, LayerOrder.NEW));
        GraphBuilder builder = new NeuralNetConfiguration.Builder().graphBuilder();
        spec.addTo(
                builder,
                null,
                last -> builder.addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), last));
        ComputationGraph network = new ComputationGraph(
                builder.setOutputs("output").setInputTypes(spec.inputType(9, 8)).build());
        network.init();
        return network;
    }
}
