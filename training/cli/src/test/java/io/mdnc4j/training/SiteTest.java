package io.mdnc4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.blocks.learning.TorchAdam;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Resampling;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.AnswerScale;
import io.mdnc4j.training.predict.Blend;
import io.mdnc4j.training.predict.FilePredictions;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.predict.SlidingWindows;
import io.mdnc4j.training.predict.Standardization;
import io.mdnc4j.training.predict.Uncertain;
import io.mdnc4j.training.predict.bioimageio.ModelPackage;
import io.mdnc4j.training.predict.bioimageio.PackageText;
import io.mdnc4j.training.predict.bioimageio.PackageText.Author;
import io.mdnc4j.training.predict.bioimageio.PackageText.Citation;
import io.mdnc4j.zoo.Features;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelDescription.Normalization.By;
import io.mdnc4j.zoo.ModelDescription.Output;
import io.mdnc4j.zoo.ModelDescription.Windows;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Pretrained;
import io.mdnc4j.zoo.ResEncoder;
import io.mdnc4j.zoo.ResUNet;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.WeightTransfer;
import io.mdnc4j.zoo.export.ExportFormat;
import io.mdnc4j.zoo.export.OnnxExport;
import io.mdnc4j.zoo.nnunet.ModelFolder;
import io.mdnc4j.zoo.nnunet.Processing;
import io.mdnc4j.zoo.weights.Weights;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.junit.jupiter.params.provider.Arguments;
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
    void numbers() {
        INDArray scans = Nd4j.rand(DataType.FLOAT, 2, 1, 32, 32);
        INDArray standardized = Nd4j.rand(DataType.FLOAT, 2, 2);
        INDArray scan = scans.slice(0);

        ComputationGraph encoder = ResEncoder.builder()
                .inputShape(1, 32, 32)
                .outLength(2)
                .channel(8)
                .layers(1, 1)
                .normalizer(Normalizer.BATCH) // instance normalisation would forget how strong an image is
                .task(Task.ESTIMATION)
                .build()
                .init();
        encoder.fit(new DataSet(scans, standardized));
        ModelDescription numbers = new ModelDescription(
                        "resnet.encoder2d", "estimation", List.of(1L, 32L, 32L), null, null, null, null, null, null)
                .withOutput(new ModelDescription.Output(
                        false, List.of("age", "height"), List.of(41.5, 170.0), List.of(9.3, 8.0)));
        INDArray told = Predictor.builder(encoder, numbers).build().predict(scan); // [age, height]

        INDArray raw = encoder.outputSingle(scans).slice(0);
        assertEquals(raw.getDouble(0) * 9.3 + 41.5, told.getDouble(0), 1e-4);
        assertEquals(raw.getDouble(1) * 8 + 170, told.getDouble(1), 1e-4);
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
    void forOthers() throws IOException {
        ComputationGraph network = Pretrained.named("brain-mask").load();
        ModelDescription description = Predictor.read(Path.of("brain-mask")).description();
        Path onnx = folder.resolve("mask.onnx");
        Path zip = folder.resolve("brain.zip");

        OnnxExport export =
                OnnxExport.builder(network, description).selfContained(true).build();
        export.write(onnx);
        List<String> forTheProgram = export.leftOut(); // what it has to do itself

        PackageText text = new PackageText(
                "Brain mask",
                "Tells the brain in T1-weighted images of heads",
                "CC-BY-4.0",
                List.of(Author.parse("Ada Lovelace; affiliation=University of London")),
                List.of(Citation.parse("Where it came from; url=https://example.org/paper")),
                List.of("brain", "mri"),
                null); // or a text in Markdown
        ModelPackage.builder(network, description, text).build().write(zip);

        assertEquals(2, forTheProgram.size());
        assertTrue(Files.size(onnx) > network.numParams() * 4);
        assertTrue(Files.size(zip) > Files.size(onnx));
    }

    @Test
    void otherGrids() throws IOException {
        INDArray recording = Nd4j.randn(DataType.FLOAT, 1, 1000);
        List<String> notes = new ArrayList<>();

        Predictor denoiser = Predictor.builder(Path.of("ecg-denoiser"))
                .notes(line -> notes.add(line)) // what becomes of inputs on other grids
                .build();
        INDArray clean = denoiser.predict(recording, Grid.ofRate(500)); // [1, 1000], as long as before
        INDArray slower = Resampling.CUBIC.antiAliased().apply(recording, 720); // [1, 720]

        assertArrayEquals(recording.shape(), clean.shape());
        assertArrayEquals(new long[] {1, 720}, slower.shape());
        assertEquals(List.of("input: resampled from 500 Hz to 360 Hz for the network, the result back"), notes);
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
    void prediction() throws IOException {
        Path folds = folder.resolve("folds");
        for (String fold : List.of("fold_0", "fold_1")) {
            Files.createDirectories(folds.resolve(fold));
            Files.move(
                    exported(SpatialDims.TWO, OF_SET, null), folds.resolve(fold).resolve("model.zip"));
        }
        INDArray image = Nd4j.randn(DataType.FLOAT, 1, 50, 70);
        Path scan = folder.resolve("scan.npy");
        ArrayFiles.write(scan, new StoredArray(image, true, ElementType.FLOAT32));
        Path results = folder.resolve("results");

        Predictor predictor = Predictor.builder(folds) // a model file, or a folder with several
                .overlap(0.25)
                .blend(Blend.GAUSSIAN)
                .flip(0, 1) // axes after that of the channels
                .threshold(0.3)
                .build();
        Uncertain uncertain = predictor.predictUncertain(image); // output and standard deviation, [3, 50, 70] each
        int[] classes = predictor.decision().classes(uncertain.output());
        FilePredictions files = FilePredictions.builder(predictor)
                .folder(results)
                .uncertainty(true)
                .build();
        files.write(List.of(scan)); // results/scan.npy, results/scan-uncertainty.npy

        assertArrayEquals(new long[] {3, 50, 70}, uncertain.deviation().shape());
        assertArrayEquals(
                classes,
                ArrayFiles.read(results.resolve("scan.npy"))
                        .values()
                        .dup('c')
                        .data()
                        .asInt());
        assertTrue(Files.exists(results.resolve("scan-uncertainty.npy")));
    }

    private static INDArray inWindows(Path onnx, INDArray image) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx.toString())) {
            ModelDescription model = ModelDescription.fromJson(
                    session.getMetadata().getCustomMetadata().get(ModelDescription.NOTE));
            INDArray output = SlidingWindows.builder(model).batch(1).build().apply(image, batch -> {
                float[] values = OnHeap.floats(batch); // one window, [1, C, size...]
                Standardization levels = Standardization.of(model.normalization(), values, (int) batch.size(1));
                levels.apply(values);
                AnswerScale scale = AnswerScale.of(model, levels, values);
                try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), batch.shape());
                        OrtSession.Result result = session.run(Map.of("input", tensor))) {
                    OnnxTensor answer = (OnnxTensor) result.get(0);
                    float[] outputs = new float[answer.getFloatBuffer().remaining()];
                    answer.getFloatBuffer().get(outputs);
                    scale.decode(outputs, answer.getInfo().getShape()[1]);
                    return Nd4j.createFromArray(outputs)
                            .reshape('c', answer.getInfo().getShape());
                } catch (OrtException e) {
                    throw new IllegalStateException(e);
                }
            });
            return output; // [C', size...]
        }
    }

    /** A small network of each kind of normalisation, whose windows overlap and are flipped. */
    private Path exported(SpatialDims dims, Normalization normalization, Windows windows) throws IOException {
        boolean residual = normalization.by() == By.CHANNEL;
        long[] window = Arrays.copyOf(new long[] {12, 10, 8}, dims.count());
        boolean classes = !normalization.restored();
        ComputationGraph network = NetworkModel.builder("conv.unet" + dims.count() + "d")
                .outPlanes(classes ? 3 : 1)
                .channel(2)
                .layers(1, 1)
                .task(classes ? Task.CLASSIFICATION : Task.REGRESSION)
                .build()
                .init();
        List<Long> shape = new ArrayList<>(List.of(1L));
        Arrays.stream(window).forEach(shape::add);
        ModelDescription description = new ModelDescription(
                        null,
                        classes ? "segmentation" : "denoising",
                        shape,
                        normalization,
                        classes ? List.of("a", "b", "c") : List.of(),
                        null,
                        null,
                        List.of(),
                        Map.of())
                .withWindows(windows)
                .withOutput(residual ? Output.RESIDUAL : Output.PLAIN);
        ModelFiles.write(network, description, folder.resolve("small.zip"));
        ExportFormat.ONNX.write(network, description, folder.resolve("small.onnx"));
        return folder.resolve("small.zip");
    }

    private static final Normalization OF_SET = new Normalization(By.SET, List.of(0.5), List.of(2.0), false);
    private static final Normalization OF_CHANNEL = new Normalization(By.CHANNEL, List.of(), List.of(), true);
    private static final Normalization OWN = new Normalization(By.SAMPLE, List.of(), List.of(), true);

    static Stream<Arguments> windowed() {
        return Stream.of(
                Arguments.of(SpatialDims.ONE, OWN, null, new long[] {1, 40}),
                Arguments.of(SpatialDims.TWO, OF_CHANNEL, null, new long[] {1, 31, 17}),
                Arguments.of(SpatialDims.TWO, OF_SET, new Windows(0.25, "gaussian", "reflect", List.of()), new long[] {
                    1, 31, 7
                }),
                Arguments.of(SpatialDims.THREE, OWN, new Windows(0.5, "constant", "zero", List.of()), new long[] {
                    1, 13, 9, 17
                }),
                Arguments.of(
                        SpatialDims.TWO, OWN, new Windows(0, "hann", "none", List.of(0, 1), true), new long[] {1, 25, 27
                        }));
    }

    /** ONNX Runtime in windows gives what {@code predict} gives. */
    @ParameterizedTest
    @MethodSource("windowed")
    void onnxInWindows(SpatialDims dims, Normalization normalization, Windows windows, long[] shape) throws Exception {
        Path model = exported(dims, normalization, windows);
        INDArray image = Nd4j.randn(DataType.FLOAT, shape).muli(3).addi(5);
        INDArray expected = Predictor.read(model).predict(image);
        if (windows == null || windows.flip().isEmpty()) {
            INDArray found = inWindows(folder.resolve("small.onnx"), image);
            assertArrayEquals(expected.shape(), found.shape());
            assertEquals(0, found.sub(expected).amaxNumber().doubleValue(), 1e-4);
        }
        Path script = Files.writeString(
                folder.resolve("onnx_windows.py"),
                new Page(Page.ROOT.resolve("src/site/markdown/onnx.md"))
                        .fenced("python")
                        .get(0));
        ArrayFiles.write(folder.resolve("in.npy"), new StoredArray(image, true, ElementType.FLOAT32));
        assumeTrue(python("-c", "import numpy, onnxruntime").equals("0 "), "needs Python with ONNX Runtime");
        assertEquals(
                "0 ",
                python(script, folder.resolve("small.onnx"), folder.resolve("in.npy"), folder.resolve("out.npy")));
        INDArray found = ArrayFiles.read(folder.resolve("out.npy")).values();
        assertArrayEquals(expected.shape(), found.shape());
        assertEquals(0, found.sub(expected).amaxNumber().doubleValue(), 1e-4);
    }

    /** The exit code, and what was printed. */
    private static String python(Object... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3"));
        Arrays.stream(words).map(Object::toString).forEach(command::add);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() + " " + printed;
        } catch (IOException e) {
            return e.toString();
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

        INDArray image = Nd4j.rand(DataType.FLOAT, 2, 7, 20, 30);

        Predictor predictor = Predictor.builder(file).flip().build(); // without mirrored windows
        INDArray probabilities = predictor.predict(image, Grid.of(List.of(3.0, 0.9, 0.9), "SAR")); // [K, z, y, x]
        int[] classes = predictor.decision().classes(probabilities);

        assertArrayEquals(new long[] {3, 7, 20, 30}, probabilities.shape());
        assertEquals(7 * 20 * 30, classes.length);
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
