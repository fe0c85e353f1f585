package io.mdnc4j.training.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What tests of commands share: running one in this process, and what it wrote. */
abstract class CommandLineTest {
    String out = "";
    String err = "";

    /** {@return the exit code of the command with these arguments, each as text} */
    int run(Object... args) {
        return run(Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
    }

    /** {@return the exit code of the command with these arguments} */
    int run(String... args) {
        PrintStream oldOut = System.out;
        PrintStream oldErr = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        try {
            return Main.run(args);
        } finally {
            System.setOut(oldOut);
            System.setErr(oldErr);
            out = outBytes.toString(StandardCharsets.UTF_8);
            err = errBytes.toString(StandardCharsets.UTF_8);
        }
    }
}
