package io.mdnc4j.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.fit.TrainingState;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a disk holds after the power was lost at any moment: a process that saves checkpoints is watched by strace, and its calls
 * of the system are replayed with the fewest effects that they promise. Written data are there once the file is forced; names are
 * changed in order, and for sure once the folder is forced.
 */
class PowerLossTest {
    private static final int SAVES = 3;
    private static final String RUN = "run";
    private static final String KEPT = "kept";

    @TempDir
    static Path output;

    private static List<Call> calls;

    /** Saves checkpoints, and a copy of each outside of the run's folder as a mark that it is done. */
    static final class Saving {
        private Saving() {}

        public static void main(String[] args) throws IOException {
            Path output = Path.of(args[0]);
            try (RunFolder folder = RunFolder.create(output, RUN)) {
                folder.writeJson(RunFolder.CONFIG, Map.of("model", "small"));
                ComputationGraph graph = SmallGraph.create(new long[] {1, 16}, settings -> {}, 1);
                TrainingState state = TrainingState.START;
                for (int save = 1; save <= SAVES; save++) {
                    state = state.afterStep(1, 1);
                    graph.params().addi(1);
                    folder.saveBest(graph);
                    folder.saveLatest(graph, state, null);
                    Files.copy(folder.file(RunFolder.CHECKPOINT), kept(output, save));
                }
            }
        }
    }

    private static Path kept(Path output, int save) {
        return output.resolve(KEPT).resolve(save + ".zip");
    }

    /** A call of the system that succeeded. @param path the first it names @param to the second, for a change of names */
    private record Call(String name, String path, String to, boolean creates) {}

    @Test
    void theLastCompleteCheckpointLoads() throws Exception {
        Disk disk = new Disk(output.resolve(RUN).toString());
        int done = 0;
        int cuts = 0;
        Set<Integer> seen = new HashSet<>();
        for (Call call : calls) {
            if (call.creates() && call.path().equals(kept(output, done + 1).toString())) {
                done++;
            }
            disk.run(call);
            for (Map<String, Contents> names : disk.possible()) {
                cuts++;
                names.forEach((name, contents) -> assertTrue(
                        contents.forced || AtomicFile.isTemporary(Path.of(name)) || name.equals(FolderLock.FILE),
                        name + " is there without its contents, after " + call));
                int present = names.containsKey(RunFolder.CHECKPOINT) ? names.get(RunFolder.CHECKPOINT).version : 0;
                assertTrue(present >= done, "the checkpoint is " + present + " of " + done + ", after " + call);
                seen.add(present);
            }
        }
        assertEquals(SAVES, done);
        assertEquals(Set.of(0, 1, 2, 3), seen);
        assertTrue(cuts > calls.size(), cuts + " cuts");
        for (int save = 1; save <= SAVES; save++) {
            Path lost = Files.createDirectories(output.resolve("lost-" + save));
            Files.copy(kept(output, save), lost.resolve(RunFolder.CHECKPOINT));
            try (RunFolder folder = RunFolder.existing(lost)) {
                assertEquals(save, folder.latestState().step());
                assertTrue(folder.latest().numParams() > 0);
            }
        }
    }

    @Test
    void inThatOrder() throws Exception {
        String folder = output.resolve(RUN).toString();
        List<String> steps = new ArrayList<>();
        for (Call call : calls) {
            boolean checkpoint = call.path().contains("/." + RunFolder.CHECKPOINT);
            boolean ofFolder = call.path().equals(folder);
            String step = call.name() + (ofFolder ? " folder" : "");
            if (checkpoint && !call.creates()
                    || ofFolder
                            && !steps.isEmpty()
                            && steps.get(steps.size() - 1).equals("rename")) {
                if (steps.isEmpty() || !steps.get(steps.size() - 1).equals(step)) {
                    steps.add(step);
                }
            }
        }
        List<String> once = List.of("write", "fsync", "rename", "fsync folder");
        assertEquals(
                IntStream.range(0, SAVES).boxed().flatMap(i -> once.stream()).toList(), steps);
    }

    /** Contents of a file: which of its checkpoint's versions, and whether they are on the disk. */
    private static final class Contents {
        int version;
        boolean forced;
    }

