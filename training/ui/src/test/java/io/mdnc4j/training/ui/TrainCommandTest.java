package io.mdnc4j.training.ui;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mdnc4j.training.cli.Main;
import io.mdnc4j.zoo.ModelFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code train --ui} as a whole. */
class TrainCommandTest {
    private static final Pattern ADDRESS =
            Pattern.compile("training UI at (http://localhost:\\d+/\\?token=\\p{XDigit}{32})");

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private PrintStream oldErr;
    private PrintStream oldOut;

    @BeforeEach
    void catchOutput() {
        oldErr = System.err;
        oldOut = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveBack() {
        System.setErr(oldErr);
        System.setOut(oldOut);
    }

    private int train(String name, String... more) {
        List<String> args = new ArrayList<>(
                List.of("train resnet.ae1d --data ecg --channel 4 --layers 1,1 --batch 4 --steps 40 --accumulate 2"
                        .split(" ")));
        args.addAll(List.of("--output", folder.toString(), "--name", name));
        args.addAll(List.of(more));
        return Main.run(args.toArray(String[]::new));
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRunIsShownAndComesToTheSame() throws Exception {
        CompletableFuture<Integer> run = CompletableFuture.supplyAsync(() -> train("shown", "--ui", "--ui-port", "0"));
        Matcher address = ADDRESS.matcher("");
        while (!address.reset(errors()).find()) {
            assertFalse(run.isDone(), errors());
            Thread.sleep(10);
        }
        Browser browser = new Browser(address.group(1));
        JsonNode overview = browser.overviewWithScores();
        assertTrue(overview.at("/scores/0").asDouble() > 0, overview.toString());
        String slope = "conv_down_list.0.conv_scale.conv1.1_W";
        assertTrue(overview.at("/updateRatios/" + slope + "/0").asDouble() > 0, overview.toString());
        assertEquals(0, run.get(), errors());
        assertThrows(IOException.class, () -> browser.get("/train/overview"));

        assertEquals(0, train("alone"), errors());
        assertArrayEquals(
                parameters("alone").toDoubleVector(), parameters("shown").toDoubleVector());
        assertEquals(losses("alone"), losses("shown"));
        assertEquals(config("alone"), config("shown"));
    }

    private INDArray parameters(String run) throws IOException {
        return ModelFiles.read(folder.resolve(run).resolve("model.zip")).params();
    }

    /** The history without times. */
    private List<String> losses(String run) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve(run).resolve("history.csv"));
        int seconds = List.of(lines.get(0).split(",")).indexOf("seconds");
        return lines.stream()
                .map(line -> {
                    List<String> cells = new ArrayList<>(List.of(line.split(",")));
                    cells.remove(seconds);
                    return String.join(",", cells);
                })
                .toList();
    }

    private String config(String run) throws IOException {
        return Files.readString(folder.resolve(run).resolve("config.json"));
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertEquals(2, train("none", "--ui", "--ui-port", port));
            assertEquals(1, errors().strip().lines().count(), errors());
            assertTrue(errors().contains("ui-port: " + port) && errors().contains("give another"), errors());
            assertFalse(Files.exists(folder.resolve("none")));
        }
    }
}
