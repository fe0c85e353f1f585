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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Memory stays where it is after hundreds of steps; each time in a JVM of its own, whose heap has a fixed size. */
@Tag("long")
@EnabledOnOs(OS.LINUX)
class MemoryGrowthTest {
    private static final int WARM_UP = 300;
    private static final int STEPS = 500;

    /** Compiled code still settles; a leaked map of 8 KiB a layer and step would be ten times that. */
    private static final long MEBIBYTES = 24;

    /** Plans of {@code mdnc4j.max-plans} shapes, what ND4J keeps of a shape, and gaps between them. */
    private static final long MEBIBYTES_OF_NEW_SIZES = 200;

    private enum Work {
        TWO_SIZES(WARM_UP, STEPS) {
            private final ComputationGraph network = network();
            private final INDArray x = Nd4j.randn(DataType.FLOAT, 4, 2, 20, 19);
            private final INDArray larger = Nd4j.randn(DataType.FLOAT, 3, 2, 27, 25);
            private final DataSet data = new DataSet(x, Nd4j.zeros(DataType.FLOAT, 4, 1, 20, 19));

            @Override
            void run(int step) {
                network.fit(data);
                network.outputSingle(step % 2 == 0 ? x : larger).close();
            }
        },
        PREDICTIONS_OF_NEW_SIZES(20, 3000) {
            private final ComputationGraph network = network();

            @Override
            void run(int step) {
                try (INDArray x = Nd4j.rand(DataType.FLOAT, 1, 2, 16 + step % 80, 16 + step / 80)) {
                    network.outputSingle(x).close();
                }
            }
        },
        FITS_OF_NEW_SIZES(20, 400) {
            private final ComputationGraph network = network();

            @Override
            void run(int step) {
                try (INDArray x = Nd4j.rand(DataType.FLOAT, 1, 2, 16 + step % 40, 16 + step / 40);
                        INDArray y = Nd4j.rand(DataType.FLOAT, 1, 1, 16 + step % 40, 16 + step / 40)) {
                    network.fit(new DataSet(x, y));
                }
            }
        };

        private final int warmUp;
        private final int steps;

        Work(int warmUp, int steps) {
            this.warmUp = warmUp;
            this.steps = steps;
        }

        abstract void run(int step);
    }

    @Test
    void trainingAndInferenceDoNotGrow() throws Exception {
        requireGrowthBelow(MEBIBYTES, Work.TWO_SIZES);
    }

    @ParameterizedTest
    @EnumSource(
            value = Work.class,
            names = {"PREDICTIONS_OF_NEW_SIZES", "FITS_OF_NEW_SIZES"})
    void everNewSizesAreForgotten(Work work) throws Exception {
        requireGrowthBelow(MEBIBYTES_OF_NEW_SIZES, work);
    }

    private static void requireGrowthBelow(long mebibytes, Work work) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch",
                        // which would collect garbage all the time rather than let it grow
                        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemoryGrowthTest.class.getName(),
                        work.name()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor());
        long growth = Long.parseLong(output.strip().replaceFirst("(?s).*\n", ""));
        assertTrue(growth < mebibytes, work + ": " + work.steps + " steps took " + growth + " MiB more");
    }

    /** Prints the growth in mebibytes. */
    public static void main(String[] args) throws IOException {
        Work work = Work.valueOf(args[0]);
        long before = 0;
        for (int step = 0; step < work.warmUp + work.steps; step++) {
            if (step == work.warmUp) {
                before = residentMebibytes();
            }
            work.run(step);
        }
        System.out.println(residentMebibytes() - before);
    }

    private static ComputationGraph network() {
        return ResUNet.builder()
                .inputShape(2, 20, 19)
                .outPlanes(1)
                .channel(8)
                .layers(1, 1)
                .updater(new Sgd(1e-4))
                .build()
                .init();
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
