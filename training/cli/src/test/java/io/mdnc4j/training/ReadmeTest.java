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
import io.mdnc4j.training.run.RunFolder;
import io.mdnc4j.training.run.RunListener;
import io.mdnc4j.training.search.Hyperparameter;
import io.mdnc4j.training.search.Range;
import io.mdnc4j.training.search.SearchGenerator;
import io.mdnc4j.training.search.SearchMethod;
import io.mdnc4j.training.search.ZooSpace;
import io.mdnc4j.zoo.Features;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ResEncoder;
import io.mdnc4j.zoo.ResUNet;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.WeightTransfer;
import io.mdnc4j.zoo.weights.Weights;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxCandidatesCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.runner.LocalOptimizationRunner;
import org.deeplearning4j.arbiter.saver.local.FileModelSaver;
import org.deeplearning4j.arbiter.scoring.impl.TestSetLossScoreFunction;
import org.deeplearning4j.datasets.iterator.utilty.SingletonDataSetIterator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
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
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What the README shows runs: its Java stands here word for word, its commands are taken from it. */
class ReadmeTest {
    private static final Page README = new Page(Page.ROOT.resolve("README.md"));

    @TempDir
    Path folder;

    @Test
    void zooModel() throws IOException {
        INDArray images = Nd4j.rand(DataType.FLOAT, 2, 3, 64, 63);
        INDArray classes = Nd4j.zeros(DataType.FLOAT, 2, 2, 64, 63);
        classes.get(NDArrayIndex.all(), NDArrayIndex.point(0)).assign(1);
        INDArray larger = Nd4j.rand(DataType.FLOAT, 1, 3, 80, 71);
        File file = folder.resolve("model.zip").toFile();

        ComputationGraph network = ResUNet.builder()
                .inputShape(3, 64, 63) // channels and sizes: three numbers make it a network for images
                .outPlanes(2)
                .channel(16)
                .layers(2, 2, 2)
                .task(Task.SEGMENTATION) // softmax over channels at every position, cross entropy
                .build()
                .init();

        network.fit(new DataSet(images, classes));
        INDArray probabilities = network.outputSingle(larger); // any size and batch
        ModelSerializer.writeModel(network, file, true);

        assertArrayEquals(new long[] {1, 2, 80, 71}, probabilities.shape());
        assertEquals(1, probabilities.sum(1).meanNumber().doubleValue(), 1e-5);
        assertEquals(
                probabilities, ModelSerializer.restoreComputationGraph(file).outputSingle(larger));
    }

    @Test
    void blocks() {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .updater(new TorchAdam(1e-3)) // Adam with PyTorch's place for epsilon
                .graphBuilder()
                .addInputs("input");
        BlockGraph graph = new BlockGraph(builder, SpatialDims.ONE);
        String down = BlockKind.PLAIN.add(graph, "down", "input", 1, 8, Geometry.scaling(Scaler.DOWN, 5));
        String up = BlockKind.CONV.add(graph, "up", down, 8, 1, Geometry.scaling(Scaler.UP, 5));
        ComputationGraph network =
                new ComputationGraph(builder.addLayer("output", new SpatialLossLayer.Builder(new LossMSE()).build(), up)
                        .setOutputs("output")
                        .setInputTypes(SpatialDims.ONE.inputType(1, 512))
                        .build());
        network.init();

        assertTrue(StateDict.of(network).containsKey("down.conv1.2.weight"));
        INDArray windows = Nd4j.randn(DataType.FLOAT, 4, 1, 512);
        network.fit(new DataSet(windows, windows));
    }

    @Test
    void weights() throws IOException {
        Path checkpoint = Page.ROOT.resolve("src/reference/checkpoints/ckpt-resnet-AE1d/weights.pth");
        ComputationGraph network = Weights.load(checkpoint).network();
        INDArray before = network.params().dup();
        network.params().assign(0);

        Weights weights = Weights.load(checkpoint);
        weights.into(network); // or
        ComputationGraph imported = weights.network();

        assertEquals(before, network.params());
        assertEquals(before, imported.params());
    }

    @Test
    void fineTuning() {
        ComputationGraph encoder =
                ResEncoder.builder().inputShape(3, 32, 32).channel(8).build().init();
        ComputationGraph unet =
                ResUNet.builder().inputShape(3, 32, 32).channel(8).build().init();
        Nd4j.getRandom().setSeed(7);
        INDArray images = Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32);

        WeightTransfer transfer = WeightTransfer.copy(encoder, unet); // tells what was moved and what was not
        INDArray map = Features.of(unet).at("stage2", images); // of any stage or vertex

