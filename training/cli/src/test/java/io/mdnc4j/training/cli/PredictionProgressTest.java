package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private String shown(int columns, long nanos) {
        try (PredictionProgress progress =
                new PredictionProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), columns, nanos, nanos)) {
            for (String file : List.of("a.nii", "b.nii")) {
                for (int done = 1; done <= 4; done++) {
                    progress.show(Path.of("scans", file), done, 4);
                }
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** A line for each step but the last, which the file's result tells. */
    @Test
    void lines() {
        List<String> lines = shown(0, 0).lines().toList();
        assertEquals(6, lines.size(), lines::toString);
        assertTrue(lines.get(0).matches(".*a\\.nii: 25% of 4 windows, \\d+:\\d\\d left"), lines::toString);
        assertTrue(lines.get(5).matches(".*b\\.nii: 75% of 4 windows, \\d+:\\d\\d left"), lines::toString);
    }

    @Test
    void whatIsDoneSoonIsNotShown() {
        assertEquals("", shown(0, Duration.ofHours(1).toNanos()));
        assertEquals("", shown(80, Duration.ofHours(1).toNanos()));
    }

    @Test
    void bars() {
        String bars = shown(80, 0);
        assertTrue(bars.contains("a.nii") && bars.contains("b.nii") && bars.contains("/4 windows"), bars);
    }
}
