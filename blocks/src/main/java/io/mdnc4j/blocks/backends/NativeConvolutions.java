package io.mdnc4j.blocks.backends;

import io.mdnc4j.blocks.internal.kernels.OneDnn;

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
}