    /** What a folder's names mean now, and what the disk holds of that for sure. */
    private static final class Disk {
        private final String folder;
        private Map<String, Contents> now = new HashMap<>();
        /** The names as they were after each change since the folder was forced, and then. */
        private final List<Map<String, Contents>> since = new ArrayList<>(List.of(Map.of()));

        private int versions;

        Disk(String folder) {
            this.folder = folder;
        }

        void run(Call call) {
            if (call.path().equals(folder)) {
                if (call.name().equals("fsync")) {
                    since.clear();
                    since.add(Map.copyOf(now));
                }
                return;
            }
            if (!call.path().startsWith(folder + "/")) {
                return;
            }
            String name = call.path().substring(folder.length() + 1);
            switch (call.name()) {
                case "open" -> now.putIfAbsent(name, new Contents());
                case "write" -> now.get(name).forced = false;
                case "fsync" -> now.get(name).forced = true;
                case "unlink" -> now.remove(name);
                case "rename" -> {
                    String to = call.to().substring(folder.length() + 1);
                    Contents moved = now.remove(name);
                    if (to.equals(RunFolder.CHECKPOINT)) {
                        moved.version = ++versions;
                    }
                    now.put(to, moved);
                }
                default -> throw new IllegalStateException(call.toString());
            }
            since.add(Map.copyOf(now));
        }

        List<Map<String, Contents>> possible() {
            return since;
        }
    }

    @BeforeAll
    static void save() throws Exception {
        assumeTrue(succeeds("strace", "-o", "/dev/null", "true"), "strace is there and allowed");
        Files.createDirectory(output.resolve(KEPT));
        Path log = output.resolve("calls.txt");
        assertTrue(succeeds(
                "strace",
                "-f",
                "-y",
                "-s",
                "0",
                "-e",
                "trace=openat,open,creat,write,pwrite64,writev,pwritev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,"
                        + "unlink,unlinkat",
                "-o",
                log.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Saving.class.getName(),
                output.toString()));
        calls = new ArrayList<>();
        Map<String, String> unfinished = new HashMap<>();
        for (String line : Files.readAllLines(log)) {
            String process = line.substring(0, line.indexOf(' '));
            String rest = line.substring(process.length()).strip();
            if (rest.endsWith("<unfinished ...>")) {
                unfinished.put(process, rest.replace("<unfinished ...>", ""));
                continue;
            }
            if (rest.startsWith("<... ")) {
                rest = unfinished.remove(process) + rest.substring(rest.indexOf("resumed>") + "resumed>".length());
            }
            add(rest);
        }
    }

    private static final Pattern CALL = Pattern.compile("(\\w+)\\((.*)\\)\\s+= \\d+.*");
    private static final Pattern OPEN_FILE = Pattern.compile("\\d+<([^>]*)>.*");
    private static final Pattern NAMES = Pattern.compile("\"([^\"]*)\"");

    private static void add(String line) {
        Matcher call = CALL.matcher(line);
        if (!call.matches() || !line.contains(output.toString())) {
            return; // failed, or of another file
        }
        String arguments = call.group(2);
        Matcher file = OPEN_FILE.matcher(arguments);
        List<String> names =
                NAMES.matcher(arguments).results().map(name -> name.group(1)).toList();
        switch (call.group(1)) {
            case "openat", "open", "creat" -> {
                if (arguments.contains("O_CREAT")) {
                    calls.add(new Call("open", names.get(0), "", true));
                }
            }
            case "fsync", "fdatasync" -> {
                assertTrue(file.matches(), line);
                calls.add(new Call("fsync", file.group(1), "", false));
            }
            case "rename", "renameat", "renameat2" -> calls.add(new Call("rename", names.get(0), names.get(1), false));
            case "unlink", "unlinkat" -> calls.add(new Call("unlink", names.get(0), "", false));
            default -> {
                assertTrue(file.matches(), line);
                calls.add(new Call("write", file.group(1), "", false));
            }
        }
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            File messages = output.resolve("messages.txt").toFile();
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(messages)
                    .start();
            if (!process.waitFor(3, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }
}
