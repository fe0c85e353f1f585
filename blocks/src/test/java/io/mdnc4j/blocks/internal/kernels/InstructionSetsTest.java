package io.mdnc4j.blocks.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.dnnl.global.dnnl.cpu_isa;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionSetsTest {
    @ParameterizedTest
    @CsvSource({
        "isa_default, false",
        "sse41, false",
        "avx2, false",
        "avx2_vnni_2, false",
        "avx512_core, false",
        "avx512_core_bf16, false",
        "avx512_core_fp16, false",
        "avx512_core_amx, true",
        "avx512_core_amx_fp16, true"
    })
    void thoseWithAmxMultiplyBf16(cpu_isa instructionSet, boolean expected) {
        assertEquals(expected, OneDnn.multipliesBf16(instructionSet.value));
    }
}
