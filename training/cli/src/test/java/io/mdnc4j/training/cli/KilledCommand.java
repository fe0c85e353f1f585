package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Commands as processes of their own, to be killed. */
final class KilledCommand {
    /** What the system says of a process that was killed: 128 and SIGKILL. */
    static final int KILLED = 137;

    private static final Path STRACE = Path.of("/usr/bin/strace");

    /** Every file waits that long, in milliseconds, complete, for its name. */
    private static final int DELAY = 80;

    private KilledCommand() {}

    /**
     * Starts a command.
     *
     * @param log gets what it prints
     * @param shell what stands before the program in a line of the shell, such as {@code exec}
     */
    static Process start(Path log, String shell, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                shell + " \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /**
     * Kills a command when it is about to rename a file that it has written.
     *
     * @param folder that the file is in, or will be
     * @param file its name
     * @param time how often the file is written by then, from 1
     * @return whether it came to that
     */
    static boolean killedBeforeRename(Path folder, String file, int time, Path log, List<String> arguments)
            throws Exception {
        assumeTrue(Files.isExecutable(STRACE), "needs strace");
        Process strace = start(
                log,
                "exec " + STRACE + " --seccomp-bpf -f -qq -o /dev/null -e trace=rename,renameat,renameat2"
                        + " -e inject=rename,renameat,renameat2:delay_enter=" + DELAY + "000",
                arguments);
        Set<String> written = new HashSet<>();
        while (strace.isAlive() && written.size() < time) {
            written.addAll(temporary(folder, file));
            Thread.sleep(1);
        }
        Thread.sleep(DELAY / 2); // it is complete by now, and waits
        // strace would leave it to itself
        strace.descendants().forEach(ProcessHandle::destroyForcibly);
        return strace.waitFor() == KILLED;
    }

    private static Set<String> temporary(Path folder, String file) throws IOException {
        Set<String> names = new HashSet<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "." + file + ".*.tmp")) {
                files.forEach(path -> names.add(path.toString()));
            }
        }
        return names;
    }
}
