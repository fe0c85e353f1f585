package io.mdnc4j.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TuningTest {
    @Test
    void thePropertyWins() {
        assertEquals(Tuning.OFF, Tuning.of(null, null));
        assertEquals(Tuning.OFF, Tuning.of(null, ""));
        assertEquals(Tuning.ON, Tuning.of(null, "on"));
        assertEquals(Tuning.OFF, Tuning.of("off", "on"));
        assertEquals(Tuning.ON, Tuning.of("ON", "no such"));
        assertEquals(Optional.of(Path.of("a")), Tuning.file("a", "b"));
        assertEquals(Optional.of(Path.of("b")), Tuning.file(null, "b"));
        assertEquals(Optional.empty(), Tuning.file(null, null));
        assertEquals(Optional.empty(), Tuning.file("", "b"));
    }

    @Test
    void otherValuesAreRefused() {
        String variable = assertThrows(ArgumentException.class, () -> Tuning.of(null, "1"))
                .getMessage();
        assertTrue(variable.startsWith("MDNC4J_TUNING: 1; use one of off, on"), variable);
        String property = assertThrows(ArgumentException.class, () -> Tuning.of("maybe", null))
                .getMessage();
        assertTrue(property.startsWith("mdnc4j.tuning: maybe"), property);
        assertThrows(ArgumentException.class, () -> Tuning.file(null, "a\0b"));
    }
}
