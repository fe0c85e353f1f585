package io.mdnc4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an engine may use of the processor: each library has a variable of its own, the JVM a flag. */
enum InstructionSet {
    /** Whatever is there. */
    ALL(Map.of(), List.of()),
    /** As processors without AVX-512. */
    AVX2(
            Map.of(
                    "ONEDNN_MAX_CPU_ISA", "AVX2",
                    "ATEN_CPU_CAPABILITY", "avx2",
                    "MKL_ENABLE_INSTRUCTIONS", "AVX2",
                    "OPENBLAS_CORETYPE", "Haswell"),
            List.of("-XX:UseAVX=2"));

    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

    final Map<String, String> environment;
    final List<String> flags;

    InstructionSet(Map<String, String> environment, List<String> flags) {
        this.environment = environment;
        this.flags = flags;
    }

    /** What to say where a table that was asked for cannot be had on this processor; empty where all can. */
    static Optional<String> missing(List<InstructionSet> wanted) throws IOException {
        boolean asked = wanted.contains(ALL) && Files.isReadable(PROCESSOR);
        return asked && !hasAvx512(Files.readAllLines(PROCESSOR))
                ? Optional.of(
                        "this processor has no AVX-512: the table with it is missing, and all is the same as avx2")
                : Optional.empty();
    }

    static boolean hasAvx512(List<String> processor) {
        return processor.stream().anyMatch(line -> line.startsWith("flags") && line.matches(".*\\bavx512f\\b.*"));
    }
}
