package io.mdnc4j.zoo.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** PyTorch beside us, where it is installed; Debian's package python3-torch is enough. */
final class Python {
    private static final Path SCRIPTS = Path.of("src/test/resources/io/mdnc4j/zoo/export");

    private static final String INTERPRETER = List.of("/usr/bin/python3", "python3").stream()
            .filter(Python::hasTorch)
            .findFirst()
            .orElse(null);

    private Python() {}

    private static boolean hasTorch(String interpreter) {
        try {
            Process process = new ProcessBuilder(interpreter, "-c", "import numpy, torch")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs one of our scripts, which must end well; skips the test where there is no PyTorch. */
    static void run(String script, Object... arguments) throws IOException, InterruptedException {
        assumeTrue(INTERPRETER != null, "needs Python with torch and numpy");
        List<String> command =
                new ArrayList<>(List.of(INTERPRETER, SCRIPTS.resolve(script).toString()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
    }
}
