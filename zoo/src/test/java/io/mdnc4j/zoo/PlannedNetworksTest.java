package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.zoo.summary.LayerTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** nnU-Net's networks as ZooModels. */
class PlannedNetworksTest {
    private static final int[][] SHAPES = {{2, 16}, {2, 8, 12}, {2, 4, 8, 12}};

    static Stream<ModelName> models() {
        return ModelName.all().stream().filter(name -> name.family() == Family.NNUNET && name.preset() == null);
    }

    private static NetworkModel.Builder<? extends NetworkModel> small(ModelName name) {
        return NetworkModel.builder(name.name())
                .inputShape(SHAPES[name.dims().ordinal()])
                .features(3, 4, 5)
                .layers(1, 2, 1)
                .outPlanes(3);
    }

    private static DataSet batch(NetworkModel model) {
        long[] shape =
                model.spec().inputType(model.spec().sizeFrom(8)).getShape(false).clone();
        long[] full = IntStream.range(0, shape.length + 1)
                .mapToLong(i -> i == 0 ? 2 : shape[i - 1])
                .toArray();
        Nd4j.getRandom().setSeed(5);
        INDArray input = Nd4j.randn(DataType.FLOAT, full);
        full[1] = 1;
        INDArray classes = input.sum(true, 1)
                .gt(0)
                .castTo(DataType.FLOAT)
                .addi(input.max(true, 1).gt(1).castTo(DataType.FLOAT));
        return new DataSet(input, classes.reshape('c', full));
    }

    @ParameterizedTest
    @MethodSource("models")
    void modelsTrainAndReturnOneOutput(ModelName name, @TempDir Path folder) throws Exception {
        NetworkModel model = small(name).build();
        assertEquals(name.name(), model.modelName());
        ComputationGraph network = model.init();
        DataSet batch = batch(model);
        INDArray output = network.outputSingle(batch.getFeatures());
        long[] expected = batch.getFeatures().shape().clone();
        expected[1] = 3;
        assertArrayEquals(expected, output.shape());
        assertEquals(1.0, output.sum(1).minNumber().doubleValue(), 1e-5);
        double before = network.score(batch);
        for (int step = 0; step < 10; step++) {
            network.fit(batch);
        }
        assertTrue(network.score(batch) < before, "the loss falls");
        Path file = folder.resolve("model.zip");
        ModelFiles.write(network, file);
        assertEquals(
                network.outputSingle(batch.getFeatures()), ModelFiles.read(file).outputSingle(batch.getFeatures()));
        ComputationGraphConfiguration conf = model.conf();
        ComputationGraphConfiguration fromJson = ComputationGraphConfiguration.fromJson(conf.toJson());
        assertEquals(conf, fromJson);
        assertEquals(conf.hashCode(), fromJson.hashCode());
        assertEquals(conf.toJson(), fromJson.toJson());
        assertEquals(conf, ComputationGraphConfiguration.fromYaml(conf.toYaml()));
        assertEquals(conf, conf.clone());
        assertEquals(5, Features.of(network).stages().size());
    }

    /** In training 2/3 of the loss at full size and 1/3 of that at half size, of labels nearest to the middle. */
    @ParameterizedTest
    @MethodSource("models")
    void trainingSupervisesAllStagesButTheDeepest(ModelName name) {
        NetworkModel.Builder<? extends NetworkModel> builder = small(name)
                .features(3, 4, 5, 5)
                .layers(1, 1, 1, 1)
                .inputShape(IntStream.range(0, name.dims().count() + 1)
                        .map(axis -> axis == 0 ? 2 : 8)
                        .toArray());
        NetworkModel model = builder.build();
        ComputationGraph deep = model.init();
        ComputationGraph plain = builder.deepSupervision(false).build().init();
        assertEquals(deep.params(), plain.params());
        DataSet batch = batch(model);
        INDArray labels = batch.getLabels();
        INDArray half = nearest(labels, 2);
        INDArray logits =
                deep.output(List.of("decoder.seg_layers.1"), false, new INDArray[] {batch.getFeatures()}, null)[0];
        double atHalf = crossEntropy(logits, half);
        double atFull = plain.score(batch, true);
        assertEquals(
                crossEntropy(
                        deep.output(List.of("decoder.output"), false, new INDArray[] {batch.getFeatures()}, null)[0],
                        labels),
                atFull,
                1e-5);
        assertEquals(2 * atFull / 3 + atHalf / 3, deep.score(batch, true), 1e-5);
        assertEquals(atFull, deep.score(batch, false), 1e-6);
        deep.fit(batch);
        plain.fit(batch);
        Map<String, INDArray> fresh = StateDict.of(model.init());
        assertEquals(
                fresh.get("decoder.seg_layers.0.weight"), StateDict.of(deep).get("decoder.seg_layers.0.weight"));
        assertNotEquals(
                fresh.get("decoder.seg_layers.1.weight"), StateDict.of(deep).get("decoder.seg_layers.1.weight"));
        assertEquals(
                fresh.get("decoder.seg_layers.1.weight"), StateDict.of(plain).get("decoder.seg_layers.1.weight"));
    }

