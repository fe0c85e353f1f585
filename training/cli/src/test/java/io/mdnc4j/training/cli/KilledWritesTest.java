package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.search.CandidateLog;
import io.mdnc4j.training.search.CandidateRecord;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Searches and other commands that are killed just before a file gets its name, at every file that they write. */
@Tag("long")
class KilledWritesTest {
    private static final int CANDIDATES = 3;

    @TempDir
    Path folder;

    private Path log;

    @BeforeEach
    void log() {
        log = folder.resolve("child.log");
    }

    private static int run(List<String> arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream nothing = new PrintStream(OutputStream.nullOutputStream())) {
            System.setOut(nothing);
            System.setErr(nothing);
            return Main.run(arguments.toArray(String[]::new));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** What there is goes on, or is refused and left as it is: then the search has not begun. */
    @ParameterizedTest
    @CsvSource({
        "space.json, 1",
        "config.json, 1",
        "candidates.csv, 1",
        "model.zip, 1",
        "candidates.csv, 2",
        "candidates.csv, 3",
        "scores.png, 1"
    })
    void searches(String file, int time) throws Exception {
        Path space = Files.writeString(
                folder.resolve("own.json"), "{\"stages\": 2, \"depth\": 1, \"channel\": [2, 3], \"kernel_size\": 3}");
        Path search = folder.resolve("search");
        List<String> begin = List.of(("search --data ecg --space " + space + " --candidates " + CANDIDATES
                        + " --candidate-steps 1 --output " + folder + " --name search")
                .split(" "));
        assertTrue(KilledCommand.killedBeforeRename(search, file, time, log, begin), () -> read(log));
        List<CandidateRecord> before = CandidateLog.in(search).all();
        boolean begun = Files.exists(search.resolve("config.json"));
        if (!begun) {
            assertEquals(2, run(List.of("search", "--resume", search.toString())));
        }
        if (Files.exists(search.resolve("model.zip"))) {
            assertTrue(ModelFiles.read(search.resolve("model.zip")).numParams() > 0);
        }
        if (!begun && Files.exists(search.resolve("space.json"))) {
            assertEquals(2, run(begin), "there are files in it that the command does not know");
            return;
        }
        assertEquals(0, run(begun ? List.of("search", "--resume", search.toString()) : begin), file);

        List<CandidateRecord> after = CandidateLog.in(search).all();
        assertEquals(CANDIDATES, after.size());
        long failed = after.stream()
                .filter(one -> one.status() != CandidateRecord.Status.FINISHED)
                .count();
        assertTrue(failed <= 1, after.toString());
        before.stream()
                .filter(one -> one.status() == CandidateRecord.Status.FINISHED)
                .forEach(one -> assertTrue(after.contains(one), one.toString()));
        assertEquals(
                String.valueOf(CandidateLog.in(search).best().score()),
                ModelFiles.description(search.resolve("model.zip"))
                        .orElseThrow()
                        .properties()
                        .get("validation_loss"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** An earlier file stays as it was; the command, given again, replaces it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x.npy|predict ecg-denoiser DIR/in/x.npy --output DIR/out",
                "x.csv|predict ecg-denoiser DIR/in/x.npy --format csv --output DIR/out",
                "w.safetensors|export DIR/model.zip --output DIR/out/w.safetensors",
                "m.onnx|export DIR/model.zip --output DIR/out/m.onnx",
                "m.zip|import --weights DIR/w.safetensors --input 1,64 --output DIR/out/m.zip"
            })
    void outputs(String file, String line) throws Exception {
        Files.createDirectories(folder.resolve("in"));
        ArrayFiles.write(
                folder.resolve("in/x.npy"),
                new StoredArray(
                        Nd4j.linspace(0, 1, 700).castTo(DataType.FLOAT).reshape(1, 700), true, ElementType.FLOAT32));
        ModelFiles.write(
                NetworkModel.builder("conv.ae1d")
                        .channel(2)
                        .layers(1, 1)
                        .inputShape(1, 64)
                        .build()
                        .init(),
                folder.resolve("model.zip"));
        assertEquals(0, run(command("export DIR/model.zip --output DIR/w.safetensors")));
        Path output = Files.createDirectories(folder.resolve("out")).resolve(file);
        byte[] old = {1, 2, 3};
        Files.write(output, old);
        assertTrue(KilledCommand.killedBeforeRename(output.getParent(), file, 1, log, command(line)), () -> read(log));
        assertArrayEquals(old, Files.readAllBytes(output));
        assertEquals(0, run(command(line)));
        byte[] whole = Files.readAllBytes(output);
        assertTrue(whole.length > 300, whole.length + " bytes");
        Files.delete(output);
        assertEquals(0, run(command(line)));
        assertEquals(whole.length, Files.readAllBytes(output).length);
    }

    private List<String> command(String line) {
        return new ArrayList<>(List.of(line.replace("DIR", folder.toString()).split(" ")));
    }
}
