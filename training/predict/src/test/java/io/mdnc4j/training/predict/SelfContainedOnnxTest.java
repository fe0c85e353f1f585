package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.objects.TouchingObjects;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelDescription.Output;
import io.mdnc4j.zoo.ModelDescription.Windows;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ModelFolds;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Postprocessing;
import io.mdnc4j.zoo.Pretrained;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.TrainedOn;
import io.mdnc4j.zoo.export.OnnxExport;
import io.mdnc4j.zoo.nnunet.ModelFolder;
import io.mdnc4j.zoo.nnunet.Processing;
import io.mdnc4j.zoo.nnunet.Processing.Channel;
import io.mdnc4j.zoo.nnunet.Scheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** ONNX files that carry everything answer in ONNX Runtime as {@code predict} does, in the units of the data. */
class SelfContainedOnnxTest {
    private static final long CHANNELS = 2;
    private static final long[][] SIZES = {{21}, {12, 9}, {9, 6, 7}};
    private static final Normalization SET =
            new Normalization(Normalization.By.SET, List.of(1000.3, -7.0), List.of(250.0, 0.3), false);
    private static final List<Normalization> NORMALIZATIONS = List.of(
            Normalization.NONE,
            new Normalization(Normalization.By.SAMPLE, null, null, false),
            new Normalization(Normalization.By.CHANNEL, null, null, false),
            SET);

    @TempDir
    Path folder;

    private static Normalization restored(Normalization how) {
        return new Normalization(how.by(), how.mean(), how.deviation(), true);
    }

    private static long[] prepended(long first, long... rest) {
        return LongStream.concat(LongStream.of(first), Arrays.stream(rest)).toArray();
    }

    private static ModelDescription description(String model, Task task, Normalization how, long... shape) {
        return new ModelDescription(
                model,
                task.code(),
                Arrays.stream(shape).boxed().toList(),
                how,
                task.hasClasses() ? List.of("a", "b") : null,
                null,
                null,
                null,
                null);
    }

    /** A network whose channels of inputs and outputs are two, and whose parameters are those of no beginning. */
    private static ComputationGraph network(ModelName name, Task task) {
        long[] size = SIZES[name.dims().ordinal()];
        NetworkModel.Builder<? extends NetworkModel> builder =
                NetworkModel.builder(name.name()).task(task);
        if (name.family() == Family.NNUNET) {
            builder.features(4, 6).layers(1, 1).inputShape(ints(prepended(CHANNELS, multiples(size))));
        } else {
            builder.channel(4).layers(1, 1);
            switch (name.network()) {
                case DECODER -> builder.outSize(size).inLength((int) CHANNELS).outPlanes((int) CHANNELS);
                case ENCODER ->
                    builder.inputShape(ints(prepended(CHANNELS, size))).outLength((int) CHANNELS);
                default -> builder.inputShape(ints(prepended(CHANNELS, size))).outPlanes((int) CHANNELS);
            }
        }
        if (name.family() == Family.NNUNET) {
            builder.outPlanes((int) CHANNELS);
        }
        ComputationGraph network = builder.build().init();
        Nd4j.getRandom().setSeed(3);
        network.params()
                .addi(Nd4j.randn(DataType.FLOAT, network.params().shape()).muli(0.05));
        return network;
    }

