package io.mdnc4j.benchmarks;

import java.util.List;
import java.util.Map;

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

    final Map<String, String> environment;
    final List<String> flags;

    InstructionSet(Map<String, String> environment, List<String> flags) {
        this.environment = environment;
        this.flags = flags;
    }
}
