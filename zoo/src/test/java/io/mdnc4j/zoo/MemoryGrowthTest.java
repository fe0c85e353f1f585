package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Hundreds of steps take no more memory than the first ones; in a JVM of its own, whose heap has a fixed size. */
@Tag("long")
class MemoryGrowthTest {
    private static final int WARM_UP = 300;
    private static final int STEPS = 500;

    /** Compiled code still settles; a leaked map of 8 KiB a layer and step would be ten times that. */
    private static final long MEBIBYTES = 24;

    @Test
    @EnabledOnOs(OS.LINUX)
    void trainingAndInferenceDoNotGrow() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemoryGrowthTest.class.getName()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor());
        long growth = Long.parseLong(output.strip());
        assertTrue(growth < MEBIBYTES, STEPS + " steps took " + growth + " MiB more");
    }

    /** Trains and predicts with two sizes in turn; prints the growth in mebibytes. */
    public static void main(String[] args) throws IOException {
        ComputationGraph network = ResUNet.builder()
                .inputShape(2, 20, 19)
                .outPlanes(1)
                .channel(8)
                .layers(1, 1)
                .updater(new Sgd(1e-4))
                .build()
                .init();
        INDArray x = Nd4j.randn(DataType.FLOAT, 4, 2, 20, 19);
        INDArray larger = Nd4j.randn(DataType.FLOAT, 3, 2, 27, 25);
        DataSet data = new DataSet(x, Nd4j.zeros(DataType.FLOAT, 4, 1, 20, 19));
        long before = 0;
        for (int step = 0; step < WARM_UP + STEPS; step++) {
            if (step == WARM_UP) {
                before = residentMebibytes();
            }
            network.fit(data);
            network.outputSingle(step % 2 == 0 ? x : larger).close();
        }
        System.out.println(residentMebibytes() - before);
    }

    private static long residentMebibytes() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
