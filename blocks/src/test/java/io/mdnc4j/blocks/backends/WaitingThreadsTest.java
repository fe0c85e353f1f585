package io.mdnc4j.blocks.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Graphs;
import io.mdnc4j.blocks.SpatialDims;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** In JVMs of their own: what the C library's environment says when ND4J loads its natives. */
class WaitingThreadsTest {
    private static final String WARNING = "training will be many times slower";

    @BeforeEach
    void onLinuxWithSeveralCores() {
        Assumptions.assumeTrue(System.getProperty("os.name").startsWith("Linux")
                && Runtime.getRuntime().availableProcessors() > 1);
    }

    @Tag("long")
    @Test
    void whoeverStartsNd4jTheVariableIsSetBefore() throws Exception {
        for (String first : List.of("array", "network", "backend")) {
            String output = run(Map.of(), first, "network");
            assertTrue(output.contains("state SET"), output);
            assertTrue(output.contains("GOMP_SPINCOUNT=1000"), output);
            // neither of threads nor, from JavaCPP, of versions
            assertFalse(output.toLowerCase(Locale.ROOT).contains("warn"), output);
        }
    }

    @Test
    void whatTheUserHasSetIsKept() throws Exception {
        String count = run(Map.of("GOMP_SPINCOUNT", "77"), "network");
        assertTrue(count.contains("state KEPT") && count.contains("GOMP_SPINCOUNT=77"), count);
        String policy = run(Map.of("OMP_WAIT_POLICY", "active"), "network");
        assertTrue(policy.contains("state KEPT") && policy.contains("GOMP_SPINCOUNT=null"), policy);
        assertFalse((count + policy).contains(WARNING), count + policy);
    }

    @Test
    void whereOtherNativesCameFirstTheFirstNetworkWarnsOnce() throws Exception {
        String output = run(Map.of(), "natives", "network", "network");
        assertTrue(output.contains("state TOO_LATE"), output);
        assertEquals(2, output.split(WARNING, -1).length, output);
        assertTrue(output.contains("GOMP_SPINCOUNT=1000 before the JVM starts"), output);
    }

    private static String run(Map<String, String> environment, String... steps)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName()));
        command.addAll(Arrays.asList(steps));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("GOMP_SPINCOUNT", "OMP_WAIT_POLICY"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    /** What a user's program does, step by step. */
    static final class Program {
        public static void main(String[] steps) {
            for (String step : steps) {
                switch (step) {
                    case "array" -> Nd4j.zeros(2);
                    case "natives" -> Loader.load(dnnl.class);
                    case "backend" -> Backend.CPU.start();
                    default ->
                        Graphs.network(
                                SpatialDims.ONE,
                                DataType.FLOAT,
                                1,
                                BlockStyle.DEFAULT,
                                new NoOp(),
                                graph -> graph.convolution("conv", "input", 1, 1, new int[] {3}, true));
                }
            }
            System.out.println("state " + WaitingThreads.state());
            System.out.println("GOMP_SPINCOUNT=" + WaitingThreads.environment("GOMP_SPINCOUNT"));
        }
    }
}
