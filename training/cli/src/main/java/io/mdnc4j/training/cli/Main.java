package io.mdnc4j.training.cli;

import io.mdnc4j.training.files.ArrayFiles;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line {@code mdnc4j}. */
@Command(
        name = Main.NAME,
        description = "1D, 2D and 3D convolutional networks on Deeplearning4j.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a check failed, or the work could not be done",
            "2:bad input: an option, a file or data",
            "130:interrupted"
        },
        versionProvider = Main.Version.class)
public final class Main implements Runnable {
    static final String NAME = "mdnc4j";

    /** The sub-commands in the order of the help. */
    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("train", TrainCommand::new);
        COMMANDS.put("search", SearchCommand::new);
        COMMANDS.put("predict", PredictCommand::new);
        COMMANDS.put("evaluate", EvaluateCommand::new);
        COMMANDS.put("summary", SummaryCommand::new);
        COMMANDS.put("list", ListCommand::new);
        COMMANDS.put("bench", BenchCommand::new);
        COMMANDS.put("import", ImportCommand::new);
        COMMANDS.put("export", ExportCommand::new);
        COMMANDS.put("verify", VerifyCommand::new);
        COMMANDS.put("doctor", DoctorCommand::new);
    }

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs a command line and exits. */
    public static void main(String[] args) {
        quiet("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        quiet("org.slf4j.simpleLogger.log.org.nd4j.imports", "error");
        quiet("org.slf4j.simpleLogger.log.io.jhdf", "error");
        quiet("org.slf4j.simpleLogger.showThreadName", "false");
        quiet("java.awt.headless", "true");
        // of ND4J's modules, which come together here; it opens the jar file once more
        quiet("org.nd4j.versioncheck", "false");
        // a lack of memory is told in one line; DL4J would leave a file in the current folder, too
        quiet("org.deeplearning4j.crash.reporting.enabled", "false");
        System.exit(run(args));
    }

    /** Sets a system property unless the caller did. */
    private static void quiet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /**
     * Runs a command line in this process.
     *
     * @return exit code: 0 done, 1 a check failed, 2 bad input, 130 interrupted
     */
    public static int run(String... args) {
        CommandLine line = new CommandLine(new Main());
        COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.get()));
        return run(line, args);
    }

    /** Runs a command that is no sub-command, with the same handling of options, {@code --config} and errors. */
    public static int run(Object command, String... args) {
        return run(new CommandLine(command), args);
    }

    private static int run(CommandLine line, String... args) {
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpLongOptionsMaxWidth(32);
        line.setParameterExceptionHandler((mistake, given) -> Errors.failed(mistake, mistake.getCommandLine()));
        line.setExecutionExceptionHandler((problem, command, parsed) -> Errors.failed(problem, command));
        String maxArray = System.getProperty(ArrayFiles.MAX_ARRAY);
        try {
            ConfigFile config = ConfigFile.of(args);
            line.setDefaultValueProvider(config);
            line.setExecutionStrategy(parsed -> {
                config.requireKnown(parsed);
                return new CommandLine.RunLast().execute(parsed);
            });
            return line.execute(args);
        } catch (RuntimeException | Error e) {
            // of the file of options; picocli passes on errors, such as a lack of memory
            return Errors.failed(
                    e, args.length == 0 ? line : line.getSubcommands().getOrDefault(args[0], line));
        } finally {
            restore(ArrayFiles.MAX_ARRAY, maxArray);
        }
    }

    /** What a command set is for that command, not for the program that runs it. */
    private static void restore(String property, String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "no command given; use one of " + String.join(", ", COMMANDS.keySet()));
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            return new String[] {NAME + " " + Versions.library()};
        }
    }
}
