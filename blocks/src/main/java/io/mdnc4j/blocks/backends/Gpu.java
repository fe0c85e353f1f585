package io.mdnc4j.blocks.backends;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A GPU, as NVIDIA's driver describes it.
 *
 * @param name the product's name
 * @param capability its compute capability times 10
 */
record Gpu(String name, int capability) {
    /**
     * What ND4J's CUDA 11.6 build has code for: 3.7 to 8.6, without the intermediate code that later ones could translate.
     * Code for 8.6 runs on 8.9 too.
     */
    static final String RANGE = "compute capability 3.7 to 8.9";

    private static final int LOWEST = 37;
    private static final int HIGHEST = 89;
    private static final int PATIENCE_SECONDS = 10;

    /** Whether ND4J's CUDA backend has code for it. */
    boolean isUsable() {
        return capability >= LOWEST && capability <= HIGHEST;
    }

    /** The GPUs of this machine; none where the driver's {@code nvidia-smi} is missing or fails. */
    static List<Gpu> all() {
        try {
            Process process = new ProcessBuilder("nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** GPUs from lines such as {@code NVIDIA A100-SXM4-40GB, 8.0}; others are passed over. */
    static List<Gpu> parse(String lines) {
        return Arrays.stream(lines.split("\\R"))
                .map(Gpu::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Gpu> of(String line) {
        int comma = line.lastIndexOf(',');
        String digits = line.substring(comma + 1).strip();
        return comma > 0 && digits.matches("\\d{1,2}\\.\\d")
                ? Optional.of(new Gpu(line.substring(0, comma).strip(), Integer.parseInt(digits.replace(".", ""))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return name + " (compute capability " + capability / 10 + "." + capability % 10 + ")";
    }
}
