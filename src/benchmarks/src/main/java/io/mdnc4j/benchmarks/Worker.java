package io.mdnc4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;

/**
 * A process with one engine and one case. It checks and warms up, answers {@code ready}, then answers each line on standard
 * input, a number of seconds, with the milliseconds of as many runs as that takes; at the end of input, with its peak
 * memory in MB.
 */
public final class Worker {
    /** Outputs may differ from the traced network's by this, relative to the largest. */
    private static final double OUTPUT_TOLERANCE = 1e-4;

    private static final double GRADIENT_TOLERANCE = 1e-3;
    private static final int LEAST_WARM_UP = 2;
    private static final double WARM_UP_SECONDS = 3;
    private static final int LEAST_RUNS = 1;

    private Worker() {}

    /** Arguments: engine, case, mode, folder with the traces. */
    public static void main(String... arguments) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        Case which = Case.named(arguments[1]);
        Path folder = Path.of(arguments[3]).resolve(which.name());
        Tensors tensors = new Tensors(folder);
        Contender.Engine engine = Contender.Engine.valueOf(arguments[0]);
        boolean training = arguments[2].equals("train");
        try (Contender contender = engine.load(which, tensors, folder)) {
            if (engine.exact()) {
                check(contender, tensors, training);
            }
            Runnable work = training ? contender::train : contender::infer;
            run(work, WARM_UP_SECONDS, LEAST_WARM_UP);
            answers.println("ready");
            BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String seconds; (seconds = questions.readLine()) != null; ) {
                answers.println(run(work, Double.parseDouble(seconds), LEAST_RUNS));
            }
        }
        answers.println(peakMegabytes());
        answers.flush();
        System.exit(0); // whatever threads the engines left
    }

    private static String run(Runnable work, double seconds, int least) {
        StringJoiner milliseconds = new StringJoiner(" ");
        long begin = System.nanoTime();
        for (int i = 0; i < least || System.nanoTime() - begin < seconds * 1e9; i++) {
            long start = System.nanoTime();
            work.run();
            milliseconds.add(Double.toString((System.nanoTime() - start) / 1e6));
        }
        return milliseconds.toString();
    }

    /** Only what the mode needs, so that the peak memory is this mode's own. */
    private static void check(Contender contender, Tensors tensors, boolean training) {
        if (training) {
            double expected = tensors.gradientNorm();
            double norm = contender.gradientNorm();
            if (!(Math.abs(norm - expected) <= GRADIENT_TOLERANCE * expected)) {
                throw new IllegalStateException("norm of the gradients: " + norm + ", traced: " + expected);
            }
            return;
        }
        float[] expected = tensors.values("output");
        float[] output = contender.infer();
        double largest = 0;
        double difference = output.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < expected.length && difference < Double.POSITIVE_INFINITY; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double here = Math.abs(output[i] - expected[i]);
            difference = Double.isNaN(here) ? Double.POSITIVE_INFINITY : Math.max(difference, here);
        }
        if (difference > OUTPUT_TOLERANCE * largest) {
            throw new IllegalStateException("output differs by " + difference + ", largest traced: " + largest);
        }
    }

    private static double peakMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(Double.NaN);
    }
}
