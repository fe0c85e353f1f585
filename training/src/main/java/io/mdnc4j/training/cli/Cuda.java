package io.mdnc4j.training.cli;

import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Whether computations run on a GPU, and if not, why. */
final class Cuda {
    private static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

    private Cuda() {}

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
