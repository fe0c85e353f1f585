package io.mdnc4j.zoo.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Exported networks in ONNX Runtime give the outputs that they give here. */
class OnnxTest {
    private static final int[][] SIZES = {{21}, {11, 13}, {9, 7, 6}};
    private static final int[][] OTHER_SIZES = {{34}, {17, 10}, {7, 12, 11}};

    @TempDir
    Path folder;

    static Stream<ModelName> models() {
        return ModelName.all().stream().filter(name -> name.preset() == null);
    }

    @ParameterizedTest
    @MethodSource("models")
    void outputsAreEqual(ModelName name) throws IOException, OrtException {
        int[] size = SIZES[name.dims().ordinal()];
        NetworkModel.Builder<? extends NetworkModel> builder =
                NetworkModel.builder(name.name()).channel(4).layers(2, 1, 1);
        if (name.network() == Network.DECODER) {
            builder.outSize(Arrays.stream(size).asLongStream().toArray()).inLength(3);
        } else {
            builder.inputShape(shape(2, size));
        }
        ComputationGraph network = builder.build().init();
        perturb(network);
        Path file = folder.resolve("model.onnx");
        ExportFormat.ONNX.write(network, null, file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            if (name.network() == Network.DECODER) {
                assertEqual(network, runtime, 2, 3);
                assertEqual(network, runtime, 5, 3);
            } else {
                assertEqual(network, runtime, shape(1, shape(2, size)));
                assertEqual(
                        network,
                        runtime,
                        shape(3, shape(2, OTHER_SIZES[name.dims().ordinal()])));
            }
        }
    }

    /** Values that defaults, such as a shift of 0, would hide. */
    private static void perturb(ComputationGraph network) {
        Nd4j.getRandom().setSeed(3);
        INDArray params = network.params();
        params.addi(Nd4j.randn(DataType.FLOAT, params.shape()).muli(0.05));
    }

    private static int[] shape(int first, int... rest) {
        int[] shape = new int[rest.length + 1];
        shape[0] = first;
        System.arraycopy(rest, 0, shape, 1, rest.length);
        return shape;
    }

    private static void assertEqual(ComputationGraph network, OnnxRuntime runtime, int... shape) throws OrtException {
        INDArray input =
                Nd4j.randn(DataType.FLOAT, Arrays.stream(shape).asLongStream().toArray());
        INDArray expected = network.outputSingle(input);
        INDArray actual = runtime.output(input);
        assertArrayEquals(expected.shape(), actual.shape());
        double difference = expected.sub(actual).amaxNumber().doubleValue();
        double scale = Math.max(1, expected.amaxNumber().doubleValue());
        assertTrue(difference <= 1e-4 * scale, () -> "differs by " + difference + " where values reach " + scale);
        assertEquals(0, expected.isNaN().any() ? 1 : 0);
    }
}
