package io.mdnc4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.blocks.learning.TorchAdam;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.zoo.Features;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.ResEncoder;
import io.mdnc4j.zoo.ResUNet;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.WeightTransfer;
import io.mdnc4j.zoo.export.ExportFormat;
import io.mdnc4j.zoo.nnunet.ModelFolder;
import io.mdnc4j.zoo.nnunet.Processing;
import io.mdnc4j.zoo.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.SingletonDataSetIterator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What the pages of the site show runs: their Java stands here word for word, their commands are taken from them. */
class SiteTest {
    @TempDir
    Path folder;

    @Test
    void train() throws IOException {
        INDArray images = Nd4j.rand(DataType.FLOAT, 2, 1, 32, 32);
        INDArray masks = Nd4j.zeros(DataType.FLOAT, 2, 2, 32, 32);
        masks.get(NDArrayIndex.all(), NDArrayIndex.point(0)).assign(1);
        INDArray large = Nd4j.rand(DataType.FLOAT, 1, 50, 70);
        DataSetIterator batches = new SingletonDataSetIterator(new DataSet(images, masks));
        Path file = folder.resolve("model.zip");

        ComputationGraph network = ResUNet.builder()
                .inputShape(1, 32, 32) // channels and sizes: three numbers make it a network for images
                .outPlanes(2)
                .channel(8)
                .layers(1, 1)
                .task(Task.CLASSIFICATION) // softmax over channels at every position, cross entropy
                .updater(new TorchAdam(1e-3))
                .build()
                .init();
        network.setListeners(new ScoreIterationListener(10));
        network.fit(batches, 2);
        double loss = network.score(new DataSet(images, masks));

        ModelDescription description = new ModelDescription(
                "resnet.unet2d",
                "segmentation",
                List.of(1L, 32L, 32L), // windows of that size
                ModelDescription.Normalization.NONE,
                List.of("background", "cell"),
                null,
                null,
                List.of(),
                Map.of());
        ModelFiles.write(network, description, file);

        Predictor predictor = Predictor.read(file);
        INDArray probabilities = predictor.predict(large); // [1, 50, 70] becomes [2, 50, 70]

        assertTrue(loss > 0 && loss < 2, () -> "loss " + loss);
        assertArrayEquals(new long[] {2, 50, 70}, probabilities.shape());
        assertEquals(1, probabilities.sum(0).meanNumber().doubleValue(), 1e-5);
    }

    @Test
    void names() {
        ComputationGraph volumes = NetworkModel.builder("conv.unet3d")
                .inputShape(1, 16, 16, 16)
                .channel(4)
                .layers(1, 1)
                .build()
                .init();

        INDArray other = Nd4j.rand(DataType.FLOAT, 1, 1, 9, 12, 8);
        assertArrayEquals(other.shape(), volumes.outputSingle(other).shape());
    }

    @Test
    void pretrained() throws IOException {
        INDArray noisy = Nd4j.randn(DataType.FLOAT, 1, 700);

        INDArray clean = Predictor.read(Path.of("ecg-denoiser")).predict(noisy); // [1, length], millivolt at 360 Hz
        ComputationGraph denoiser = NetworkModel.initPretrained("ecg-denoiser"); // the network alone

        assertArrayEquals(noisy.shape(), clean.shape());
        assertEquals(109_033, denoiser.numParams());
    }

    @Test
    void weights() throws IOException {
        Path checkpoint = Page.ROOT.resolve("src/reference/checkpoints/ckpt-resnet-AE1d/weights.pth");

        Weights weights = Weights.load(checkpoint); // .pth, .pt or .safetensors
        ComputationGraph imported = weights.network(); // model and geometry found from keys and shapes
        weights.into(imported); // into a network that there is
        ExportFormat.ONNX.write(imported, null, folder.resolve("model.onnx"));
        ExportFormat.SAFETENSORS.write(imported, null, folder.resolve("weights.safetensors"));
        INDArray kernel = StateDict.of(imported).get("conv_first.weight");

        assertEquals(
                kernel,
                Weights.load(folder.resolve("weights.safetensors")).read("conv_first.weight", kernel.dataType()));
        assertTrue(Files.size(folder.resolve("model.onnx")) > imported.numParams() * 4);
    }

    @Test
    void transfer() {
        ComputationGraph encoder = ResEncoder.builder()
                .inputShape(3, 32, 32)
                .channel(8)
                .layers(1, 1, 1)
                .build()
                .init();
        ComputationGraph unet = ResUNet.builder()
                .inputShape(3, 32, 32)
                .channel(8)
                .layers(1, 1)
                .build()
                .init();
        INDArray images = Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32);

        WeightTransfer transfer = WeightTransfer.copy(encoder, unet); // tells what was moved and what was not
        INDArray map = Features.of(unet).at("stage2", images); // of any stage or vertex

