package io.mdnc4j.blocks.backends;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.InferencePrecision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NativeConvolutionsTest {
    @Test
    void floatIsNeverRefused() {
        assertDoesNotThrow(() -> NativeConvolutions.requireAtSpeed(InferencePrecision.FLOAT));
    }

    @Test
    void bf16IsRefusedWhereItIsSlow() {
        ArgumentException refused = assertThrows(
                ArgumentException.class,
                () -> NativeConvolutions.require(InferencePrecision.BF16, false, "oneDNN 3.8.1, avx2"));
        assertEquals(
                "precision: bf16; leave it out: it needs a processor with AMX, else it is slower than float; here computes"
                        + " oneDNN 3.8.1, avx2",
                refused.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedUnlessAtSpeed(InferencePrecision precision) {
        if (NativeConvolutions.atSpeed(precision)) {
            assertDoesNotThrow(() -> NativeConvolutions.requireAtSpeed(precision));
        } else {
            assertThrows(ArgumentException.class, () -> NativeConvolutions.requireAtSpeed(precision));
        }
    }
}
