package io.mdnc4j.blocks.internal.channelslast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.Tuning;
import io.mdnc4j.blocks.internal.kernels.Convolutions;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChoicesTest {
    private static final Convolved CONVOLVED = new Convolved(
            new Convolutions(new int[] {3}, new int[] {2}, new int[] {1}),
            true,
            InferencePrecision.FLOAT,
            new Maps(2, 4, 8),
            new Maps(2, 6, 4));

    @TempDir
    Path folder;

    @AfterEach
    void clear() {
        System.clearProperty(Tuning.FILE);
    }

    static boolean oneDnn() {
        return OneDnn.AVAILABLE;
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("tuning.json"), text);
    }

    @Test
    @EnabledIf("oneDnn")
    void keysNameProcessorThreadsVersionAndSizes() {
        String key = Choices.key(Pass.DATA, CONVOLVED);
        assertTrue(
                key.matches(".+, \\w+, oneDNN [0-9.]+, threads \\d+: data 2x4x1x8 by 6x4x1x3 stride 1x2 padding 0x1"),
                key);
        assertTrue(Choices.concern(List.of("another", key)));
        assertFalse(Choices.concern(List.of(key.replace("oneDNN 3", "oneDNN 2"), "x" + key)));
    }

    @Test
    @EnabledIf("oneDnn")
    void filesKeepThem() throws IOException {
        Path file = folder.resolve("new/tuning.json");
        System.setProperty(Tuning.FILE, file.toString());
        Choices choices = Choices.ofMachine();
        assertEquals(0, choices.size());
        choices.put(Pass.FORWARD, CONVOLVED, Way.BLOCKED);
        choices.put(Pass.WEIGHTS, CONVOLVED, Way.WINDOWS);
        choices.save();
        assertEquals(
                Map.of(
                        Choices.key(Pass.FORWARD, CONVOLVED), Way.BLOCKED,
                        Choices.key(Pass.WEIGHTS, CONVOLVED), Way.WINDOWS),
                ChoicesFile.read(file));
        // another process has written, and another version, which knows a way more
        Files.writeString(file, "{\"a\": \"product\", \"b\": \"by-hand\"}");
        choices.save();
        Map<String, Way> all = ChoicesFile.read(file);
        assertEquals(3, all.size());
        assertEquals(Way.PRODUCT, all.get("a"));
        assertEquals(choices, Choices.ofMachine());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "{",
                "{\"a\": 1}",
                "{\"a\": {\"b\": \"blocked\"}}",
                "{\"a\": [\"blocked\"]}",
                "{\"a\": \"blocked\"} {}",
                "{\"a\": \"blocked\"",
                "PK\u0003\u0004"
            })
    void refusesFilesOfSomethingElse(String text) throws IOException {
        Path file = file(text);
        ArgumentException e = assertThrows(ArgumentException.class, () -> ChoicesFile.read(file));
        assertTrue(e.getMessage().startsWith(Tuning.FILE + ": " + file), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void refusesFilesThatAreTooLarge() throws IOException {
        assertThrows(ArgumentException.class, () -> ChoicesFile.read(file("[".repeat(6 << 20))));
        assertThrows(
                ArgumentException.class, () -> ChoicesFile.read(file("{\"" + "k".repeat(501) + "\": \"blocked\"}")));
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i <= Choices.MOST; i++) {
            many.append('"').append(i).append("\": \"blocked\",");
        }
        Path file = file(many + "\"z\": \"blocked\"}");
        assertTrue(assertThrows(ArgumentException.class, () -> ChoicesFile.read(file))
                .getMessage()
                .contains("more than " + Choices.MOST));
        assertThrows(ArgumentException.class, () -> ChoicesFile.read(folder));
        assertEquals(Map.of(), ChoicesFile.read(folder.resolve("none.json")));
    }

    /** A file that has become something else stays as it is. */
    @Test
    void doesNotWriteOverSomethingElse() throws IOException {
        Path file = file("my notes");
        ChoicesFile.write(file, Map.of("a", Way.BLOCKED));
        assertEquals("my notes", Files.readString(file));
    }

    @Test
    void refusesUnknownWays() {
        assertTrue(assertThrows(ArgumentException.class, () -> Choices.fixed(Map.of("a", "by-hand")))
                .getMessage()
                .contains("channels-last"));
    }
}
