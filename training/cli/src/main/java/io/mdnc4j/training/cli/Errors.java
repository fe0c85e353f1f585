package io.mdnc4j.training.cli;

import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.OutOfMemory;
import io.mdnc4j.training.fit.DivergedException;
import io.mdnc4j.zoo.ModelFileException;
import io.mdnc4j.zoo.weights.WeightsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What errors become: one line on standard error and an exit code. */
final class Errors {
    static final int CHECK_FAILED = 1;
    static final int BAD_INPUT = 2;
    static final int INTERRUPTED = 130;

    /** Exceptions about what was given, not about the program. */
    private static final List<Class<? extends Exception>> BAD_INPUTS = List.of(
            IllegalArgumentException.class, DataException.class, WeightsException.class, ModelFileException.class);

    private Errors() {}

    static int badParameters(ParameterException e, String[] args) {
        return badInput(e.getCommandLine(), e.getMessage());
    }

    static int failed(Exception e, CommandLine line, ParseResult parsed) {
        if (BAD_INPUTS.stream().anyMatch(type -> type.isInstance(e))) {
            return badInput(line, e.getMessage());
        }
        if (e instanceof DivergedException || e instanceof UncheckedIOException || e instanceof IOException) {
            print(line, e.getMessage());
            return CHECK_FAILED;
        }
        if (OutOfMemory.is(e)) {
            return outOfMemory(line, e);
        }
        print(line, "internal error, please report it with these lines: " + e);
        PrintWriter err = line.getErr();
        e.printStackTrace(err);
        err.flush();
        return CHECK_FAILED;
    }

    static int badInput(CommandLine line, String message) {
        print(line, message);
        return BAD_INPUT;
    }

    static int outOfMemory(CommandLine line, Throwable e) {
        print(
                line,
                "out of memory (" + e.getMessage() + "); use a smaller --batch or --cache, or raise the limits:"
                        + " MDNC4J_OPTS=\"-Xmx4g -Dorg.bytedeco.javacpp.maxbytes=16g\"");
        return CHECK_FAILED;
    }

    /** Prints one line; what stands in a stranger's file must not steer the terminal. */
    static void print(CommandLine line, String message) {
        String oneLine =
                String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?");
        line.getErr().println(Main.NAME + ": " + oneLine);
        line.getErr().flush();
    }
}
