package io.mdnc4j.blocks.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4jBackend;

class BackendTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AUTO | false | ''                                | CPU  | this build is without CUDA",
                "CUDA | false | ''                                | CPU  | build it with -Pcuda",
                "AUTO | true  | ''                                | CPU  | shows no GPU",
                "AUTO | true  | 'NVIDIA A100-SXM4-40GB, 8.0'      | CUDA | NVIDIA A100-SXM4-40GB (compute capability 8.0)",
                "CPU  | true  | 'NVIDIA A100-SXM4-40GB, 8.0'      | CPU  | as asked for",
                "AUTO | true  | 'NVIDIA L4, 8.9'                  | CUDA | 8.9",
                "CUDA | true  | 'NVIDIA H100 80GB HBM3, 9.0'      | CPU  | H100 80GB HBM3 (compute capability 9.0) is none",
                "CUDA | true  | 'NVIDIA RTX 5090, 12.0'           | CPU  | (compute capability 12.0)",
                "AUTO | true  | 'Tesla K40m, 3.5'                 | CPU  | 3.7 to 8.9",
                "AUTO | true  | 'Failed to initialize NVML'       | CPU  | shows no GPU",
            })
    void whatIsChosenAndWhy(Backend wished, boolean hasCuda, String driver, Backend chosen, String reason) {
        Backend.Choice choice = wished.plan(hasCuda, Gpu.parse(driver));
        assertEquals(chosen, choice.backend(), choice.reason());
        assertTrue(choice.reason().contains(reason), choice.reason());
    }

    @Test
    void oneOfSeveralGpusIsEnough() {
        assertEquals(
                Backend.CUDA,
                Backend.AUTO
                        .plan(true, Gpu.parse("NVIDIA H100, 9.0\nNVIDIA A40, 8.6\n"))
                        .backend());
    }

    @Test
    void startsAndSaysWhy() {
        assertEquals(Backend.CPU, Backend.AUTO.start().backend());
    }

    @Test
    void onlyTheCpuIsSeen() {
        ClassLoader before = ND4JClassLoading.getNd4jClassloader();
        try {
            OnlyCpu.install();
            List<String> seen = new ArrayList<>();
            ServiceLoader.load(Nd4jBackend.class, ND4JClassLoading.getNd4jClassloader()).stream()
                    .forEach(provider -> seen.add(provider.type().getSimpleName()));
            assertEquals(List.of("CpuBackend"), seen);
        } finally {
            ND4JClassLoading.setNd4jClassloader(before);
        }
    }
}
