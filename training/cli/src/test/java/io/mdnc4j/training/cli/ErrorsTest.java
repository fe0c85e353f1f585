package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.zoo.weights.WeightsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the exceptions of a command become. */
class ErrorsTest {
    /** Ends in a problem. */
    @Command(name = "fail")
    static final class Failing implements Callable<Integer> {
        @Mixin
        CommonOptions common;

        @Parameters(arity = "0..1", paramLabel = "MODEL")
        String model;

        @Option(names = "--kernel-size")
        String kernelSize;

        @Option(names = {"-o", "--out-size"})
        String outSize;

        private final Throwable problem;

        Failing(Throwable problem) {
            this.problem = problem;
        }

        @Override
        public Integer call() throws Exception {
            if (problem instanceof Error error) {
                throw error;
            }
            throw (Exception) problem;
        }
    }

    private String err;

    private int fail(Throwable problem, String... args) {
        PrintStream old = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            return Main.run(new Failing(problem), args);
        } finally {
            System.setErr(old);
            err = bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
        }
    }

    @Test
    void argumentsHaveTheSpellingOfTheCommandLine() {
        assertEquals(2, fail(new ArgumentException("kernelSize", 4, "use odd numbers, or give outSize and inPlanes")));
        assertEquals("mdnc4j: --kernel-size: 4; use odd numbers, or give --out-size and inPlanes\n", err);
        assertEquals(2, fail(new ArgumentException("inPlanes, outSize", "kernelSize", "use model sizes")));
        assertEquals("mdnc4j: inPlanes, --out-size: --kernel-size; use model sizes\n", err);
        assertEquals(2, fail(new ArgumentException("model", "resnet.ea1d", "use resnet.ae1d")));
        assertEquals("mdnc4j: MODEL: resnet.ea1d; use resnet.ae1d\n", err);
    }

    @Test
    void filesAndDataAreBadInput() {
        assertEquals(2, fail(new DataException("a.csv: line 3 is empty; fill it")));
        assertEquals("mdnc4j: a.csv: line 3 is empty; fill it\n", err);
        assertEquals(2, fail(new DataException("a\u001b[31m\n.csv: \u202ex; fill it")));
        assertEquals("mdnc4j: a\\u001b[31m\\u000a.csv: \\u202ex; fill it\n", err);
        assertEquals(2, fail(new ArgumentException("data", "a\u001b[31m", "give\u0007 b")));
        assertEquals("mdnc4j: data: a\\u001b[31m; give\\u0007 b\n", err);
        assertEquals(2, fail(new DataException("a.csv: " + "\u001bx".repeat(100_000) + "; mend it")));
        assertTrue(err.startsWith("mdnc4j: a.csv: \\u001bx") && err.endsWith("x; mend it\n"), err);
        assertTrue(err.length() < 1100, () -> "" + err.length());
        assertEquals(1, fail(new IOException("a.zip\u009b: line 3\nis empty")));
        assertEquals("mdnc4j: a.zip\\u009b: line 3 is empty\n", err);
        assertEquals(2, fail(new WeightsException("a.pth: damaged")));
        assertEquals("mdnc4j: a.pth: damaged\n", err);
    }

    @Test
    void otherExceptionsAreFaultsOfTheProgram() {
        assertEquals(1, fail(new IllegalArgumentException("stride")));
        assertEquals(
                "mdnc4j: internal error, please report: java.lang.IllegalArgumentException: stride;"
                        + " --stacktrace shows where\n",
                err);
        assertEquals(1, fail(new StackOverflowError()));
        assertTrue(err.contains("internal error") && err.lines().count() == 1, err);
    }

    /** As under {@code ulimit -v}, or in a temporary folder that may hold no programs. */
    @Test
    void nativesThatCannotBeLoadedAreToldWithTheSystemsReason() {
        Error natives = new UnsatisfiedLinkError("no jnind4jcpu in java.library.path");
        natives.initCause(new UnsatisfiedLinkError("libjnind4jcpu.so: failed to map segment from shared object"));
        assertEquals(
                1,
                fail(new ExceptionInInitializerError(new IllegalStateException("ND4J is probably missing", natives))));
        assertTrue(
                err.startsWith("mdnc4j: the native libraries cannot be loaded (libjnind4jcpu.so: failed to map"), err);
        assertTrue(
                err.contains("ulimit -v")
                        && err.contains("cachedir")
                        && err.lines().count() == 1,
                err);
    }

    @Test
    void missingClassesAreNoBadFiles() {
        assertEquals(1, fail(new DataException("a.h5: not an HDF5 file", new NoClassDefFoundError("io/jhdf/HdfFile"))));
        assertTrue(err.contains("internal error"), err);
        assertEquals(1, fail(new NoSuchMethodError("read")));
        assertTrue(err.contains("internal error"), err);
    }

    @Test
    void failuresOfTheSystemSayWhatTheyAre() {
        assertEquals(1, fail(new UncheckedIOException(new NoSuchFileException("a.zip"))));
        assertEquals("mdnc4j: a.zip: no such file\n", err);
        assertEquals(1, fail(new IOException("a.zip: No space left on device")));
        assertEquals("mdnc4j: a.zip: No space left on device\n", err);
        assertEquals(1, fail(new OutOfMemoryError("Java heap space")));
        assertTrue(err.contains("--batch"), err);
    }

    @Test
    void stackTracesAreShownWhenAskedFor() {
        assertEquals(1, fail(new IllegalStateException("odd"), "--stacktrace"));
        assertTrue(
                err.startsWith("mdnc4j: internal error, please report: java.lang.IllegalStateException: odd\n"), err);
        assertTrue(err.contains("\tat " + ErrorsTest.class.getName()), err);
        assertEquals(2, fail(new ArgumentException("model", "x", "use y"), "--stacktrace"));
        assertTrue(err.startsWith("mdnc4j: MODEL: x; use y\n") && err.contains("\tat "), err);
    }
}
