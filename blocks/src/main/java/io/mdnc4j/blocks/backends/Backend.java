package io.mdnc4j.blocks.backends;

import io.mdnc4j.blocks.Coded;
import java.util.List;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J's backends, and the choice between them, which is made once a process: when ND4J starts. */
public enum Backend implements Coded {
    /** CUDA where it can run, else the CPU. */
    AUTO,
    /** The CPU, also where CUDA could run. */
    CPU,
    /** CUDA; the CPU if there is no GPU that it can run on. */
    CUDA;

    private static final String CUDA_CLASS = "org.nd4j.linalg.jcublas.JCublasBackend";

    /** The system property of the logger that repeats ND4J's stack trace. */
    private static final String BACKEND_LOG = "org.slf4j.simpleLogger.log.org.nd4j.linalg.factory.Nd4jBackend";

    /**
     * What ND4J computes with.
     *
     * @param backend {@link #CPU} or {@link #CUDA}
     * @param reason why, in words
     */
    public record Choice(Backend backend, String reason) {}

    /** {@return whether this build has ND4J's CUDA backend} */
    public static boolean hasCuda() {
        return ND4JClassLoading.classPresentOnClasspath(CUDA_CLASS);
    }

    /**
     * Starts ND4J with this backend; to be called before anything of ND4J is used.
     *
     * @return what it computes with and why
     * @throws IllegalStateException if ND4J has started already, with another backend than the one to be used
     */
    public Choice start() {
        WaitingThreads.sleepSoon();
        Choice planned = plan(hasCuda(), hasCuda() ? Gpu.all() : List.of());
        if (hasCuda() && planned.backend == CPU) {
            OnlyCpu.install();
        }
        boolean cuda = startsCuda();
        if (cuda && planned.backend == CPU) {
            throw new IllegalStateException("backend: ND4J has started with CUDA already, it cannot change to the CPU;"
                    + " choose the backend before the first array");
        }
        if (!cuda && planned.backend == CUDA) {
            return new Choice(
                    CPU,
                    "CUDA could not start, although " + planned.reason
                            + "; see that CUDA 11.6 and cuDNN 8.3 are installed");
        }
        return cuda ? new Choice(CUDA, describe()) : planned;
    }

    /** What is to be used where a build has or lacks CUDA and a machine has those GPUs. */
    Choice plan(boolean hasCuda, List<Gpu> gpus) {
        if (this == CPU) {
            return new Choice(CPU, "as asked for");
        }
        if (!hasCuda) {
            return new Choice(CPU, "this build is without CUDA" + (this == CUDA ? "; build it with -Pcuda" : ""));
        }
        if (gpus.isEmpty()) {
            return new Choice(CPU, "CUDA is in this build, but NVIDIA's driver shows no GPU");
        }
        return gpus.stream()
                .filter(Gpu::isUsable)
                .findFirst()
                .map(gpu -> new Choice(CUDA, gpu + " is there"))
                .orElseGet(() -> new Choice(
                        CPU,
                        gpus.get(0) + " is none that CUDA can run on here: ND4J's CUDA 11.6" + " build has code for "
                                + Gpu.RANGE + " only"));
    }

    /**
     * Whether that starts CUDA. Where it is planned but cannot start, ND4J prints a stack trace to standard error, which says what
     * is missing; where no GPU can be used, it never looks at CUDA. Its logger's repetition is left out.
     */
    private static boolean startsCuda() {
        System.setProperty(BACKEND_LOG, System.getProperty(BACKEND_LOG, "error"));
        return Nd4j.getBackend().getClass().getName().equals(CUDA_CLASS);
    }

    private static String describe() {
        NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
        return ops.getAvailableDevices() + " device(s): " + ops.getDeviceName(0) + ", compute capability "
                + ops.getDeviceMajor(0) + "." + ops.getDeviceMinor(0);
    }
}
