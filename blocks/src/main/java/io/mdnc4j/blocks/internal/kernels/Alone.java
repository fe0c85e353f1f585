package io.mdnc4j.blocks.internal.kernels;

import java.util.Locale;
import java.util.concurrent.ForkJoinPool;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Work that keeps to the thread that does it, while other threads do theirs: neither Java's loops nor native code share it. */
public final class Alone {
    private static final ThreadLocal<Boolean> HERE = ThreadLocal.withInitial(() -> false);

    /** Elsewhere oneDNN and ND4J come with OpenMP libraries of their own, and what ND4J is told does not concern oneDNN. */
    private static final boolean POSSIBLE =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");

    private Alone() {}

    /** How many threads can do such work at once; 1 where native code cannot be kept to a thread. */
    public static int threads() {
        return POSSIBLE ? Math.min(natives().ompGetMaxThreads(), ForkJoinPool.getCommonPoolParallelism() + 1) : 1;
    }

    /** Does the work; oneDNN's primitives must have been created in the same way. */
    public static void run(Runnable work) {
        NativeOps natives = natives();
        int threads = natives.ompGetMaxThreads(); // the calling thread's own number
        boolean before = HERE.get();
        natives.setOmpNumThreads(1);
        HERE.set(true);
        try {
            work.run();
        } finally {
            HERE.set(before);
            natives.setOmpNumThreads(threads);
        }
    }

    static boolean here() {
        return HERE.get();
    }

    private static NativeOps natives() {
        return NativeOpsHolder.getInstance().getDeviceNativeOps();
    }
}
