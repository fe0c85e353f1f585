package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.ComputePath;
import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.backends.NativeConvolutions;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Predictions with products in bf16, and what stays as it is. */
class InferencePrecisionTest {
    /** Of the largest output; a factor alone is rounded by up to 0.4 %. */
    private static final double MOST = 2e-2;

    @BeforeEach
    void atSpeed() {
        assumeTrue(
                NativeConvolutions.atSpeed(InferencePrecision.BF16),
                "bf16 is refused here: " + NativeConvolutions.description());
    }

    @AfterEach
    void ownPath() {
        ComputePath.set(ComputePath.HOST);
    }

    private static InPlaceComputationGraph network(String model, int... input) {
        NetworkModel.Builder<? extends NetworkModel> builder =
                NetworkModel.builder(model).inputShape(input);
        return (InPlaceComputationGraph) (model.startsWith("nnunet")
                        ? builder.features(8, 16).layers(1, 1)
                        : builder.channel(8).layers(1, 1))
                .updater(new Sgd(0.1))
                .seed(5)
                .task(Task.REGRESSION)
                .build()
                .init();
    }

    private static INDArray random(long... shape) {
        Nd4j.getRandom().setSeed(3);
        return Nd4j.randn(DataType.FLOAT, shape);
    }

    @ParameterizedTest
    @CsvSource({"resnet.ae, 1", "resnet.ae, 2", "conv.unet, 3", "conv.encoder, 2", "nnunet.plain, 2"})
    void roundsAndIsFloatAgainAfterwards(String model, int axes) {
        int[] input = {2, 16, 16, 16};
        long[] batch = {3, 2, 16, 16, 16};
        InPlaceComputationGraph network = network(model + axes + "d", Arrays.copyOf(input, axes + 1));
        INDArray x = random(Arrays.copyOf(batch, axes + 2));
        INDArray before = network.outputSingle(x);
        network.setInferencePrecision(InferencePrecision.BF16);
        INDArray rounded = network.outputSingle(x);
        network.setInferencePrecision(InferencePrecision.FLOAT);
        assertEquals(before, network.outputSingle(x));

        double difference = rounded.sub(before).amaxNumber().doubleValue();
        assertTrue(difference > 0, "not rounded");
        double largest = before.amaxNumber().doubleValue();
        assertTrue(difference < MOST * largest, difference + " of " + largest);
    }

    @Test
    void trainingAndModelFilesStayAsTheyAre(@TempDir Path folder) throws Exception {
        InPlaceComputationGraph one = network("resnet.ae2d", 1, 16, 16);
        InPlaceComputationGraph other = network("resnet.ae2d", 1, 16, 16);
        other.setInferencePrecision(InferencePrecision.BF16);
        INDArray x = random(2, 1, 16, 16);
        for (InPlaceComputationGraph network : new InPlaceComputationGraph[] {one, other}) {
            network.fit(new DataSet(x, x.mul(2)));
        }
        assertEquals(one.params(), other.params());
        assertEquals(one.score(), other.score());

        ModelFiles.write(
                other,
                new ModelDescription(null, null, null, null, null, null, null, null, Map.of()),
                folder.resolve("m.zip"));
        assertEquals(
                one.outputSingle(x), ModelFiles.read(folder.resolve("m.zip")).outputSingle(x));
        assertEquals(one.outputSingle(x), other.clone().outputSingle(x));
        assertNotEquals(one.outputSingle(x), other.outputSingle(x));
    }

    @Test
    void whatDeeplearning4jComputesIsRefused() {
        InPlaceComputationGraph network = network("conv.encoder1d", 1, 16);
        network.setInferencePrecision(InferencePrecision.BF16);
        INDArray x = random(1, 1, 16);
        network.outputSingle(x);
        ComputePath.set(ComputePath.OPS);
        ArgumentException refused = assertThrows(ArgumentException.class, () -> network.outputSingle(x));
        assertTrue(refused.getMessage().contains("precision: bf16"), refused.getMessage());
    }
}
