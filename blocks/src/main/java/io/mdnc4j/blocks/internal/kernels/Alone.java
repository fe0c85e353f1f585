package io.mdnc4j.blocks.internal.kernels;

import io.mdnc4j.blocks.ArgumentException;
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

    /** System property with the number of shares in which a batch's samples are taken; 1 for none. Unset, rules decide. */
    public static final String SHARES = "mdnc4j.shares";

    private Alone() {}

    /** How many shares are asked for; 0 where nobody has. */
    public static int wished() {
        String wished = System.getProperty(SHARES);
        if (wished == null) {
            return 0;
        }
        try {
            int number = Integer.parseInt(wished);
            ArgumentException.require(number > 0, SHARES, wished, "give at least 1");
            return number;
        } catch (NumberFormatException e) {
            throw new ArgumentException(SHARES, wished, "give a whole number, such as 1 to take batches as a whole", e);
        }
    }

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

    /** Whether the calling thread does such work. */
    public static boolean here() {
        return HERE.get();
    }

    private static NativeOps natives() {
        return NativeOpsHolder.getInstance().getDeviceNativeOps();
    }
}