    private static int[] ints(long... values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    private static long[] multiples(long... size) {
        return Arrays.stream(size).map(n -> (n + 7) / 8 * 8).toArray();
    }

    /** Values far from zero, channels at other levels and scales. */
    private static INDArray input(long... shape) {
        Random random = new Random(7);
        INDArray input = Nd4j.create(DataType.FLOAT, shape);
        for (long i = 0; i < input.length(); i++) {
            long channel = i * shape[0] / input.length();
            input.putScalar(i, channel == 0 ? 1000 + 250 * random.nextGaussian() : -7 + 0.3 * random.nextDouble());
        }
        return input;
    }

    /** What predictions are of vectors, which {@link Predictor} does not take. */
    private static INDArray ofVector(ComputationGraph network, ModelDescription description, INDArray input) {
        Member member = new Member(new NetworkPool(network, false, 1), description);
        return member.apply(input.dup().reshape(1, input.length())).slice(0);
    }

    static Stream<ModelName> models() {
        return ModelName.all().stream().filter(name -> name.preset() == null);
    }

    /** One of each network, each with another normalisation. */
    static Stream<Arguments> some() {
        List<ModelName> names = models().toList();
        return IntStream.of(0, 7, 21, 25)
                .mapToObj(i -> Arguments.of(names.get(i), NORMALIZATIONS.get(i % NORMALIZATIONS.size())));
    }

    static Stream<Arguments> all() {
        return models().flatMap(name -> NORMALIZATIONS.stream().map(how -> Arguments.of(name, how)));
    }

    @ParameterizedTest
    @MethodSource("some")
    void answersAreThoseOfPredictions(ModelName name, Normalization how) throws IOException, OrtException {
        compare(name, how);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("all")
    void answersOfAllAreThoseOfPredictions(ModelName name, Normalization how) throws IOException, OrtException {
        compare(name, how);
    }

    private void compare(ModelName name, Normalization how) throws IOException, OrtException {
        boolean whole = name.network() == Network.ENCODER;
        boolean vectors = name.network() == Network.DECODER;
        long[] shape = vectors
                ? new long[] {CHANNELS}
                : prepended(CHANNELS, SIZES[name.dims().ordinal()]);
        List<ModelDescription> descriptions = new ArrayList<>();
        Task values = whole ? Task.ESTIMATION : Task.DENOISING;
        descriptions.add(description(name.name(), whole ? Task.CLASSIFICATION : Task.SEGMENTATION, how, shape));
        descriptions.add(description(
                name.name(), whole ? Task.MULTI_LABEL_CLASSIFICATION : Task.MULTI_LABEL_SEGMENTATION, how, shape));
        descriptions.add(description(name.name(), values, restored(how), shape));
        if (whole) {
            Output numbers = new Output(false, List.of("age", "weight"), List.of(40.0, 70000.0), List.of(20.0, 9000.0));
            descriptions.add(description(name.name(), values, how, shape).withOutput(numbers));
        } else if (!vectors) {
            descriptions.add(
                    description(name.name(), values, restored(how), shape).withOutput(Output.RESIDUAL));
            descriptions.add(description(name.name(), values, how, shape).withOutput(Output.RESIDUAL));
        }
        INDArray input = input(shape);
        for (ModelDescription description : descriptions) {
            ComputationGraph network = network(name, Task.parse(description.task()));
            // the networks of nnU-Net take no such sizes by themselves: the graph pads with zeros
            boolean padded = name.family() == Family.NNUNET;
            INDArray expected = vectors
                    ? ofVector(network, description, input)
                    : padded
                            ? paddedLate(network, description, input)
                            : Predictor.builder(network, description).build().predict(input);
            assertEqual(expected, network, description, input);
            if (!vectors) {
                long[] size = Arrays.copyOfRange(shape, 1, shape.length);
                assertEqual(expected, OnnxExport.builder(network, description).fixedSize(size), input);
            }
        }
    }

    /** Padded after it is normalised, the answer cut out again. */
    private static INDArray paddedLate(ComputationGraph network, ModelDescription description, INDArray input) {
        long[] size = Arrays.copyOfRange(input.shape(), 1, input.rank());
        long[] wide = Arrays.stream(size).map(n -> (n + 1) / 2 * 2).toArray();
        float[] values = input.dup('c').data().asFloat();
        Standardization levels = Standardization.of(description.normalization(), values, (int) CHANNELS);
        levels.apply(values);
        float[] normalised = values.clone();
        INDArray given = Nd4j.createFromArray(values).reshape(input.shape());
        INDArray around = Nd4j.zeros(DataType.FLOAT, prepended(CHANNELS, wide));
        INDArrayIndex[] inside = new INDArrayIndex[input.rank()];
        inside[0] = NDArrayIndex.all();
        for (int axis = 0; axis < size.length; axis++) {
            long before = (wide[axis] - size[axis]) / 2;
            inside[axis + 1] = NDArrayIndex.interval(before, before + size[axis]);
        }
        around.put(inside, given);
        INDArray output = network.outputSingle(around.reshape(prepended(1, around.shape())))
                .slice(0)
                .get(inside)
                .dup('c');
        if (!Task.parse(description.task()).hasClasses()) {
            float[] answer = output.data().asFloat();
            AnswerScale.of(description, levels, normalised).decode(answer, CHANNELS);
            return Nd4j.createFromArray(answer).reshape(output.shape());
        }
        return output;
    }

    private void assertEqual(INDArray expected, ComputationGraph network, ModelDescription description, INDArray input)
            throws IOException, OrtException {
        assertEqual(expected, OnnxExport.builder(network, description), input);
    }

    private void assertEqual(INDArray expected, OnnxExport.Builder export, INDArray input)
            throws IOException, OrtException {
        Path file = Files.createTempFile(folder, "model", ".onnx");
        export.selfContained(true).build().write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            INDArray actual =
                    runtime.output(input.reshape(prepended(1, input.shape()))).slice(0);
            assertClose(expected, actual);
        }
        Files.delete(file);
    }

    private static void assertClose(INDArray expected, INDArray actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        assertFalse(expected.isNaN().any());
        double difference = expected.sub(actual).amaxNumber().doubleValue();
        double scale = expected.amaxNumber().doubleValue();
        assertTrue(scale > 0, "says something");
        assertTrue(difference <= 1e-4 * scale, () -> difference + " apart, values up to " + scale);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reflect", "zero", "none"})
    void whatIsSmallerThanAWindowIsPaddedAsThere(String padding) throws IOException, OrtException {
        ModelName name = ModelName.parse("conv.unet2d");
        Normalization how = restored(NORMALIZATIONS.get(2));
        ModelDescription description = description(name.name(), Task.DENOISING, how, CHANNELS, 12, 9)
                .withOutput(Output.RESIDUAL)
                .withWindows(new Windows(0.5, "hann", padding, List.of()));
        ComputationGraph network = network(name, Task.DENOISING);
        for (long[] size : new long[][] {{7, 9}, {3, 1}}) {
            INDArray input = input(prepended(CHANNELS, size));
            INDArray expected = Predictor.builder(network, description).build().predict(input);
            assertEqual(expected, network, description, input);
            assertEqual(expected, OnnxExport.builder(network, description).fixedSize(size), input);
        }
    }

    /** Of several samples each has its own mean, and a constant one no deviation. */
    @Test
    void samplesAreNormalisedOneByOne() throws IOException, OrtException {
        ModelName name = ModelName.parse("resnet.ae1d");
        ModelDescription description =
                description(name.name(), Task.DENOISING, restored(NORMALIZATIONS.get(2)), CHANNELS, 21);
        ComputationGraph network = network(name, Task.DENOISING);
        INDArray batch = Nd4j.stack(
                0,
                input(CHANNELS, 21),
                input(CHANNELS, 21).muli(-3e5),
                Nd4j.valueArrayOf(new long[] {CHANNELS, 21}, 0.1f));
        INDArray expected = Predictor.builder(network, description).build().predict(batch);
        Path file = folder.resolve("batch.onnx");
        OnnxExport.builder(network, description).selfContained(true).build().write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            INDArray actual = runtime.output(batch);
            for (int n = 0; n < 3; n++) {
                assertClose(expected.slice(n), actual.slice(n));
            }
        }
    }

    /** Values of any size and any distance from zero, as far as floats can tell them apart. */
    @Property(tries = 5)
    void levelsOfAnySizeAreTakenOut(
            @ForAll @IntRange(min = -20, max = 18) int exponent,
            @ForAll @IntRange(min = 0, max = 3) int distance,
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll boolean channelwise)
            throws IOException, OrtException {
        Normalization how = restored(NORMALIZATIONS.get(channelwise ? 2 : 1));
        ModelDescription description = description("resnet.ae1d", Task.DENOISING, how, CHANNELS, length);
        Random random = new Random(31L * exponent + length);
        INDArray input = Nd4j.create(DataType.FLOAT, CHANNELS, length);
        for (long i = 0; i < input.length(); i++) {
            input.putScalar(i, (Math.pow(10, distance) + random.nextGaussian()) * Math.pow(10, exponent));
        }
        ComputationGraph network = LEVELS;
        INDArray expected = Predictor.builder(network, description).build().predict(input);
        Path file = Files.createTempFile("levels", ".onnx");
        try {
            OnnxExport.builder(network, description).selfContained(true).build().write(file);
            try (OnnxRuntime runtime = new OnnxRuntime(file)) {
                INDArray actual =
                        runtime.output(input.reshape(1, CHANNELS, length)).slice(0);
                assertClose(expected, actual);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static final ComputationGraph LEVELS = network(ModelName.parse("resnet.ae1d"), Task.DENOISING);

    @Test
    void aShippedModelAnswersTheSame() throws IOException, OrtException {
        assertShippedEqual("digits");
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"ecg-denoiser", "brain-mask"})
    void shippedModelsAnswerTheSame(String name) throws IOException, OrtException {
        assertShippedEqual(name);
    }

    /** With inputs not far from those of the training. */
    private void assertShippedEqual(String name) throws IOException, OrtException {
        try (Predictor predictor = Predictor.read(Path.of(name))) {
            ModelDescription description = predictor.description();
            long[] shape =
                    description.inputShape().stream().mapToLong(Long::longValue).toArray();
            INDArray input = Nd4j.randn(DataType.FLOAT, shape).muli(3).addi(8);
            ComputationGraph network = Pretrained.named(name).read(ModelFiles::read);
            assertEqual(predictor.predict(input), network, description, input);
        }
    }

    /** Of nnU-Net's models: a patch that is on their grid and nowhere zero, without mirror images. */
    @Test
    void importedModelsAnswerTheSame() throws IOException, OrtException {
        assertImportedEqual("residual-2d-slices", processing -> processing, 3, 1);
    }

    @Test
    void whatIsNormalisedByWhatIsNotOutsideIsRefused() {
        refused("not outside", () -> assertImportedEqual("residual-3d-regions", processing -> processing, 0, 0, 0));
    }

    @Test
    void regionsAnswerTheSame() throws IOException, OrtException {
        Channel plain = new Channel(Scheme.Z_SCORE, false, null, null, null, null);
        assertImportedEqual("residual-3d-regions", with -> changed(with, List.of(plain)), 1, 0, 2);
    }

    /** All normalisations of nnU-Net, each channel with another one. */
    @ParameterizedTest
    @MethodSource("channels")
    void schemesOfNnunetAreThoseOfPredictions(List<Channel> channels) throws IOException, OrtException {
        assertImportedEqual("plain-3d-anisotropic", with -> changed(with, channels), 0, 2, 0);
    }

    static Stream<List<Channel>> channels() {
        Channel plain = new Channel(Scheme.Z_SCORE, false, null, null, null, null);
        Channel ct = new Channel(Scheme.CT, false, 60.5, 40.25, 1.0, 140.0);
        Channel range = new Channel(Scheme.UNIT_RANGE, false, null, null, null, null);
        Channel bytes = new Channel(Scheme.BYTES, false, null, null, null, null);
        Channel none = new Channel(Scheme.NONE, false, null, null, null, null);
        return Stream.of(List.of(plain, ct), List.of(range, bytes), List.of(none, plain));
    }

    private static Processing changed(Processing of, List<Channel> channels) {
        return new Processing(
                of.trainer(),
                of.configuration(),
                of.folds(),
                of.channels(),
                of.fileEnding(),
                of.reoriented(),
                of.transpose(),
                of.spacing(),
                IntStream.range(0, of.channels().size())
                        .mapToObj(c -> channels.get(c % channels.size()))
                        .toList(),
                of.imageResampling(),
                of.outputResampling(),
                of.patch(),
                of.mirrored(),
                of.labels(),
                of.regionOrder(),
                of.ignored());
    }

    private void assertImportedEqual(String name, Function<Processing, Processing> change, int... less)
            throws IOException, OrtException {
        ModelFolder model = ModelFolder.read(
                Path.of(System.getProperty("reference.dir", "../../src/reference"), "nnunet/models", name),
                null,
                List.of("0"));
        Processing processing = change.apply(model.processing());
        Path file = folder.resolve(name + ".zip");
        ComputationGraph network = model.network();
        ModelFiles.write(
                network,
                file,
                Map.of(ModelDescription.NOTE, model.description().toJson(), Processing.NOTE, processing.toJson()));
        int axes = processing.patch().size();
        long[] size = new long[axes];
        Arrays.setAll(size, axis -> processing.patch().get(axis) - less[axis]);
        long[] shape = prepended(processing.channels().size(), size);
        Nd4j.getRandom().setSeed(5);
        INDArray image = Nd4j.rand(DataType.FLOAT, shape).muli(200).addi(3);
        // predictions are of images z, y, x in the order of files
        int[] transpose = processing.transpose().stream().mapToInt(axis -> axis).toArray();
        INDArray volume = axes == 3 ? image : image.reshape(prepended(shape[0], prepended(1, size)));
        int[] back = new int[4];
        for (int axis = 0; axis < 3; axis++) {
            back[transpose[axis] + 1] = axis + 1;
        }
        INDArray asFile = volume.permute(back).dup('c');
        // the weights of a window's corners are so small that half precision, as nnU-Net adds up in, keeps little of
        // them
        try (Predictor predictor =
                Predictor.builder(file).flip().blend(Blend.CONSTANT).build()) {
            INDArray expected = predictor
                    .predict(asFile)
                    .permute(0, transpose[0] + 1, transpose[1] + 1, transpose[2] + 1)
                    .dup('c');
            OnnxExport export = OnnxExport.builder(network, model.description())
                    .processing(processing)
                    .selfContained(true)
                    .build();
            Path onnx = folder.resolve(name + ".onnx");
            export.write(onnx);
            try (OnnxRuntime runtime = new OnnxRuntime(onnx)) {
                INDArray actual =
                        runtime.output(image.reshape(prepended(1, shape))).reshape(expected.shape());
                assertTrue(
                        expected.sub(actual).amaxNumber().doubleValue() <= 5e-3,
                        () -> "" + expected.sub(actual).amaxNumber());
                assertTrue(expected.amaxNumber().doubleValue() > 0.5);
            }
        }
    }

    @Test
    void fixedSizesComputeNone() throws IOException, OrtException {
        ModelName name = ModelName.parse("conv.unet3d");
        ModelDescription description =
                description(name.name(), Task.DENOISING, restored(NORMALIZATIONS.get(1)), CHANNELS, 9, 6, 7);
        Path file = folder.resolve("fixed.onnx");
        OnnxExport.builder(network(name, Task.DENOISING), description)
                .selfContained(true)
                .fixedSize(10)
                .build()
                .write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            TensorInfo input =
                    (TensorInfo) runtime.session().getInputInfo().get("input").getInfo();
            TensorInfo output =
                    (TensorInfo) runtime.session().getOutputInfo().get("output").getInfo();
            assertArrayEquals(new long[] {1, CHANNELS, 10, 10, 10}, input.getShape());
            assertArrayEquals(new long[] {1, CHANNELS, 10, 10, 10}, output.getShape());
            ModelDescription stored = ModelDescription.fromJson(
                    runtime.session().getMetadata().getCustomMetadata().get(ModelDescription.NOTE));
            assertEquals(List.of(CHANNELS, 10L, 10L, 10L), stored.inputShape());
            assertEquals(Normalization.NONE, stored.normalization(), "nothing is to be done twice");
            assertThrows(OrtException.class, () -> runtime.output(Nd4j.zeros(DataType.FLOAT, 1, CHANNELS, 9, 6, 7)));
        }
        Onnx.ModelProto model = Onnx.ModelProto.parseFrom(Files.readAllBytes(file));
        assertTrue(model.getGraph().getNodeList().stream()
                .noneMatch(node -> List.of("Shape", "Range", "Gather").contains(node.getOpType())));
    }

    @Test
    void whatCannotBeInAGraphIsRefusedOrSaid() throws IOException {
        ModelName name = ModelName.parse("conv.unet2d");
        ComputationGraph network = network(name, Task.DENOISING);
        refused("no description", OnnxExport.builder(network, null).selfContained(true)::build);
        refused(
                "3 channels",
                () -> OnnxExport.builder(
                                network,
                                description(
                                        name.name(),
                                        Task.DENOISING,
                                        new Normalization(
                                                Normalization.By.SET,
                                                List.of(1.0, 2.0, 3.0),
                                                List.of(1.0, 1.0, 1.0),
                                                false),
                                        CHANNELS,
                                        12,
                                        9))
                        .selfContained(true)
                        .build()
                        .write(folder.resolve("refused.onnx")));
        refused(
                "fixedSize",
                () -> OnnxExport.builder(network, null)
                        .fixedSize(3, 4, 5)
                        .build()
                        .write(folder.resolve("refused.onnx")));
        refused("fixedSize", () -> OnnxExport.builder(network, null).fixedSize(0));
        ComputationGraph planned = network(ModelName.parse("nnunet.plain2d"), Task.SEGMENTATION);
        refused(
                "multiples of [2, 2]",
                () -> OnnxExport.builder(planned, null).fixedSize(7).build().write(folder.resolve("refused.onnx")));
        assertFalse(Files.exists(folder.resolve("refused.onnx")));
        refused(
                "padding",
                () -> OnnxExport.builder(
                                network,
                                description(name.name(), Task.DENOISING, SET, CHANNELS, 12, 9)
                                        .withWindows(new Windows(0.5, "hann", "mirror", List.of())))
                        .selfContained(true)
                        .build()
                        .write(folder.resolve("refused.onnx")));
        ModelFolder model = ModelFolder.read(
                Path.of(
                        System.getProperty("reference.dir", "../../src/reference"),
                        "nnunet/models/plain-3d-anisotropic"),
                null,
                List.of());
        refused(
                "[0, 1]",
                OnnxExport.builder(planned, model.description())
                        .processing(model.processing())
                        .selfContained(true)::build);
        ModelDescription known = description(name.name(), Task.DENOISING, SET, CHANNELS, 12, 9)
                .withGrid(null, List.of(0.5, 0.5), null)
                .withWindows(new Windows(0.25, "gaussian", "none", List.of(0, 1)));
        String left = String.join(
                "\n",
                OnnxExport.builder(network, known).selfContained(true).build().leftOut());
        assertTrue(
                left.contains("[0.5, 0.5] mm")
                        && left.contains("12 x 9")
                        && left.contains("mirror")
                        && !left.contains("normal"),
                left);
        assertTrue(OnnxExport.builder(network, known).build().leftOut().get(0).contains("normalisation"));
    }

    /** What predictions do with the answers of several networks, and with whole answers, is told. */
    @Test
    void whatFollowsTheNetworkIsTold() {
        ModelDescription plain = description("conv.unet2d", Task.SEGMENTATION, SET, CHANNELS, 12, 9);
        ModelDescription known = plain.withPostprocessing(List.of(new Postprocessing(1, true, 0, true)))
                .withProperties(Map.of(ModelFolds.NOTE, "5"))
                .with(new TrainedOn(3, null, TouchingObjects.CODE, List.of(), List.of(), List.of()));
        ComputationGraph network = network(ModelName.parse("conv.unet2d"), Task.SEGMENTATION);
        List<String> more = new ArrayList<>(
                OnnxExport.builder(network, known).selfContained(true).build().leftOut());
        more.removeAll(
                OnnxExport.builder(network, plain).selfContained(true).build().leftOut());
        assertEquals(3, more.size(), more.toString());
        assertTrue(more.get(0).contains("the first, of 5"), more.get(0));
        assertTrue(more.get(1).contains("of 1 largest component, holes filled"), more.get(1));
        assertTrue(more.get(2).contains("objects"), more.get(2));
    }

    private static void refused(String part, org.junit.jupiter.api.function.Executable action) {
        ArgumentException e = assertThrows(ArgumentException.class, action);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
