package io.mdnc4j.blocks.backends;

import java.util.List;

/**
 * ND4J's natives were built with JavaCPP 1.5.7 and run with the later one that oneDNN 3 needs. Their presets compare both
 * versions when they are initialised, and print a line to standard error; so this initialises them first, while JavaCPP is
 * told to load no libraries, and so to say nothing about versions.
 */
final class PresetVersions {
    private static final String LOADING = "org.bytedeco.javacpp.loadLibraries";
    private static final List<String> BUILT_WITH_ANOTHER =
            List.of("org.bytedeco.openblas.presets.openblas_nolapack", "org.bytedeco.cuda.presets.cudart");

    static {
        String before = System.getProperty(LOADING);
        System.setProperty(LOADING, "false");
        try {
            BUILT_WITH_ANOTHER.forEach(PresetVersions::initialize);
        } finally {
            if (before == null) {
                System.clearProperty(LOADING);
            } else {
                System.setProperty(LOADING, before);
            }
        }
    }

    private PresetVersions() {}

    /** To be called before ND4J loads its natives; later calls do nothing. */
    static void acceptQuietly() {
        // the work is done when this class is initialised
    }

    private static void initialize(String preset) {
        try {
            Class.forName(preset);
        } catch (ClassNotFoundException | LinkageError e) {
            // not on this class path, or broken, which its own user will be told
        }
    }
}
