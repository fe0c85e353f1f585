package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.PlainText;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.OutOfMemory;
import io.mdnc4j.training.fit.DivergedException;
import io.mdnc4j.training.predict.bioimageio.PackageException;
import io.mdnc4j.zoo.ModelFileException;
import io.mdnc4j.zoo.nnunet.PlansException;
import io.mdnc4j.zoo.weights.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/**
 * What errors become: one line on standard error and an exit code. A user's mistakes have exceptions of their own, all others
 * are faults of the program, which the line says; {@value #STACK_TRACE} shows where either comes from.
 *
 * <p>The library speaks of arguments by their names in Java; only here they get the command's spelling, where it has such an
 * option or parameter: {@code kernelSize} becomes {@code --kernel-size}.
 */
final class Errors {
    static final String STACK_TRACE = "--stacktrace";

    /** A check failed, or the work did. */
    static final int FAILED = 1;

    static final int BAD_INPUT = 2;
    static final int INTERRUPTED = 130;

    /** Exceptions about what was given. */
    private static final List<Class<? extends Exception>> MISTAKES = List.of(
            ArgumentException.class,
            DataException.class,
            ModelFileException.class,
            WeightsException.class,
            PlansException.class,
            PackageException.class,
            ParameterException.class);

    /** Exceptions about what came in between: a loss that is no number, a full disk. */
    private static final List<Class<? extends Exception>> MISHAPS =
            List.of(DivergedException.class, IOException.class, UncheckedIOException.class);

    /** What exceptions of files mean whose messages name the file only. */
    private static final Map<Class<? extends IOException>, String> OF_FILES = Map.of(
            NoSuchFileException.class, "no such file",
            AccessDeniedException.class, "permission denied",
            FileAlreadyExistsException.class, "exists already",
            NotDirectoryException.class, "is no folder");

    private static final Pattern NUMBER = Pattern.compile("is not an? (?:int|long)$");

    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9]*");

    /** How the library names what is an option of every command here. */
    private static final Pattern MAX_ARRAY =
            Pattern.compile("(?:the system property )?" + Pattern.quote(ArrayFiles.MAX_ARRAY));

    /** Words of prose that can only be names of arguments. */
    private static final Pattern CAMEL_CASE = Pattern.compile("\\b[a-z]+(?:[A-Z][a-z0-9]*)+\\b");

    private Errors() {}

    /**
     * Says what happened.
     *
     * @param line the command that failed
     * @return the exit code
     */
    static int failed(Throwable problem, CommandLine line) {
        OptionSpec wanted = line.getCommandSpec().findOption(STACK_TRACE);
        boolean stackTrace = wanted != null && Boolean.TRUE.equals(wanted.getValue());
        int code = say(problem, line, stackTrace);
        if (stackTrace) {
            problem.printStackTrace(line.getErr());
            line.getErr().flush();
        }
        return code;
    }

    private static int say(Throwable problem, CommandLine line, boolean stackTrace) {
        if (isOneOf(MISTAKES, problem) && !isLinkage(problem)) {
            print(line, reason(problem, line.getCommandSpec()));
            return BAD_INPUT;
        }
        if (OutOfMemory.is(problem)) {
            print(
                    line,
                    "out of memory (" + problem.getMessage()
                            + "); use a smaller --batch or --cache, or raise the limits:"
                            + " MDNC4J_OPTS=\"-Xmx4g -Dorg.bytedeco.javacpp.maxbytes=16g\"");
        } else if (unloadable(problem) != null) {
            print(
                    line,
                    "the native libraries cannot be loaded (" + unloadable(problem)
                            + "); a limit of memory such as ulimit -v,"
                            + " or a folder for them that is full or may hold no programs (-Dorg.bytedeco.javacpp.cachedir=DIR"
                            + " in MDNC4J_OPTS names another), keep them out");
        } else if (isOneOf(MISHAPS, problem) && !isLinkage(problem)) {
            print(line, reason(problem, line.getCommandSpec()));
        } else {
            String hint = stackTrace ? "" : "; " + STACK_TRACE + " shows where";
            print(line, "internal error, please report: " + problem + hint);
        }
        return FAILED;
    }

    private static boolean isOneOf(List<Class<? extends Exception>> types, Throwable problem) {
        return types.stream().anyMatch(type -> type.isInstance(problem));
    }

    /** Whether classes are missing or do not fit together, which no file can be blamed for. */
    private static boolean isLinkage(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof LinkageError && !(cause instanceof ExceptionInInitializerError)) {
                return true;
            }
        }
        return false;
    }

    /** What the system says of a library that it does not load; {@code null} if it is something else. */
    private static String unloadable(Throwable problem) {
        String told = null;
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnsatisfiedLinkError) {
                told = String.valueOf(cause.getMessage()); // the innermost one is the system's own
            }
        }
        return told;
    }

    private static String reason(Throwable problem, CommandSpec command) {
        if (problem instanceof ParameterException) {
            // picocli names the type of Java
            return NUMBER.matcher(String.valueOf(problem.getMessage())).replaceFirst("is not a whole number that fits");
        }
        if (problem instanceof ArgumentException mistake) {
            return spelled(WORD, mistake.argument(), command) + ": " + spelled(CAMEL_CASE, mistake.value(), command)
                    + "; " + spelled(CAMEL_CASE, mistake.remedy(), command);
        }
        Throwable cause = problem.getCause();
        boolean wraps = cause != null
                && (problem.getMessage() == null || problem.getMessage().equals(cause.toString()));
        Throwable told = wraps ? cause : problem;
        String message =
                Objects.requireNonNullElse(told.getMessage(), told.getClass().getSimpleName());
        return OF_FILES.containsKey(told.getClass()) ? message + ": " + OF_FILES.get(told.getClass()) : message;
    }

    /** Replaces those words that are names of the command's options or parameters in Java. */
    private static String spelled(Pattern words, String text, CommandSpec command) {
        return words.matcher(text)
                .replaceAll(word ->
                        Matcher.quoteReplacement(option(word.group(), command).orElse(word.group())));
    }

    private static Optional<String> option(String argument, CommandSpec command) {
        String dashed = argument.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        OptionSpec option = command.findOption("--" + dashed);
        return option != null
                ? Optional.of(option.longestName())
                : command.positionalParameters().stream()
                        .map(PositionalParamSpec::paramLabel)
                        .filter(dashed::equalsIgnoreCase)
                        .findFirst();
    }

    /**
     * Names a file that cannot be used where others may be.
     *
     * @return whether that is the file's fault; otherwise nothing is printed
     */
    static boolean named(RuntimeException problem, CommandLine line, String file) {
        if (!isOneOf(MISTAKES, problem) || isLinkage(problem)) {
            return false;
        }
        String text = reason(problem, line.getCommandSpec());
        print(line, text.contains(file) ? text : file + ": " + text);
        return true;
    }

    /** Prints one line on standard error; what stands in a stranger's file must not steer the terminal. */
    static void print(CommandLine line, String message) {
        String oneLine = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
        String spelled = MAX_ARRAY.matcher(oneLine).replaceAll("--max-array");
        line.getErr().println(Main.NAME + ": " + PlainText.of(spelled));
        line.getErr().flush();
    }
}
