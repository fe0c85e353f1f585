package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --precision} in a process that oneDNN is held to AVX2 in, as on processors without more. */
@Tag("long")
class PrecisionTest {
    @TempDir
    Path folder;

    private String run(int expected, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Path log = folder.resolve("child.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("ONEDNN_MAX_CPU_ISA", "AVX2");
        Process process = builder.start();
        assertTrue(process.waitFor(300, TimeUnit.SECONDS));
        String said = Files.readString(log);
        assertEquals(expected, process.exitValue(), said);
        return said;
    }

    @Test
    void bf16IsRefusedInOneLine() throws Exception {
        String[] bench = {"bench", "resnet.ae1d", "--layers", "1,1", "--input", "1,32", "--steps", "1", "--precision"};
        List<String> bf16 = new ArrayList<>(List.of(bench));
        bf16.add("bf16");
        String said = run(2, bf16.toArray(String[]::new));
        assertTrue(said.matches("mdnc4j: --precision: bf16; leave it out: it needs a processor with AMX, .*\\R"), said);
        bf16.set(bf16.size() - 1, "float");
        assertTrue(run(0, bf16.toArray(String[]::new)).contains("precision    float"));
    }
}
