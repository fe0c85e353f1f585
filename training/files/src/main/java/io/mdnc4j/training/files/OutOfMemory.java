package io.mdnc4j.training.files;

import org.jspecify.annotations.Nullable;

/** Tells a shortage of memory from other problems: of arrays, ND4J says it with a plain {@link RuntimeException}. */
public final class OutOfMemory {
    /** How ND4J's message begins. */
    private static final String FAILED = "Allocation failed";

    private OutOfMemory() {}

    /**
     * Whether a problem is a shortage of memory.
     *
     * @param problem what was thrown
     * @return whether that, or what caused it, is one
     */
    public static boolean is(Throwable problem) {
        for (@Nullable Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError
                    || cause.getMessage() != null && cause.getMessage().startsWith(FAILED)) {
                return true;
            }
        }
        return false;
    }

    /** The same as an error, which nobody takes for a fault of the data. */
    static OutOfMemoryError error(Throwable problem) {
        OutOfMemoryError error = new OutOfMemoryError(problem.getMessage());
        error.initCause(problem);
        return error;
    }
}
