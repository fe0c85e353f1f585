package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Names of vertices and parameters, and model files, are interfaces: what was written once stays readable. The fixtures are
 * written by {@code mvn test -Dtest.memory=-Dmdnc4j.fixtures=write}, into a new version folder when the format grows; old ones stay.
 */
class CompatibilityTest {
    private static final Path RESOURCES = Path.of("src/test/resources/io/mdnc4j/zoo");
    private static final Path NAMES = RESOURCES.resolve("names");
    private static final Path MODELS = RESOURCES.resolve("models-0.1");
    private static final boolean WRITE = "write".equals(System.getProperty("mdnc4j.fixtures"));

    private record Sample(String name, NetworkModel model) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** One model of each kind: family and block, network; 1 to 3 dimensions in turn. */
    static Stream<Sample> models() {
        List<Sample> samples = new ArrayList<>();
        int[][] shapes = {{2, 13}, {2, 9, 11}, {2, 7, 6, 9}};
        int count = 0;
        for (BlockKind block : BlockKind.values()) {
            Family family = block == BlockKind.CONV ? Family.CONV : Family.RESNET;
            for (Network network : Network.DOUBLING) {
                SpatialDims dims = SpatialDims.values()[count++ % 3];
                int[] shape = shapes[dims.ordinal()];
                NetworkModel.Builder<? extends NetworkModel> builder = NetworkModel.builder(
                                NetworkSpec.modelName(family, network, dims))
                        .block(block)
                        .channel(2)
                        .layers(1, 2);
                if (network == Network.DECODER) {
                    builder.outSize(java.util.Arrays.stream(shape)
                            .skip(1)
                            .asLongStream()
                            .toArray());
                } else {
                    builder.inputShape(shape);
                }
                NetworkModel model = builder.build();
                samples.add(new Sample(model.modelName() + "-" + block.code(), model));
            }
        }
        return samples.stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void namesStay(Sample sample) throws IOException {
        ComputationGraphConfiguration conf = sample.model.conf();
        StringBuilder lines = new StringBuilder();
        conf.getVertices().keySet().stream()
                .sorted()
                .forEach(name -> lines.append(name)
                        .append(" <- ")
                        .append(String.join(" ", conf.getVertexInputs().get(name)))
                        .append('\n'));
        sample.model
                .init()
                .paramTable()
                .forEach((name, array) -> lines.append(name)
                        .append(' ')
                        .append(java.util.Arrays.toString(array.shape()))
                        .append('\n'));
        Path file = NAMES.resolve(sample.name + ".txt");
        if (WRITE) {
            Files.createDirectories(NAMES);
            Files.writeString(file, lines);
        }
        assertEquals(Files.readString(file), lines.toString());
    }

    @ParameterizedTest
    @MethodSource("models")
    void oldModelFilesLoadWithEqualOutputs(Sample sample) throws IOException {
        Path model = MODELS.resolve(sample.name + ".zip");
        Path input = MODELS.resolve(sample.name + "-input.npy");
        Path output = MODELS.resolve(sample.name + "-output.npy");
        if (WRITE) {
            write(sample.model, model, input, output);
        }
        ComputationGraph network = ModelFiles.read(model);
        INDArray expected = Nd4j.createFromNpyFile(output.toFile());
        INDArray actual = network.outputSingle(Nd4j.createFromNpyFile(input.toFile()));
        assertTrue(expected.equalsWithEps(actual, 1e-5), () -> expected + " but was " + actual);
        network.fit(new DataSet(Nd4j.createFromNpyFile(input.toFile()), expected.mul(0.5)));
    }

    private static void write(NetworkModel model, Path file, Path input, Path output) throws IOException {
        Files.createDirectories(MODELS);
        ComputationGraph network = model.init();
        INDArray features = Nd4j.randn(DataType.FLOAT, withBatch(inputShape(model)));
        network.fit(new DataSet(features, network.outputSingle(features).mul(0.5)));
        ModelFiles.write(network, file);
        Files.write(input, Nd4j.toNpyByteArray(features));
        Files.write(output, Nd4j.toNpyByteArray(network.outputSingle(features)));
    }

    @SuppressWarnings("deprecation")
    private static int[] inputShape(NetworkModel model) {
        return model.metaData().getInputShape()[0];
    }

    private static long[] withBatch(int[] shape) {
        long[] full = new long[shape.length + 1];
        full[0] = 2;
        for (int i = 0; i < shape.length; i++) {
            full[i + 1] = shape[i];
        }
        return full;
    }
}