    private static INDArray nearest(INDArray labels, int factor) {
        long[] shape = labels.shape().clone();
        for (int axis = 2; axis < shape.length; axis++) {
            shape[axis] /= factor;
        }
        INDArray result = Nd4j.create(DataType.FLOAT, shape);
        for (long flat = 0; flat < result.length(); flat++) {
            long[] place = new long[shape.length];
            long rest = flat;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                place[axis] = rest % shape[axis];
                rest /= shape[axis];
            }
            long[] source = place.clone();
            for (int axis = 2; axis < source.length; axis++) {
                source[axis] = source[axis] * factor + factor / 2;
            }
            result.putScalar(place, labels.getDouble(source));
        }
        return result;
    }

    /** The mean over positions of the negative logarithm of softmax. */
    private static double crossEntropy(INDArray logits, INDArray labels) {
        long positions = labels.length() / labels.size(0);
        INDArray rows = logits.dup('c').reshape('c', logits.size(0), logits.size(1), positions);
        double sum = 0;
        for (long n = 0; n < logits.size(0); n++) {
            for (long i = 0; i < positions; i++) {
                double total = 0;
                for (long c = 0; c < logits.size(1); c++) {
                    total += Math.exp(rows.getDouble(n, c, i));
                }
                long label = (long)
                        labels.dup('c').reshape('c', logits.size(0), positions).getDouble(n, i);
                sum += Math.log(total) - rows.getDouble(n, label, i);
            }
        }
        return sum / positions / logits.size(0);
    }

    /** DL4J's pages take a parameter for one of every layer with whose name its own begins. */
    @Test
    void noNameBeginsWithAnother() {
        for (ModelName name : ModelName.all()) {
            if (name.family() != Family.NNUNET) {
                continue;
            }
            Set<String> vertices = NetworkModel.builder(name.name())
                    .build()
                    .conf()
                    .getVertices()
                    .keySet();
            for (String one : vertices) {
                assertEquals(
                        1,
                        vertices.stream().filter(other -> other.startsWith(one)).count(),
                        name + " " + one);
            }
        }
    }

    /** Other classes on a frozen encoder, as when a trained model of nnU-Net is to find something else. */
    @ParameterizedTest
    @MethodSource("models")
    void otherClassesOnAFrozenEncoder(ModelName name) {
        NetworkModel model = small(name).build();
        ComputationGraph trained = model.init();
        String encoder = Features.of(trained).vertex("encoder.stages.2");
        TransferLearning.GraphBuilder builder = new TransferLearning.GraphBuilder(trained)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(1e-2))
                        .build())
                .setFeatureExtractor(encoder);
        for (int i = 0; i < 2; i++) {
            String classes = "decoder.seg_layers." + i;
            builder.removeVertexKeepConnections(classes)
                    .addLayer(
                            classes,
                            new Convolution.Builder(name.dims().perAxis("kernel", 1))
                                    .nIn(4 - i)
                                    .nOut(2)
                                    .build(),
                            Features.of(trained).vertex("decoder.stages." + i));
        }
        ComputationGraph other = builder.build();
        DataSet batch = batch(model);
        batch.setLabels(batch.getLabels().gt(0).castTo(DataType.FLOAT));
        assertEquals(2, other.outputSingle(batch.getFeatures()).size(1));
        double before = other.score(batch);
        for (int step = 0; step < 5; step++) {
            other.fit(batch);
        }
        assertTrue(other.score(batch) < before);
        assertEquals(
                Features.of(trained).at("encoder.stages.2", batch.getFeatures()),
                Features.of(other).at("encoder.stages.2", batch.getFeatures()));
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("layers", spec -> spec.set(SpecOption.FEATURES, List.of(2, 3, 4))),
                wrong("layers", spec -> spec.layers(1)),
                wrong("features", spec -> spec.set(SpecOption.FEATURES, List.of(2, Integer.MAX_VALUE))),
                wrong("kernels", spec -> spec.set(SpecOption.KERNELS, List.of(List.of(3), List.of(2)))),
                wrong("kernels", spec -> spec.set(SpecOption.KERNELS, List.of(List.of(3, 3, 3)))),
                wrong("kernels", spec -> spec.set(SpecOption.KERNELS, List.of(List.of(3), List.of(3), List.of(3)))),
                wrong("strides", spec -> spec.set(SpecOption.STRIDES, List.of(List.of(2), List.of(2)))),
                wrong("strides", spec -> spec.set(SpecOption.STRIDES, List.of(List.of(1), List.of(0)))),
                wrong("strides", spec -> spec.set(SpecOption.STRIDES, List.of(List.of(1), List.of(1 << 30)))),
                wrong("decoderLayers", spec -> spec.set(SpecOption.DECODER_LAYERS, List.of(1, 1))),
                wrong("channel", spec -> spec.channel(3)),
                wrong("kernelSize", spec -> spec.kernelSize(3)));
    }

    private static Arguments wrong(String argument, UnaryOperator<NetworkSpec.Builder> change) {
        return Arguments.of(argument, change);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongArgumentsAreNamed(String argument, UnaryOperator<NetworkSpec.Builder> change) {
        for (Network network : Family.NNUNET.networks()) {
            NetworkSpec.Builder spec =
                    NetworkSpec.builder(Family.NNUNET, network, SpatialDims.TWO).layers(1, 1);
            assertEquals(
                    argument,
                    assertThrows(
                                    ArgumentException.class,
                                    () -> change.apply(spec).build())
                            .argument());
        }
    }

    @Test
    void networksBelongToFamilies() {
        for (Network network : Network.values()) {
            Family other = Family.NNUNET.networks().contains(network) ? Family.CONV : Family.NNUNET;
            NetworkSpec.Builder spec = NetworkSpec.builder(other, network, SpatialDims.TWO);
            assertEquals(
                    "network",
                    assertThrows(ArgumentException.class, spec::build).argument());
        }
    }

    @Test
    void sizesThatCannotBeDividedAreRefused() {
        ArgumentException e = assertThrows(
                ArgumentException.class,
                () -> PlainConvUNet.builder()
                        .layers(1, 1, 1)
                        .strides(new int[] {1}, new int[] {1, 2}, new int[] {2, 2})
                        .inputShape(1, 6, 6)
                        .build()
                        .conf());
        assertEquals("size", e.argument());
        assertTrue(e.remedy().contains("[2, 4]"), e.getMessage());
    }

    /** What nnU-Net's planners say for images of 512 x 512 and volumes, and PyTorch counts. */
    @Test
    void presetsAreThoseOfThePlanners() {
        NetworkSpec plain = ModelName.parse("nnunet.default-3d").spec().build();
        assertEquals("32,64,128,256,320,320", SpecOption.FEATURES.text(plain.value(SpecOption.FEATURES)));
        NetworkSpec image = ModelName.parse("nnunet.resenc-xl-2d").spec().build();
        assertEquals("1,3,4,6,6,6,6,6,6", SpecOption.LAYERS.text(image.value(SpecOption.LAYERS)));
        assertEquals("1,1,1,1,1,1,1,1", SpecOption.DECODER_LAYERS.text(image.value(SpecOption.DECODER_LAYERS)));
        assertArrayEquals(new long[] {256, 256}, image.sizeFrom(64));
        LayerTable table = LayerTable.of("default", plain, 128, 128, 128);
        // 6 stages of 2 units, 5 of 2 units and a transposed convolution, the classes
        assertEquals(12 + 15 + 1, table.depth());
        long convolutions = 0;
        int[] f = {32, 64, 128, 256, 320, 320};
        for (int i = 0; i < f.length; i++) {
            int in = i == 0 ? 1 : f[i - 1];
            convolutions += 27L * f[i] * (in + f[i]) + 6L * f[i];
            if (i > 0) {
                int up = f[i - 1];
                convolutions += 8L * f[i] * up + up + 27L * up * 3 * up + 6L * up + 2 * up + 2;
            }
        }
        assertEquals(convolutions, table.parameters());
    }
}
