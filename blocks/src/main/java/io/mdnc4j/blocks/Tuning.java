package io.mdnc4j.blocks;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether networks that predict try several ways to compute their convolutions, and take the fastest. All ways differ in the
 * last bits of results alone. A network that is trained never changes its ways by itself.
 */
public enum Tuning implements Coded {
    /** Fixed rules, so that results are the same bit for bit wherever processor, threads and versions are. The default. */
    OFF,
    /** Trials, once for each shape that comes often enough. */
    ON;

    /** System property with one of them; it wins over {@value #VARIABLE} in the environment. */
    public static final String PROPERTY = "mdnc4j.tuning";

    /** Environment variable with one of them. */
    public static final String VARIABLE = "MDNC4J_TUNING";

    /** System property with the file in which choices are kept; it wins over {@value #FILE_VARIABLE} in the environment. */
    public static final String FILE = "mdnc4j.tuning-file";

    /** Environment variable with that file. */
    public static final String FILE_VARIABLE = "MDNC4J_TUNING_FILE";

    /**
     * {@return what is asked for at present}
     *
     * @throws ArgumentException if it is none of them
     */
    public static Tuning current() {
        return of(System.getProperty(PROPERTY), System.getenv(VARIABLE));
    }

    static Tuning of(@Nullable String property, @Nullable String variable) {
        if (property != null) {
            return Coded.parse(Tuning.class, PROPERTY, property);
        }
        return variable == null || variable.isEmpty() ? OFF : Coded.parse(Tuning.class, VARIABLE, variable);
    }

    /**
     * {@return the JSON file in which choices are kept beyond this process, if one is named}
     *
     * @throws ArgumentException if that is no path
     */
    public static Optional<Path> file() {
        return file(System.getProperty(FILE), System.getenv(FILE_VARIABLE));
    }

    static Optional<Path> file(@Nullable String property, @Nullable String variable) {
        String path = property == null ? variable : property;
        if (path == null || path.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(path));
        } catch (InvalidPathException e) {
            throw new ArgumentException(property == null ? FILE_VARIABLE : FILE, path, "give the path of a file", e);
        }
    }
}
