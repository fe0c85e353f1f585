package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Training on more than a process may hold: 96 MiB of volumes, {@value #LIMIT} MiB for all arrays. */
@Tag("long")
class BoundedMemoryTest {
    private static final int LIMIT = 40;
    private static final int VOLUMES = 48;
    private static final int SIZE = 64;

    @TempDir
    Path folder;

    /** The command line with a limit on ND4J's memory, which no option of the JVM sets. */
    static final class Limited {
        private Limited() {}

        public static void main(String[] args) {
            Nd4j.getEnvironment().setDeviceLimit(0, (long) LIMIT << 20);
            System.exit(Main.run(args));
        }
    }

    @BeforeEach
    void volumes() throws IOException {
        for (String kind : List.of("inputs", "targets")) {
            Files.createDirectories(folder.resolve("data").resolve(kind));
            for (int i = 0; i < VOLUMES; i++) {
                try (INDArray volume = Nd4j.rand(DataType.FLOAT, 1, SIZE, SIZE, SIZE)) {
                    ArrayFiles.write(
                            folder.resolve("data").resolve(kind).resolve(i + ".npy"),
                            new StoredArray(volume, true, ElementType.FLOAT32));
                }
            }
        }
    }

    @Test
    void keptExamplesStayWithinTheirBound() throws Exception {
        assertEquals(0, train(8), this::log);
        assertTrue(Files.exists(folder.resolve("run/metrics.json")), this::log);
    }

    /** So the limit is a limit; what happened and what helps are said, and no file is called broken. */
    @Test
    void allExamplesTogetherAreTooMany() throws Exception {
        assertEquals(1, train(1024), this::log);
        assertTrue(log().contains("mdnc4j: out of memory") && log().contains("--cache"), this::log);
    }

    private int train(int cache) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // what became garbage is only found with the heap's
                "-Xmx64m",
                "-Xmn8m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                Limited.class.getName()));
        command.addAll(List.of("train", "conv.ae3d", "--channel", "2", "--layers", "1,1", "--patch", "16,16,16"));
        command.addAll(List.of("--batch", "4", "--steps", "30", "--split", "0.05,0.05", "--cache", "" + cache));
        command.addAll(List.of("--data", folder.resolve("data").toString()));
        command.addAll(List.of("--output", folder.toString(), "--name", "run"));
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
