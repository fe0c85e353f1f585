package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The examples in the documentation of the eight models, and its tables of sizes. */
class DocumentedExamplesTest {
    static Stream<Arguments> examples() {
        return Stream.of(
                Arguments.of(ConvUNet.builder().inputShape(3, 64, 63).outPlanes(1), "[4, 1, 64, 63]"),
                Arguments.of(ResUNet.builder().inputShape(3, 64, 63).outPlanes(1), "[4, 1, 64, 63]"),
                Arguments.of(ConvAutoEncoder.builder().inputShape(3, 64, 63).outPlanes(1), "[4, 1, 64, 63]"),
                Arguments.of(ResAutoEncoder.builder().inputShape(3, 64, 63).outPlanes(1), "[4, 1, 64, 63]"),
                Arguments.of(ConvEncoder.builder().inputShape(3, 64, 63).outLength(10), "[4, 10]"),
                Arguments.of(ResEncoder.builder().inputShape(3, 64, 63).outLength(10), "[4, 10]"),
                Arguments.of(ConvDecoder.builder().outSize(64, 63).inLength(32), "[4, 1, 64, 63]"),
                Arguments.of(ResDecoder.builder().outSize(64, 63).inLength(32), "[4, 1, 64, 63]"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void examplesReturnWhatTheySay(NetworkModel.Builder<? extends NetworkModel> builder, String shape) {
        NetworkModel model = builder.channel(16).layers(2, 2, 3).build();
        ComputationGraph network = model.init();
        INDArray input = model.spec().network() == Network.DECODER ? Nd4j.rand(4, 32) : Nd4j.rand(4, 3, 64, 63);
        assertEquals(shape, Arrays.toString(network.outputSingle(input).shape()));
    }

    /** Stages down halve rounding up and double channels after the first; the way up has the sizes of the way down. */
    @ParameterizedTest
    @MethodSource("examples")
    void stagesHaveTheDocumentedSizes(NetworkModel.Builder<? extends NetworkModel> builder, String shape) {
        NetworkModel model = builder.channel(16).layers(1, 1, 1, 1).build();
        boolean decoder = model.spec().network() == Network.DECODER;
        ComputationGraph network = model.init();
        INDArray input = decoder ? Nd4j.rand(1, 32) : Nd4j.rand(1, 3, 64, 63);
        Features features = Features.of(network);
        String expected = switch (model.spec().network()) {
            case UNET, AUTO_ENCODER ->
                "[16, 32, 32] [32, 16, 16] [64, 8, 8] [64, 16, 16] [32, 32, 32] [16, 64, 64] [16, 64, 63]";
            case ENCODER -> "[16, 32, 32] [32, 16, 16] [64, 8, 8] [128, 4, 4]";
            default -> "[64, 8, 8] [32, 16, 16] [16, 32, 32] [16, 64, 63]";
        };
        String found = String.join(
                " ",
                features.stages().stream()
                        .map(stage -> features.at(stage, input).shape())
                        .map(stage -> Arrays.toString(Arrays.copyOfRange(stage, 1, stage.length)))
                        .toList());
        assertEquals(expected, found);
    }
}
