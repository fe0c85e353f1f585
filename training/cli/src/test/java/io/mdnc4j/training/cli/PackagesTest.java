package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.zoo.ConvUNet;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.export.ExportFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Packages of bioimage.io on the command line, out and in. */
class PackagesTest {
    private static final List<String> TEXT = List.of(
            "--name",
            "Nuclei of cells",
            "--description",
            "Finds nuclei",
            "--license",
            "MIT",
            "--author",
            "Ada Lovelace");

    @TempDir
    Path folder;

    private Path model;
    private ComputationGraph network;

    @BeforeEach
    void writeModel() throws IOException {
        network = ConvUNet.builder()
                .inputShape(2, 16, 16)
                .outPlanes(3)
                .channel(4)
                .layers(1, 1)
                .task(Task.SEGMENTATION)
                .build()
                .init();
        model = folder.resolve("model.zip");
        ModelFiles.write(
                network,
                new ModelDescription(
                        "conv.unet2d",
                        "segmentation",
                        List.of(2L, 16L, 16L),
                        new Normalization(Normalization.By.CHANNEL, null, null, false),
                        List.of("a", "b", "c"),
                        null,
                        null,
                        null,
                        null),
                model);
    }

    /** Runs a command; returns what it says, on either stream. */
    private static String run(int code, Object... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
        int found;
        try {
            found = Main.run(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        String told = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(code, found, told);
        return told;
    }

    private static Object[] with(List<String> text, Object... others) {
        Object[] all = Arrays.copyOf(others, others.length + text.size());
        System.arraycopy(text.toArray(), 0, all, others.length, text.size());
        return all;
    }

    @Test
    void packagesAreWrittenWithWhatIsSaid() throws IOException {
        Path file = folder.resolve("package.zip");
        Path page = Files.writeString(folder.resolve("page.md"), "# Mine\n");
        String told = run(
                0,
                with(
                        TEXT,
                        "export",
                        model,
                        "--format",
                        "bioimageio",
                        "--output",
                        file,
                        "--documentation",
                        page,
                        "--tags",
                        "cells, nuclei",
                        "--cite",
                        "Notes; doi=10.1234/5",
                        "--fixed-size",
                        "20"));
        assertTrue(told.contains("not in the file: windows"), told);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertEquals("# Mine\n", text(zip, "README.md"));
            String rdf = text(zip, "rdf.yaml");
            assertTrue(rdf.contains("- nuclei\n") && rdf.contains("size: 20") && rdf.contains("10.1234/5"), rdf);
        }
    }

    private static String text(ZipFile zip, String name) throws IOException {
        return new String(zip.getInputStream(new ZipEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsMissingOrTooMuchIsNamed() {
        Path file = folder.resolve("package.zip");
        Object[] command = {"export", model, "--format", "bioimageio", "--output", file};
        assertTrue(run(2, command).contains("--name: not given"));
        assertTrue(run(2, with(TEXT.subList(0, 2), command)).contains("--description: not given"));
        assertTrue(run(2, with(TEXT.subList(0, 4), command)).contains("--license: not given"));
        assertTrue(run(2, with(TEXT.subList(0, 6), command)).contains("--author: not given"));
        assertTrue(run(2, with(TEXT, "export", model, "--output", folder.resolve("m.onnx")))
                .contains("--name: given for onnx"));
        assertTrue(run(2, "export", model, "--output", folder.resolve("m.pth"), "--self-contained")
                .contains("--self-contained"));
        assertTrue(run(2, "export", model, "--output", folder.resolve("m.pth"), "--fixed-size", "8")
                .contains("--fixed-size"));
        assertTrue(run(2, "export", model, "--output", folder.resolve("m.onnx"), "--fixed-size", "1,2,3")
                .contains("--fixed-size"));
        assertFalse(Files.exists(file));
        assertFalse(Files.exists(folder.resolve("m.onnx")));
    }

    private Path packaged(String weights, String postprocessing) throws IOException {
        Path state = folder.resolve("weights.pth");
        ExportFormat.PTH.write(network, null, state);
        String rdf = """
                format_version: 0.5.4
                type: model
                name: Nuclei of cells
                inputs:
                - axes:
                  - {type: batch}
                  - {type: channel, channel_names: [red, green]}
                  - {type: space, id: y, size: {min: 16, step: 8}}
                  - {type: space, id: x, size: {min: 16, step: 8}}
                  preprocessing:
                  - {id: zero_mean_unit_variance, kwargs: {axes: [y, x]}}
                outputs:
                - axes:
                  - {type: batch}
                  - {type: channel, channel_names: [a, b, c]}
                  - {type: space, id: y, size: {tensor_id: input, axis_id: y}}
                  - {type: space, id: x, size: {tensor_id: input, axis_id: x}}
                  postprocessing:
                  - {id: %s}
                weights:
                  %s:
                    source: weights.pth
                """.formatted(postprocessing, weights);
        Path file = folder.resolve("package.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("rdf.yaml"));
            zip.write(rdf.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("weights.pth"));
            Files.copy(state, zip);
        }
        return file;
    }

    @Test
    void packagesOfWeightsAnswerAsTheirNetwork() throws IOException {
        Path imported = folder.resolve("imported.zip");
        String told = run(0, "import", packaged("pytorch_state_dict", "softmax"), "--output", imported);
        assertTrue(told.contains("conv.unet2d: ") && told.contains("eps"), told);
        INDArray image = Nd4j.rand(DataType.FLOAT, 2, 64, 64).muli(40).addi(5);
        try (Predictor expected = Predictor.builder(model).window(64).build();
                Predictor actual = Predictor.read(imported)) {
            assertEquals(List.of("a", "b", "c"), actual.description().classes());
            double apart = expected.predict(image)
                    .sub(actual.predict(image))
                    .amaxNumber()
                    .doubleValue();
            assertTrue(apart < 1e-6, () -> "" + apart);
        }
        run(0, "import", packaged("pytorch_state_dict", "sigmoid"), "--output", imported);
        try (Predictor actual = Predictor.read(imported)) {
            INDArray answer = actual.predict(image);
            assertTrue(
                    answer.minNumber().doubleValue() > 0 && answer.maxNumber().doubleValue() < 1);
            assertTrue(answer.sum(0).maxNumber().doubleValue() > 1.01, "each by itself");
        }
    }

    @Test
    void otherPackagesAreRefusedInOneLine() throws IOException {
        Path imported = folder.resolve("imported.zip");
        String told = run(2, "import", packaged("onnx", "softmax"), "--output", imported);
        assertTrue(
                told.contains("only those as pytorch_state_dict")
                        && told.lines().count() == 1,
                told);
        assertTrue(run(2, "import", packaged("pytorch_state_dict", "softmax"), "--output", imported, "--folds", "0")
                .contains("a package"));
        assertTrue(run(2, "import", model, "--output", imported).contains("rdf.yaml"));
        assertFalse(Files.exists(imported));
    }
}
