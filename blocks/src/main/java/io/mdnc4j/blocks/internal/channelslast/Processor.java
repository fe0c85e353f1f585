package io.mdnc4j.blocks.internal.channelslast;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the processor is called. */
final class Processor {
    private static final Path LINUX = Path.of("/proc/cpuinfo");
    private static final int LONGEST = 100;

    private Processor() {}

    /** The vendor's name and Linux's number of the model, or what Windows says; else the architecture. */
    static String name() {
        String windows = System.getenv("PROCESSOR_IDENTIFIER");
        String other = windows == null ? System.getProperty("os.arch") : windows;
        if (!Files.isReadable(LINUX)) {
            return brief(other);
        }
        try (Stream<String> lines = Files.lines(LINUX)) {
            // of the first of them
            String name = lines.limit(LONGEST)
                    .filter(line -> line.matches("model( name)?\\s*:.*"))
                    .limit(2)
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .sorted((a, b) -> b.length() - a.length())
                    .reduce((full, number) -> full + " model " + number)
                    .orElse(other);
            return brief(name);
        } catch (IOException e) {
            return brief(other);
        }
    }

    private static String brief(String name) {
        String plain = name.replaceAll("[^ -~]|[,:]", "");
        return plain.substring(0, Math.min(LONGEST, plain.length()));
    }
}
