package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.zoo.ConvEncoder;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import onnx.Onnx.ModelProto;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest {
    private static final ModelDescription DESCRIPTION = new ModelDescription(
            "conv.encoder1d",
            "classification",
            List.of(2L, 20L),
            new Normalization(Normalization.By.SET, List.of(0.5, -1.0), List.of(2.0, 3.0), false),
            List.of("rest", "walk", "run"),
            "m/s2",
            50.0,
            null,
            Map.of("accuracy", "0.93"));

    @TempDir
    Path folder;

    private Path model;
    private ComputationGraph network;

    @BeforeEach
    void writeModel() throws IOException {
        network = ConvEncoder.builder()
                .inputShape(2, 20)
                .outLength(3)
                .channel(4)
                .layers(1, 1)
                .build()
                .init();
        model = folder.resolve("model.zip");
        ModelFiles.write(network, DESCRIPTION, model);
    }

    private static String run(Object... arguments) {
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            String[] texts =
                    java.util.Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
            assertEquals(0, Main.run(texts));
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"safetensors", "pth", "pt"})
    void whatIsExportedCanBeImported(String extension) throws IOException {
        Path exported = folder.resolve("weights." + extension);
        String told = run("export", model, "--output", exported);
        assertEquals(1, told.lines().count());
        assertTrue(told.contains(network.numParams() + " values") && told.contains(exported.toString()), told);

        Path again = folder.resolve("again.zip");
        run("import", "--weights", exported, "--output", again);
        assertEquals(network.params(), ModelFiles.read(again).params());
        if (extension.equals("safetensors")) {
            assertEquals(DESCRIPTION, ModelFiles.description(again).orElseThrow());
        }
    }

    @Test
    void formatAndNameMayDiffer() throws IOException {
        Path plain = folder.resolve("plain.zip");
        ModelFiles.write(network, plain); // nothing is known of it
        Path exported = folder.resolve("network.bin");
        run("export", model, "--output", exported, "--format", "ONNX");
        ModelProto onnx = ModelProto.parseFrom(Files.readAllBytes(exported));
        assertEquals(
                DESCRIPTION, ModelDescription.fromJson(onnx.getMetadataProps(0).getValue()));
        assertEquals("conv.encoder1d", onnx.getGraph().getName());
        assertEquals(17, onnx.getOpsetImport(0).getVersion());

        run("export", plain, "--output", exported, "--format", "onnx");
        assertEquals(0, ModelProto.parseFrom(Files.readAllBytes(exported)).getMetadataPropsCount());
    }

    @Test
    void equalModelsGiveEqualFiles() throws IOException {
        for (String name : List.of("a.safetensors", "a.pth", "a.onnx")) {
            Path first = folder.resolve(name);
            Path second = folder.resolve("b" + name);
            run("export", model, "--output", first);
            run("export", model, "--output", second);
            assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second), name);
        }
    }
}
