package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.SpatialDims;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class NetworkModelTest {
    private static final int[][] SIZES = {{21}, {11, 13}, {9, 7, 6}};

    /**
     * At five stages the smallest maps still have two elements an axis. Normalised over a single one they are constant, and
     * from there on gradients grow by up to 1 / sqrt(eps) a layer, here as in PyTorch.
     */
    private static final int[][] PRESET_SIZES = {{37}, {35, 33}, {33, 35, 34}};

    static Stream<ModelName> models() {
        return ModelName.all().stream()
                .filter(name -> name.family() != Family.NNUNET)
                .filter(name -> name.preset() == null);
    }

    static Stream<ModelName> presets() {
        return ModelName.all().stream()
                .filter(name -> name.family() != Family.NNUNET)
                .filter(name -> name.preset() != null);
    }

    /** A model with few channels, for one channel and a small odd size. */
    static NetworkModel small(ModelName name, int channel) {
        return smallBuilder(name, channel).build();
    }

    static NetworkModel.Builder<? extends NetworkModel> smallBuilder(ModelName name, int channel) {
        NetworkModel.Builder<? extends NetworkModel> builder =
                NetworkModel.builder(name.name()).channel(channel);
        int[] size = (name.preset() == null ? SIZES : PRESET_SIZES)[name.dims().ordinal()];
        if (name.network() == Network.DECODER) {
            builder.outSize(Arrays.stream(size).asLongStream().toArray());
        } else {
            int[] shape = new int[size.length + 1];
            shape[0] = 1;
            System.arraycopy(size, 0, shape, 1, size.length);
            builder.inputShape(shape);
        }
        return builder;
    }

    static INDArray input(NetworkModel model, int batch) {
        int[][] shape = shape(model);
        long[] full = new long[shape[0].length + 1];
        full[0] = batch;
        for (int i = 0; i < shape[0].length; i++) {
            full[i + 1] = shape[0][i];
        }
        Nd4j.getRandom().setSeed(11);
        return Nd4j.randn(DataType.FLOAT, full);
    }

    @SuppressWarnings("deprecation")
    private static int[][] shape(NetworkModel model) {
        return model.metaData().getInputShape();
    }

    @ParameterizedTest
    @MethodSource("models")
    void modelsTrainAndReturnTheDocumentedShape(ModelName name) {
        NetworkModel model = small(name, 4);
        assertEquals(name.name(), model.modelName());
        assertEquals(ComputationGraph.class, model.modelType());
        ComputationGraph network = model.init();
        INDArray input = input(model, 2);
        INDArray output = network.outputSingle(input);
        NetworkSpec spec = model.spec();
        long[] expected = switch (name.network()) {
            case UNET, AUTO_ENCODER -> input.shape();
            case ENCODER -> new long[] {2, 2};
            case DECODER -> {
                long[] shape = new long[spec.dims().arrayRank()];
                shape[0] = 2;
                shape[1] = 1;
                System.arraycopy(spec.outSize(), 0, shape, 2, spec.outSize().length);
                yield shape;
            }
            default -> throw new IllegalArgumentException(name.name());
        };
        assertArrayEquals(expected, output.shape());
        INDArray labels = name.network() == Network.ENCODER
                ? Nd4j.createFromArray(new float[][] {{0, 1}, {1, 0}})
                : Nd4j.randn(DataType.FLOAT, output.shape());
        DataSet batch = new DataSet(input, labels);
        double before = network.score(batch);
        for (int step = 0; step < 5; step++) {
            network.fit(batch);
        }
        assertTrue(network.score(batch) < before, "the loss falls");
        assertEquals(network.outputSingle(input), network.clone().outputSingle(input));
    }

    /** Those for images; all of them in full with the long tests. */
    static Stream<ModelName> imagePresets() {
        return presets().filter(name -> name.dims() == SpatialDims.TWO);
    }

    @ParameterizedTest
    @MethodSource("imagePresets")
    void presetsRunForwardAndBackward(ModelName name) {
        runs(small(name, 4));
    }

    /** Up to 162 million parameters: a few minutes and 2 GB. */
    @Tag("long")
    @ParameterizedTest
    @MethodSource("presets")
    void presetsRunForwardAndBackwardInFull(ModelName name) {
        runs(small(name, 64));
        System.gc();
    }

    private static void runs(NetworkModel model) {
        ComputationGraphConfiguration conf = model.conf();
        String json = conf.toJson();
        assertEquals(json, ComputationGraphConfiguration.fromJson(json).toJson());
        ComputationGraph network = model.init();
        INDArray input = input(model, 1);
        INDArray output = network.outputSingle(input);
        assertFalse(output.isNaN().any());
        INDArray before = network.params().dup();
        network.fit(new DataSet(input, output.mul(0).addi(0.5)));
        assertFalse(network.params().isNaN().any());
        assertFalse(before.equals(network.params()));
    }

    @Property(tries = 30)
    void oneNetworkTakesInputsOfAnySize(
            @ForAll("doubling") Family family,
            @ForAll SpatialDims dims,
            @ForAll("shaped") Network network,
            @ForAll @Size(3) List<@IntRange(min = 1, max = 24) Integer> size,
            @ForAll @IntRange(min = 1, max = 3) int batch) {
        int count = dims.count();
        int[] described = new int[count + 1];
        Arrays.fill(described, 16);
        described[0] = 2;
        NetworkModel.Builder<? extends NetworkModel> builder = NetworkModel.builder(
                        NetworkSpec.modelName(family, network, dims))
                .channel(3)
                .layers(1, 2, 1)
                .inputShape(described);
        ComputationGraph net = builder.build().init();
        long[] shape = new long[count + 2];
        shape[0] = batch;
        shape[1] = 2;
        for (int axis = 0; axis < count; axis++) {
            shape[axis + 2] = size.get(axis);
        }
        INDArray input = Nd4j.randn(DataType.FLOAT, shape);
        INDArray output = net.outputSingle(input);
        long[] expected = network == Network.ENCODER ? new long[] {batch, 2} : shape.clone();
        if (network != Network.ENCODER) {
            expected[1] = 1;
        }
        assertArrayEquals(expected, output.shape());
        net.fit(new DataSet(input, output.mul(0).addi(0.5)));
        assertFalse(net.params().isNaN().any());
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<Family> doubling() {
        return net.jqwik.api.Arbitraries.of(Family.CONV, Family.RESNET);
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<Network> shaped() {
        return net.jqwik.api.Arbitraries.of(Network.UNET, Network.AUTO_ENCODER, Network.ENCODER);
    }

    @Test
    void dimensionsFollowFromTheInputShape() {
        assertEquals(
                "resnet.unet3d",
                ResUNet.builder().inputShape(1, 8, 8, 8).build().modelName());
        assertEquals("conv.decoder1d", ConvDecoder.builder().outSize(33).build().modelName());
        ResAutoEncoder model = ResAutoEncoder.builder().build();
        model.setInputShape(new int[][] {{2, 64}});
        assertEquals("resnet.ae1d", model.modelName());
        assertThrows(IllegalArgumentException.class, () -> model.setInputShape(new int[][] {{1, 2, 3, 4, 5}}));
        assertThrows(IllegalArgumentException.class, () -> ConvDecoder.builder().inputShape(2));
        assertThrows(
                IllegalArgumentException.class,
                () -> NetworkModel.builder("conv.unet29-3d").inputShape(1, 8, 8));
    }

    @Test
    void sameSeedSameParameters() {
        ResUNet.Builder<ResUNet> builder = ResUNet.builder().channel(4).inputShape(1, 16);
        assertEquals(
                builder.seed(1).build().init().params(),
                builder.seed(1).build().init().params());
        // which ND4J would take from the clock
        assertEquals(
                builder.seed(0).build().init().params(),
                builder.seed(0).build().init().params());
        assertFalse(builder.seed(1)
                .build()
                .init()
                .params()
                .equals(builder.seed(2).build().init().params()));
    }

    @Test
    void stepsAreEqualWhoeverDividesByTheSamples() {
        INDArray x = Nd4j.randn(DataType.FLOAT, 3, 1, 16);
        INDArray y = Nd4j.randn(DataType.FLOAT, 3, 1, 16);
        List<INDArray> parameters = Stream.of(true, false)
                .map(dl4j -> {
                    ComputationGraph network = ConvUNet.builder()
                            .inputShape(1, 16)
                            .channel(4)
                            .layers(1, 1)
                            .updater(new Sgd(0.1))
                            .configuration(builder -> builder.miniBatch(dl4j))
                            .build()
                            .init();
                    network.fit(new DataSet(x, y));
                    return network.params();
                })
                .toList();
        assertTrue(parameters.get(0).equalsWithEps(parameters.get(1), 1e-6));
    }

    @Test
    void aNewJvmGetsEqualOutputs(@TempDir Path folder) throws Exception {
        NetworkModel model = small(ModelName.parse("resnet.unet2d"), 4);
        ComputationGraph network = model.init();
        INDArray input = input(model, 2);
        network.fit(new DataSet(input, input.mul(0.5)));
        Path file = folder.resolve("model.zip");
        ModelFiles.write(network, file);
        Nd4j.saveBinary(input, folder.resolve("input.bin").toFile());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RestoreInNewJvm.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
        assertEquals(
                network.outputSingle(input),
                Nd4j.readBinary(folder.resolve("output.bin").toFile()));
    }

    /** Restores with DL4J's own reader, as a user would. */
    static final class RestoreInNewJvm {
        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            ComputationGraph network = org.deeplearning4j.util.ModelSerializer.restoreComputationGraph(
                    folder.resolve("model.zip").toFile());
            INDArray input = Nd4j.readBinary(folder.resolve("input.bin").toFile());
            Nd4j.saveBinary(
                    network.outputSingle(input), folder.resolve("output.bin").toFile());
        }
    }

    @Test
    void modelFilesWithJavaObjectsAreRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("hostile.zip");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("preprocessor.bin"));
            zip.write(1);
        }
        IOException e = assertThrows(IOException.class, () -> ModelFiles.read(file));
        assertTrue(e.getMessage().contains("preprocessor.bin"), e.getMessage());
        Path garbage = Files.writeString(folder.resolve("garbage.zip"), "not a zip");
        assertThrows(IOException.class, () -> ModelFiles.read(garbage));
    }
}
