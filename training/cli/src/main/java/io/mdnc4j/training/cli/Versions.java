package io.mdnc4j.training.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/** Versions of what a run depends on. */
final class Versions {
    private static final String NOTE = "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties";
    private static final String UNKNOWN = "unknown";

    private Versions() {}

    static String library() {
        return of(Main.class);
    }

    /** By name: the library, Deeplearning4j, ND4J's backend, Java. */
    static Map<String, String> all() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("mdnc4j", library());
        versions.put("deeplearning4j", deeplearning4j());
        versions.put("backend", Nd4j.getBackend().getClass().getSimpleName());
        versions.put("java", System.getProperty("java.runtime.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }

    /** From Maven's own note in the jar: it survives shading, the manifest does not. */
    static String deeplearning4j() {
        try (InputStream in = ComputationGraph.class.getResourceAsStream(NOTE)) {
            Properties note = new Properties();
            if (in != null) {
                note.load(in);
            }
            return note.getProperty("version", UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static String of(Class<?> type) {
        return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse(UNKNOWN);
    }
}
