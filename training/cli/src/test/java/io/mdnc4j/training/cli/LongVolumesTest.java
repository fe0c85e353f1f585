package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Prediction of volumes larger than a process may hold: {@value #LIMIT} MiB for all arrays, whatever the volume's length. */
@Tag("long")
class LongVolumesTest {
    private static final int LIMIT = 12;
    private static final int LENGTH = 150;

    @TempDir
    Path folder;

    private Path model;

    /** The command line with a limit on ND4J's memory, which no option of the JVM sets. */
    static final class Limited {
        private Limited() {}

        public static void main(String[] args) {
            Nd4j.getEnvironment().setDeviceLimit(0, (long) LIMIT << 20);
            System.exit(Main.run(args));
        }
    }

    @BeforeEach
    void network() throws IOException {
        model = folder.resolve("model.zip");
        ModelFiles.write(
                NetworkModel.builder("conv.unet3d")
                        .outPlanes(2)
                        .channel(2)
                        .layers(1, 1)
                        .task(Task.CLASSIFICATION)
                        .build()
                        .init(),
                new ModelDescription(
                        "conv.unet3d",
                        "segmentation",
                        List.of(1L, 16L, 32L, 32L),
                        Normalization.NONE,
                        List.of("none", "some"),
                        null,
                        null,
                        List.of(),
                        Map.of()),
                model);
    }

    private Path volume(String name, int length) {
        Path file = folder.resolve(name);
        try (INDArray volume = Nd4j.randn(DataType.FLOAT, length, 64, 64)) {
            ArrayFiles.write(file, new StoredArray(volume, false, ElementType.FLOAT32));
        }
        return file;
    }

    /** Four times as long takes as much; the same as one array is too much. */
    @Test
    void memoryDoesNotGrowWithTheLength() throws Exception {
        assertEquals(0, predict(volume("short.nii.gz", LENGTH)), this::log);
        Path longer = volume("long.nii.gz", 4 * LENGTH);
        assertEquals(0, predict(longer), this::log);
        assertEquals(0, predict(volume("long.npy", 4 * LENGTH)), this::log);
        StoredArray probabilities = ArrayFiles.read(folder.resolve("out/long-probabilities.nii.gz"));
        assertArrayEquals(
                new long[] {2, 4 * LENGTH, 64, 64}, probabilities.values().shape());
        assertEquals(1, predict(volume("whole.npz", 4 * LENGTH)), this::log);
        assertTrue(log().contains("mdnc4j: out of memory"), this::log);
    }

    private int predict(Path file) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                Limited.class.getName()));
        command.addAll(List.of("predict", model.toString(), file.toString(), "--batch", "2", "--overlap", "0.25"));
        command.addAll(
                List.of("--probabilities", "--output", folder.resolve("out").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.log").toFile())
                .start();
        assertTrue(process.waitFor(300, TimeUnit.SECONDS), this::log);
        return process.exitValue();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("child.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
