package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.backends.NativeConvolutions;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what this machine computes with, how fast, and what would make it faster. */
@Command(
        name = "doctor",
        description = "Checks what this machine computes with and how fast, and says what would help.")
final class DoctorCommand implements Callable<Integer> {
    private static final double GIB = 1024.0 * 1024 * 1024;
    private static final int MIN_JAVA = 17;

    /** A convolution below this part of the matrix product's speed is not computed by oneDNN, or not well. */
    private static final double SLOW_CONVOLUTION = 0.3;

    private static final double LITTLE_MEMORY_GIB = 2;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    private final List<String> hints = new ArrayList<>();

    @Override
    public Integer call() {
        common.apply();
        String backend = Nd4j.getBackend().getClass().getSimpleName();
        NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
        boolean cpu = Nd4j.getEnvironment().isCPU();
        String build = ops.buildInfo();
        boolean oneDnn = build.contains("HAVE_ONEDNN");

        line("mdnc4j", Versions.library());
        line("Java", System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vm.name"));
        line("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        line("ND4J backend", backend + ", Deeplearning4j " + Versions.deeplearning4j());
        line("native build", build.strip().replaceAll("\\s*\\R\\s*", "; "));
        line("oneDNN", oneDnn ? "yes" : "not in this build");
        if (cpu) {
            line("convolutions", NativeConvolutions.description());
            line("tuning", NativeConvolutions.tuning());
            line(
                    "bf16",
                    NativeConvolutions.atSpeed(InferencePrecision.BF16)
                            ? "at speed: predict, evaluate and bench take --precision bf16"
                            : "refused in predictions: without AMX it is slower than float");
            List<String> kernels = SpeedProbe.kernels();
            if (kernels.size() > 2) {
                line("kernels", String.join(", ", kernels) + " (output, gradients of input and weights)");
            }
        }
        line("CUDA", (cpu ? "not used: " : "") + common.choice.reason());
        threads(ops);
        memory();
        speed(cpu, oneDnn);

        PrintWriter out = spec.commandLine().getOut();
        if (hints.isEmpty()) {
            out.println("nothing to improve");
        }
        hints.forEach(hint -> out.println("hint: " + hint));
        out.flush();
        return 0;
    }

    private void threads(NativeOps ops) {
        int cores = Runtime.getRuntime().availableProcessors();
        int used = ops.ompGetMaxThreads();
        line(
                "cores",
                cores + " for Java, " + used + " native threads, "
                        + Nd4j.factory().blas().getMaxThreads() + " for matrix products");
        if (used < cores && common.threads == null) {
            hints.add("native code uses " + used + " of " + cores + " cores; unset OMP_NUM_THREADS or pass --threads "
                    + cores);
        }
    }

    private void memory() {
        double heap = Runtime.getRuntime().maxMemory() / GIB;
        double offHeap = Pointer.maxBytes() / GIB;
        double process = Pointer.maxPhysicalBytes() / GIB;
        double physical = Pointer.totalPhysicalBytes() / GIB;
        double free = Pointer.availablePhysicalBytes() / GIB;
        line(
                "memory",
                String.format(
                        Locale.ROOT,
                        "%.1f GiB in the machine, %.1f free; limits: heap %.1f, arrays %s, process %s",
                        physical,
                        free,
                        heap,
                        limit(offHeap),
                        limit(process)));
        if (offHeap > 0 && offHeap < LITTLE_MEMORY_GIB && offHeap < physical / 2) {
            hints.add("arrays live outside the heap and may take only " + limit(offHeap)
                    + " GiB; raise -Dorg.bytedeco.javacpp.maxbytes");
        }
        if (process > 0 && process < offHeap + heap) {
            hints.add("the process may take less than heap and arrays together; raise"
                    + " -Dorg.bytedeco.javacpp.maxphysicalbytes");
        }
    }

    private static String limit(double gib) {
        return gib > 0 ? String.format(Locale.ROOT, "%.1f", gib) : "none";
    }

    private void speed(boolean cpu, boolean oneDnn) {
        double product = SpeedProbe.matrixProduct();
        double convolution = SpeedProbe.convolution();
        line("matrix product", String.format(Locale.ROOT, "%.0f GFLOP/s", product));
        line("convolution", String.format(Locale.ROOT, "%.0f GFLOP/s (3x3, 64 channels, 8 x 64 x 64)", convolution));
        if (cpu && !oneDnn) {
            hints.add("use the nd4j-native build with oneDNN (classifier " + nativeClassifier()
                    + "): convolutions become several times faster");
        } else if (cpu && convolution < SLOW_CONVOLUTION * product) {
            hints.add("convolutions are much slower than matrix products; close other programs and look again, or try"
                    + " --threads with the number of physical cores");
        }
        if (Runtime.version().feature() < MIN_JAVA) {
            hints.add("use Java " + MIN_JAVA + " or later");
        }
    }

    private static String nativeClassifier() {
        return org.bytedeco.javacpp.Loader.getPlatform() + "-onednn";
    }

    private void line(String name, String value) {
        spec.commandLine().getOut().printf("%-15s %s%n", name, value);
        spec.commandLine().getOut().flush();
    }
}
