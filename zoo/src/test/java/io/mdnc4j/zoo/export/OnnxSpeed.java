package io.mdnc4j.zoo.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.mdnc4j.zoo.NetworkModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Times networks here and, exported, in ONNX Runtime, and prints a table. No test by its name, so that it runs only when
 * asked for: {@code mvn -pl zoo -am test -Dtest=OnnxSpeed -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class OnnxSpeed {
    private static final int THREADS = 2;
    private static final int ROUNDS = 5;
    private static final double SECONDS = 2;

    private record Case(String model, int channel, int[] layers, int batch, int... input) {}

    private static final List<Case> CASES = List.of(
            new Case("resnet.ae1d", 16, new int[] {1, 1, 1}, 16, 1, 512),
            new Case("conv.unet1d", 32, new int[] {2, 2, 2}, 8, 1, 4096),
            new Case("conv.unet2d", 32, new int[] {2, 2, 2}, 2, 3, 128, 128),
            new Case("resnet.unet2d", 32, new int[] {1, 1, 1}, 2, 3, 127, 125),
            new Case("resnet.encoder2d", 32, new int[] {2, 2, 2, 2}, 4, 3, 128, 128),
            new Case("conv.unet3d", 16, new int[] {1, 1, 1}, 1, 1, 48, 48, 48),
            new Case("resnet.ae3d", 16, new int[] {1, 1, 1}, 1, 1, 48, 48, 48));

    /** In a process of its own, without the memory filling and limits of tests. */
    @Test
    void table() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OnnxSpeed.class.getName())
                .redirectErrorStream(true);
        builder.environment().remove("MALLOC_PERTURB_");
        builder.environment().put("GOMP_SPINCOUNT", "1000");
        builder.environment().put("OMP_NUM_THREADS", String.valueOf(THREADS));
        Process process = builder.start();
        // not the stream of this process itself, by which Surefire's speak with each other
        process.inputReader().lines().forEach(System.out::println);
        assertEquals(0, process.waitFor());
    }

    public static void main(String[] arguments) throws IOException, OrtException {
        System.out.println("| network | channels | blocks a stage | batch | mdnc4j ms | ONNX Runtime ms | ratio |");
        System.out.println("| --- | ---: | --- | --- | ---: | ---: | ---: |");
        for (Case row : CASES) {
            measure(row);
        }
    }

    private static void measure(Case row) throws IOException, OrtException {
        ComputationGraph network = NetworkModel.builder(row.model)
                .channel(row.channel)
                .layers(row.layers)
                .inputShape(row.input)
                .build()
                .init();
        long[] shape = new long[row.input.length + 1];
        shape[0] = row.batch;
        for (int i = 0; i < row.input.length; i++) {
            shape[i + 1] = row.input[i];
        }
        INDArray input = Nd4j.randn(DataType.FLOAT, shape);
        Path file = Files.createTempFile("speed", ".onnx");
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(THREADS);
        try {
            ExportFormat.ONNX.write(network, null, file);
            try (OnnxRuntime runtime = new OnnxRuntime(file, options)) {
                double difference = network.outputSingle(input)
                        .sub(runtime.output(input))
                        .amaxNumber()
                        .doubleValue();
                if (!(difference < 1e-3)) {
                    throw new IllegalStateException(row.model + ": outputs differ by " + difference);
                }
                Runnable ours = () -> network.outputSingle(input);
                Runnable theirs = () -> output(runtime, input);
                double[][] times = new double[2][ROUNDS];
                time(ours);
                time(theirs);
                for (int round = 0; round < ROUNDS; round++) {
                    times[0][round] = time(ours);
                    times[1][round] = time(theirs);
                }
                print(row, median(times[0]), median(times[1]));
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static INDArray output(OnnxRuntime runtime, INDArray input) {
        try {
            return runtime.output(input);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void print(Case row, double ours, double theirs) {
        String shape = Arrays.toString(row.input).replaceAll("[\\[\\]]", "").replace(", ", " x ");
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %d of %s | %.1f | %.1f | %.2f |%n",
                row.model,
                row.channel,
                Arrays.toString(row.layers).replaceAll("[\\[\\]]", ""),
                row.batch,
                shape,
                ours,
                theirs,
                ours / theirs);
    }

    /** Milliseconds of a run, the median of as many as take {@link #SECONDS}. */
    private static double time(Runnable work) {
        long begin = System.nanoTime();
        double[] times = new double[0];
        while (times.length < 3 || System.nanoTime() - begin < SECONDS * 1e9) {
            long start = System.nanoTime();
            work.run();
            times = Arrays.copyOf(times, times.length + 1);
            times[times.length - 1] = (System.nanoTime() - start) / 1e6;
        }
        return median(times);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
