package io.mdnc4j.blocks;

import org.jspecify.annotations.Nullable;

/**
 * The two ways in which layers compute, with one result. The choice holds for the whole JVM, since it serves to compare the
 * two, not to mix them.
 */
public enum ComputePath implements Coded {
    /**
     * Loops over the host's memory and oneDNN's own primitives where they can be used, which is for float arrays on the CPU
     * backend; ND4J's operations for everything else, such as doubles and arrays on a GPU. The default.
     */
    HOST,
    /** ND4J's operations everywhere, as on a GPU. */
    OPS;

    /** System property with the path at start: {@code host} (the default) or {@code ops}. */
    public static final String PROPERTY = "mdnc4j.path";

    /** {@code null} until it is first asked for: a wrong property is then told as such, and not by a class that is broken. */
    private static volatile @Nullable ComputePath current;

    /**
     * {@return the path in use in this JVM}
     *
     * @throws ArgumentException if none was {@link #set} and the system property {@value #PROPERTY} names none
     */
    public static ComputePath current() {
        ComputePath path = current;
        return path == null ? start() : path;
    }

    private static synchronized ComputePath start() {
        ComputePath path = current;
        if (path == null) {
            path = parse(System.getProperty(PROPERTY, HOST.code()));
            current = path;
        }
        return path;
    }

    static ComputePath parse(String code) {
        return Coded.parse(ComputePath.class, PROPERTY, code);
    }

    /**
     * Sets the path for all layers in this JVM, from their next pass on.
     *
     * @param path the path
     */
    public static synchronized void set(ComputePath path) {
        current = path;
    }
}
