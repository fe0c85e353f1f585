package io.mdnc4j.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A running {@link Worker}, seen from outside. */
final class Child implements AutoCloseable {
    private static final String THREADS = "2";

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;
    private final String label;

    /** Starts one; returns when it has warmed up. */
    Child(Contender.Engine engine, Case which, String mode, Path traces, String libtorchSpin, InstructionSet isa)
            throws IOException {
        label = engine + " " + which.name() + " " + mode;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:MaxRAMPercentage=20",
                "-XX:+UseSerialGC",
                "-Xms48m",
                "-XX:ActiveProcessorCount=" + THREADS,
                "-Dorg.bytedeco.javacpp.maxbytes=300%",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=450%",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=" + THREADS,
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName()));
        command.addAll(1, isa.flags);
        command.addAll(List.of(engine.name(), which.name(), mode, traces.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.putAll(isa.environment);
        environment.put("OMP_NUM_THREADS", THREADS);
        environment.put("OPT_OUT_TRACKING", "true");
        environment.put("DJL_OFFLINE", "true");
        environment.put(
                "DJL_CACHE_DIR", traces.resolveSibling("djl").toAbsolutePath().toString());
        String spin = engine == Contender.Engine.LIBTORCH ? libtorchSpin : "1000";
        if (spin == null) {
            environment.remove("GOMP_SPINCOUNT");
        } else {
            environment.put("GOMP_SPINCOUNT", spin);
        }
        process = builder.start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        questions = process.outputWriter(StandardCharsets.UTF_8);
        if (!answer().equals("ready")) {
            process.destroy();
            throw new IOException(label + ": did not start as expected");
        }
    }

    /** Milliseconds of single runs, as many as take that time. */
    double[] measure(double seconds) throws IOException {
        questions.write(seconds + "\n");
        questions.flush();
        return Arrays.stream(answer().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /** Ends it; its peak memory in MB. */
    double finish() throws IOException {
        questions.close();
        return Double.parseDouble(answer());
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(label + ": ended early; see the lines above");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
