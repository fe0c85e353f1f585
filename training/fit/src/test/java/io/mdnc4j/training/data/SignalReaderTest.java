package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.files.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalReaderTest {
    @TempDir
    Path folder;

    @Test
    void readsValuesUnderTheirUnit() throws IOException {
        Signal signal = Signal.read(file("volt\n1\n-2.5\n3e-1\n"), 100);
        assertEquals("volt", signal.unit());
        assertArrayEquals(new double[] {1, -2.5, 0.3}, signal.samples());
        assertArrayEquals(new double[] {1, 2}, Signal.read(file("1\n2"), 100).samples());
    }

    @ParameterizedTest
    @CsvSource({
        "'', no values",
        "'volt|', no values",
        "'1|x|2', line 2",
        "'1|2|NaN', line 3",
        "'1|Infinity', line 2",
        "'1,2|3,4', columns"
    })
    void namesFileAndProblem(String text, String expected) throws IOException {
        Path file = file(text.replace('|', '\n'));
        DataException e = assertThrows(DataException.class, () -> Signal.read(file, 1));
        assertTrue(e.getMessage().contains(expected), e.getMessage());
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }

    @Test
    void refusesBrokenAndMissingFiles() throws IOException {
        Path broken = folder.resolve("broken.csv.gz");
        Files.write(broken, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0});
        assertThrows(DataException.class, () -> Signal.read(broken, 1));
        assertThrows(DataException.class, () -> Signal.read(folder.resolve("none.csv"), 1));
        assertThrows(DataException.class, () -> Signal.read(folder, 1));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("signal.csv"), text);
    }
}
