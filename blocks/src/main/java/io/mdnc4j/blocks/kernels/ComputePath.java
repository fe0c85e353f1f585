package io.mdnc4j.blocks.kernels;

import io.mdnc4j.blocks.Coded;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Chooses between the two ways of computing. Host loops serve float arrays on the CPU backend; everything else, doubles
 * and CUDA among it, goes through ND4J operations.
 */
public enum ComputePath implements Coded {
    /** Host loops where they can be used. The default. */
    HOST,
    /** ND4J operations everywhere, as on a GPU. */
    OPS;

    /** System property with the path at start, {@code host} or {@code ops}. */
    public static final String PROPERTY = "mdnc4j.path";

    private static volatile ComputePath current =
            Coded.parse(ComputePath.class, PROPERTY, System.getProperty(PROPERTY, HOST.code()));

    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The path in use in this JVM. */
    public static ComputePath current() {
        return current;
    }

    /** Sets the path for all layers in this JVM, from their next pass on. */
    public static void set(ComputePath path) {
        current = path;
    }

    static boolean host(INDArray... arrays) {
        if (current != HOST || !Backend.CPU) {
            return false;
        }
        for (INDArray array : arrays) {
            if (array != null && !Rows.accessible(array)) {
                return false;
            }
        }
        return true;
    }

    /** Looked up once, on first use, since it starts ND4J. */
    private static final class Backend {
        static final boolean CPU = !Nd4j.getBackend().getClass().getSimpleName().contains("Jcublas");
    }
}
