package io.mdnc4j.training.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Whether computations run on a GPU, and if not, why. */
final class Cuda {
    private static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

    /** The system property of the logger that repeats the stack trace. */
    private static final String BACKEND_LOG = "org.slf4j.simpleLogger.log.org.nd4j.linalg.factory.Nd4jBackend";

    private Cuda() {}

    /**
     * Starts ND4J. Where it finds its CUDA backend but no usable GPU, it prints a stack trace and takes the CPU; one line
     * says so instead.
     */
    static void startQuietly() {
        if (!isOnClassPath()) {
            return;
        }
        System.setProperty(BACKEND_LOG, System.getProperty(BACKEND_LOG, "error"));
        PrintStream err = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        boolean cpu;
        try {
            cpu = !Nd4j.getBackend().getClass().getName().equals(BACKEND);
        } finally {
            System.setErr(err);
        }
        if (cpu) {
            System.err.println(Main.NAME + ": CUDA is " + describe(true));
        }
    }

    /** @param cpu whether the backend in use computes on the CPU */
    static String describe(boolean cpu) {
        if (!cpu) {
            NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
            int devices = ops.getAvailableDevices();
            return devices + " device(s): " + ops.getDeviceName(0) + ", compute capability " + ops.getDeviceMajor(0)
                    + "." + ops.getDeviceMinor(0);
        }
        return isOnClassPath()
                ? "on the class path but no usable GPU (3.7 to 8.9 with CUDA 11.6); runs on the CPU"
                : "this build is without CUDA; runs on the CPU";
    }

    private static boolean isOnClassPath() {
        try {
            Class.forName(BACKEND, false, Cuda.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
