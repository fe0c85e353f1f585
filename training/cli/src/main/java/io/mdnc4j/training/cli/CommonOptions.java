package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.backends.Backend;
import io.mdnc4j.blocks.learning.RandomSeed;
import io.mdnc4j.training.files.ArrayFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import picocli.CommandLine.Option;

/** Options of every sub-command. */
final class CommonOptions {
    /** More than any machine has cores; OpenMP starts as many threads as it is told to. */
    private static final int MAX_THREADS = 1024;

    /** More than any machine has memory, and few enough to be counted in bytes. */
    private static final long MAX_MIB = 1L << 40;

    @Option(names = "--threads", paramLabel = "N", description = "threads to compute with (default: one a core)")
    Integer threads;

    @Option(
            names = "--backend",
            paramLabel = "B",
            description = "cpu, cuda, or auto: CUDA where this build has it and a GPU can run it (default: auto)")
    String backend;

    @Option(
            names = "--max-array",
            paramLabel = "MIB",
            description = "memory that an array out of a small file may take (default: 1024)")
    Long maxArray;

    @Option(names = "--seed", paramLabel = "N", description = "seed of everything random (default: 0)")
    Long seed;

    @Option(
            names = ConfigFile.OPTION,
            paramLabel = "FILE",
            description = "JSON object with defaults of options, by their names")
    Path config;

    @Option(names = Errors.STACK_TRACE, description = "show where in the program an error comes from")
    boolean stackTrace;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help and exit")
    boolean help;

    /** What is computed with, once applied. */
    Backend.Choice choice;

    long seed() {
        return RandomSeed.of(seed == null ? 0 : seed);
    }

    /**
     * Sets limits, backend, threads and seed; call before anything is read or computes.
     *
     * @throws ArgumentException if the backend is not known, or a number is none
     */
    void apply() {
        if (maxArray != null) {
            ArgumentException.require(
                    maxArray >= 1 && maxArray <= MAX_MIB, "maxArray", maxArray, "give MiB, such as 4096");
            System.setProperty(ArrayFiles.MAX_ARRAY, String.valueOf(maxArray));
        }
        startBackend();
        if (threads != null) {
            ArgumentException.require(
                    threads >= 1 && threads <= MAX_THREADS,
                    "threads",
                    threads + " is not 1 to " + MAX_THREADS,
                    "give the number of cores");
            // the thread that waits on a parallel stream works, too
            System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", String.valueOf(threads - 1));
            Nd4j.getEnvironment().setMaxThreads(threads);
            Nd4j.getEnvironment().setMaxMasterThreads(threads);
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
            Nd4j.factory().blas().setMaxThreads(threads);
        }
        Nd4j.getRandom().setSeed(seed());
    }

    /** Says what was chosen where there was a choice. */
    private void startBackend() {
        Backend wished = backend == null ? Backend.AUTO : Coded.parse(Backend.class, "backend", backend);
        choice = wished.start();
        if (backend != null || Backend.hasCuda()) {
            System.err.println(Main.NAME + ": computes on " + choice.backend() + ": " + choice.reason());
        }
    }

    /**
     * Requires a folder for a file to write.
     *
     * @throws ArgumentException if there is none
     */
    static void requireFolderOf(Path output) {
        Path folder = output.toAbsolutePath().getParent();
        ArgumentException.require(
                folder != null && Files.isDirectory(folder), "output", folder + " is no folder", "make it first");
    }
}
