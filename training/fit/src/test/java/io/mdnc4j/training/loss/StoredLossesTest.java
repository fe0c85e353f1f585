package io.mdnc4j.training.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mdnc4j.zoo.ConvUNet;
import io.mdnc4j.zoo.ModelFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Model files may name every loss; a new one goes into {@code stored-classes.txt} of the zoo. */
class StoredLossesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Losses.class,
            names = {"MSE", "MAE"})
    void modelsWithLossesOfKnownValuesLoad(Losses loss) throws IOException {
        requireLoads(loss.createOfKnown());
    }

    @ParameterizedTest
    @EnumSource(
            value = Losses.class,
            names = {"CROSS_ENTROPY", "DICE", "DICE_CE"})
    void modelsWithLossesOfLabelsLoad(Losses loss) throws IOException {
        requireLoads(loss.createOfLabels());
    }

    @ParameterizedTest
    @EnumSource(Losses.class)
    void modelsWithLossesLoad(Losses loss) throws IOException {
        requireLoads(loss.create());
    }

    private void requireLoads(ILossFunction loss) throws IOException {
        ComputationGraph network = ConvUNet.builder()
                .inputShape(1, 16)
                .channel(2)
                .layers(1, 1)
                .outPlanes(2)
                .lossFunction(loss)
                .build()
                .init();
        Path file = folder.resolve("model.zip");
        ModelFiles.write(network, file);
        assertEquals(
                network.getConfiguration().toJson(),
                ModelFiles.read(file).getConfiguration().toJson());
    }
}