        String body = Features.of(unet).vertex("conv_up_list.1"); // stays as it is
        ComputationGraph segmentation = new TransferLearning.GraphBuilder(unet)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new TorchAdam(1e-2))
                        .build()) // default: SGD, 0.001
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
        assertEquals(Features.of(encoder).at("stage2", images), map);
        // DL4J's default, SGD with a rate of 0.001, leaves more than nine tenths of the loss in these steps
        DataSet quadrants = quadrants(images);
        double before = segmentation.score(quadrants);
        for (int step = 0; step < 20; step++) {
            segmentation.fit(quadrants);
        }
        double after = segmentation.score(quadrants);
        assertTrue(after < 0.8 * before, before + " -> " + after);
        assertArrayEquals(
                new long[] {2, 4, 32, 32}, segmentation.outputSingle(images).shape());
    }

    /** Images that are darker or lighter in each quarter, and the number of the quarter as class. */
    private static DataSet quadrants(INDArray images) {
        INDArray classes = Nd4j.zeros(DataType.FLOAT, images.size(0), 4, images.size(2), images.size(3));
        long half = images.size(2) / 2;
        for (int quarter = 0; quarter < 4; quarter++) {
            INDArrayIndex rows = NDArrayIndex.interval(quarter / 2 * half, (quarter / 2 + 1) * half);
            INDArrayIndex columns = NDArrayIndex.interval(quarter % 2 * half, (quarter % 2 + 1) * half);
            classes.get(NDArrayIndex.all(), NDArrayIndex.point(quarter), rows, columns)
                    .assign(1);
            images.get(NDArrayIndex.all(), NDArrayIndex.all(), rows, columns).addi(quarter);
        }
        return new DataSet(images, classes);
    }

    @Test
    void listener() throws IOException {
        INDArray images = Nd4j.rand(DataType.FLOAT, 2, 1, 8, 8);
        DataSetIterator training = new SingletonDataSetIterator(new DataSet(images, images));
        DataSetIterator validation = training;
        Path runs = folder;
        ComputationGraph network = ResUNet.builder()
                .inputShape(1, 8, 8)
                .channel(2)
                .layers(1, 1)
                .build()
                .init();

        RunListener listener = new RunListener("mine", RunFolder.create(runs, "mine"), validation, 3);
        network.setListeners(listener);
        network.fit(training, 3);
        listener.report();
        Predictor predictor = Predictor.read(runs.resolve("mine/model.zip")); // it says how it is used

        assertTrue(Files.exists(folder.resolve("mine/report.html")));
        assertEquals(
                ModelFiles.read(folder.resolve("mine/model.zip"))
                        .outputSingle(images)
                        .slice(1),
                predictor.predict(images.slice(1)));
    }

    /** Windows to be learned by heart. */
    public static final class MyData implements DataSource {
        @Override
        public void configure(Properties properties) {
            // the data are fixed
        }

        @Override
        public Object trainData() {
            INDArray windows = Nd4j.rand(DataType.FLOAT, 2, 1, 512);
            return new SingletonDataSetIterator(new DataSet(windows, windows));
        }

        @Override
        public Object testData() {
            return trainData();
        }

        @Override
        public Class<?> getDataType() {
            return DataSetIterator.class;
        }
    }

    @Tag("long")
    @Test
    void search() {
        int candidates = 1;

        ZooSpace space = ZooSpace.builder(1, 512) // channels and size of the data
                .set(Hyperparameter.CHANNEL, Range.logBetween(4, 16))
                .set(Hyperparameter.KERNEL_SIZE, Range.of(3, 5)) // the others keep their usual ranges
                .build();
        OptimizationConfiguration configuration = new OptimizationConfiguration.Builder()
                .candidateGenerator(
                        new SearchGenerator(space, SearchMethod.CMAES, candidates, 1)) // or one of Arbiter's
                .dataSource(MyData.class, new Properties())
                .scoreFunction(new TestSetLossScoreFunction())
                .modelSaver(new FileModelSaver(folder.toString()))
                .terminationConditions(new MaxCandidatesCondition(candidates))
                .build();
        new LocalOptimizationRunner(configuration).execute();

        assertTrue(Files.exists(folder.resolve("0/model.bin")));
    }

    @Test
    void javaOfTheReadmeStandsHere() throws IOException {
        assertEquals(6, README.fenced("java").size());
        assertEquals(List.of(), README.javaNotIn(ReadmeTest.class));
    }

    static List<List<String>> commands() throws IOException {
        return README.commands();
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("commands")
    void commandsRun(List<String> block) throws IOException {
        for (String command : block) {
            Page.run(command, folder);
        }
    }
}