        String body = Features.of(unet).vertex("conv_up_list.0"); // all up to it stays as it is
        ComputationGraph segmentation = new TransferLearning.GraphBuilder(unet)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new TorchAdam(1e-2))
                        .build())
                .setFeatureExtractor(body)
                .removeVertexAndConnections("conv_final")
                .removeVertexAndConnections("output")
                .addLayer(
                        "conv_final",
                        new Convolution.Builder(1, 1).nIn(8).nOut(4).build(),
                        body)
                .addLayer(
                        "output",
                        new SpatialLossLayer.Builder(new LossMCXENT())
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "conv_final")
                .setOutputs("output")
                .build();

        assertTrue(transfer.moved().containsKey("conv_first.weight"));
        assertEquals(2, map.size(0));
        INDArray classes = Nd4j.zeros(DataType.FLOAT, 2, 4, 32, 32);
        classes.get(NDArrayIndex.all(), NDArrayIndex.point(2)).assign(1);
        DataSet batch = new DataSet(images, classes);
        double before = segmentation.score(batch);
        for (int i = 0; i < 20; i++) {
            segmentation.fit(batch);
        }
        assertTrue(
                segmentation.score(batch) < 0.8 * before, () -> "from " + before + " to " + segmentation.score(batch));
    }

    @Test
    void blocks() {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .updater(new TorchAdam(1e-3))
                .graphBuilder()
                .addInputs("input");
        BlockGraph graph = new BlockGraph(builder, SpatialDims.TWO);
        String down = BlockKind.PLAIN.add(graph, "down", "input", 1, 8, Geometry.scaling(Scaler.DOWN, 3, 3));
        String body = BlockKind.BOTTLENECK.add(graph, "body", down, 8, 8, Geometry.keeping(3, 3));
        String up = BlockKind.CONV.add(graph, "up", body, 8, 1, Geometry.scaling(Scaler.UP, 3, 3));
        ComputationGraph network =
                new ComputationGraph(builder.addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), up)
                        .setOutputs("output")
                        .setInputTypes(SpatialDims.TWO.inputType(1, 64, 64))
                        .build());
        network.init();

        INDArray images = Nd4j.randn(DataType.FLOAT, 2, 1, 64, 64);
        network.fit(new DataSet(images, images));
        assertArrayEquals(images.shape(), network.outputSingle(images).shape());
    }

    @Test
    void threads() {
        ComputationGraph network = ResUNet.builder()
                .inputShape(1, 64)
                .channel(4)
                .layers(1, 1)
                .build()
                .init();
        List<INDArray> inputs = Stream.generate(() -> Nd4j.randn(DataType.FLOAT, 1, 1, 64))
                .limit(8)
                .toList();

        ThreadLocal<ComputationGraph> own = ThreadLocal.withInitial(network::clone);
        List<INDArray> outputs = inputs.parallelStream()
                .map(input -> own.get().outputSingle(input))
                .toList();

        for (int i = 0; i < inputs.size(); i++) {
            assertEquals(network.outputSingle(inputs.get(i)), outputs.get(i));
        }
    }

    @Test
    void aModelOfNnunet() throws IOException {
        Path folder = Page.ROOT.resolve("src/reference/nnunet/models/plain-3d-anisotropic");
        Path file = this.folder.resolve("model.zip");

        ModelFolder model = ModelFolder.read(folder, null, List.of("0", "1"));
        ComputationGraph network = model.write(file);
        Processing processing = Processing.in(file).orElseThrow(); // what is done before and after
        network.setParams(ModelFiles.parameters(file, Processing.parametersOf("1"), network)
                .orElseThrow());

        INDArray prepared = Nd4j.rand(DataType.FLOAT, 1, 2, 8, 24, 24);
        assertArrayEquals(
                new long[] {1, processing.labels().size(), 8, 24, 24},
                network.outputSingle(prepared).shape());
    }

    static Stream<Page> pages() throws IOException {
        return Page.ofSite();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void javaOfThePagesStandsHere(Page page) throws IOException {
        assertEquals(List.of(), page.javaNotIn(SiteTest.class));
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("pages")
    void commandsRun(Page page) throws IOException {
        for (List<String> block : page.commands()) {
            for (String command : block) {
                Page.run(command, folder);
            }
        }
    }

    static Stream<Page> documents() throws IOException {
        return Stream.concat(
                Stream.of("README.md", "src/benchmarks/README.md", "src/reference/README.md")
                        .map(name -> new Page(Page.ROOT.resolve(name))),
                Page.ofSite());
    }

    /** As readers of the repository see them; the built site's own links are checked where it is built. */
    @ParameterizedTest
    @MethodSource("documents")
    void linksLeadToFiles(Page page) throws IOException {
        assertEquals(List.of(), page.linksToNothing());
    }
}
