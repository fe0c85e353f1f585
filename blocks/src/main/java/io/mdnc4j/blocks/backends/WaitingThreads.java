package io.mdnc4j.blocks.backends;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Makes the threads of native code that wait for others go to sleep soon. GNU's OpenMP library, with which ND4J's natives for
 * Linux come, lets them spin for long by default; as soon as another program wants a core, each of the many parallel regions of
 * a step waits for a thread that spins in the place of the one that has work.
 *
 * <p>The library reads {@code GOMP_SPINCOUNT} from the process's environment when it is loaded, once. So this sets the variable
 * by the C library's {@code setenv} before ND4J loads its natives, unless the user has set it or {@code OMP_WAIT_POLICY};
 * {@link BeforeBackends} sees to that. Where something else has loaded the library before, the first network says so. On other systems ND4J comes with other OpenMP libraries; there it does nothing.
 */
public final class WaitingThreads {
    /** Rounds for which a thread spins; 0, sleeping at once, costs a quarter of the speed. */
    static final String SPIN_COUNT = "1000";

    static final String VARIABLE = "GOMP_SPINCOUNT";
    private static final String POLICY = "OMP_WAIT_POLICY";
    private static final Path LOADED_LIBRARIES = Path.of("/proc/self/maps");
    private static final String OPEN_MP = "libgomp";

    private static final State STATE = settle();
    private static final AtomicBoolean SAID = new AtomicBoolean();

    enum State {
        /** Nothing to be done: other systems, or a single core. */
        NOT_CONCERNED,
        /** As the user has set it. */
        KEPT,
        /** Set here. */
        SET,
        /** The natives were there first. */
        TOO_LATE,
        /** The C library could not be called. */
        UNREACHABLE
    }

    private WaitingThreads() {}

    /** To be called before anything of ND4J is used; later calls do nothing. */
    public static void sleepSoon() {
        // the work is done when this class is initialised
    }

    /** Says it, once, where {@link #sleepSoon} came too late. */
    public static void warnWhereTheySpin() {
        if ((STATE == State.TOO_LATE || STATE == State.UNREACHABLE) && SAID.compareAndSet(false, true)) {
            LoggerFactory.getLogger(WaitingThreads.class)
                    .warn(
                            "{}: training will be many times slower while other programs use the processor; set the"
                                    + " environment variable {}={} before the JVM starts",
                            STATE == State.TOO_LATE
                                    ? "native libraries were loaded before ND4J"
                                    : "the environment cannot be changed from within",
                            VARIABLE,
                            SPIN_COUNT);
        }
    }

    static State state() {
        return STATE;
    }

    private static State settle() {
        boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
        if (!linux || Runtime.getRuntime().availableProcessors() == 1) {
            return State.NOT_CONCERNED;
        }
        if (System.getenv(VARIABLE) != null || System.getenv(POLICY) != null) {
            return State.KEPT;
        }
        if (isLoaded()) {
            return State.TOO_LATE;
        }
        try {
            return environment(VARIABLE) != null || environment(POLICY) != null
                    ? State.KEPT
                    : set() ? State.SET : State.UNREACHABLE;
        } catch (LinkageError e) {
            return State.UNREACHABLE; // no JNA for this platform, or no place to unpack it to
        }
    }

    private static boolean set() {
        Object[] arguments = {text(VARIABLE), text(SPIN_COUNT), 0};
        return Function.getFunction("c", "setenv").invokeInt(arguments) == 0;
    }

    /** The variable as native code sees it, which may have changed since the JVM copied its environment. */
    static String environment(String variable) {
        Pointer value = Function.getFunction("c", "getenv").invokePointer(new Object[] {text(variable)});
        return value == null ? null : value.getString(0);
    }

    /** A C string; JNA takes Java's strings too, but in an encoding that depends on a property. */
    private static Memory text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }

    private static boolean isLoaded() {
        try (Stream<String> lines = Files.lines(LOADED_LIBRARIES, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.contains(OPEN_MP));
        } catch (IOException | java.io.UncheckedIOException e) {
            return false; // no /proc: setting it does no harm
        }
    }
}
