package io.mdnc4j.blocks.backends;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.Tuning;
import io.mdnc4j.blocks.internal.channelslast.Choices;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.util.Map;

/** What computes the convolutions of float arrays on the CPU. */
public final class NativeConvolutions {
    private NativeConvolutions() {}

    /**
     * {@return the library's name and version and the instruction set that its kernels use on this processor, such as
     * {@code oneDNN 3.8.1, avx2}; where it is missing, that ND4J's operations compute}
     */
    public static String description() {
        return OneDnn.AVAILABLE
                ? "oneDNN " + OneDnn.version() + ", " + OneDnn.instructionSet()
                : "ND4J's operations; oneDNN has no natives for this platform, or they cannot be loaded";
    }

    /**
     * {@return whether tuning is on, and where its choices are kept, in words} See {@link Tuning}.
     *
     * @throws io.mdnc4j.blocks.ArgumentException if what is asked for is neither, or the file is none of choices
     */
    public static String tuning() {
        String kept = Tuning.file()
                .map(file ->
                        OneDnn.AVAILABLE ? file + ", " + Choices.ofMachine().size() + " choices" : file.toString())
                .orElse("no file, until the end of the process");
        return Tuning.current() == Tuning.ON ? "on, " + kept : "off, convolutions are computed by fixed rules";
    }

    /**
     * Whether choices were made on a processor like this one, for the present number of threads and this version of oneDNN.
     *
     * @param choices of {@link io.mdnc4j.blocks.learning.InPlaceComputationGraph#tuneKernels}
     * @return whether one is, or there are none
     */
    public static boolean concern(Map<String, String> choices) {
        return choices.isEmpty() || OneDnn.AVAILABLE && Choices.concern(choices.keySet());
    }

    /**
     * Whether predictions with such products are computed at speed here.
     *
     * @param precision of products
     * @return true for float; for bf16 where oneDNN uses AMX. Without it, oneDNN's bf16 kernels were slower than those of
     *     float, also with AVX-512's own bf16 instructions.
     */
    public static boolean atSpeed(InferencePrecision precision) {
        return precision == InferencePrecision.FLOAT || OneDnn.AVAILABLE && OneDnn.multipliesBf16();
    }

    /**
     * Refuses what is not {@link #atSpeed}.
     *
     * @param precision of products
     * @throws ArgumentException if it is slower than float here
     */
    public static void requireAtSpeed(InferencePrecision precision) {
        require(precision, atSpeed(precision), description());
    }

    static void require(InferencePrecision precision, boolean atSpeed, String description) {
        ArgumentException.require(
                atSpeed,
                "precision",
                precision.code(),
                "leave it out: it needs a processor with AMX, else it is slower than float; here computes "
                        + description);
    }
}
