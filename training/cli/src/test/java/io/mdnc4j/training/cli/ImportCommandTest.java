package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.nnunet.Processing;
import io.mdnc4j.zoo.weights.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

class ImportCommandTest {
    private static final Path CHECKPOINT =
            Path.of(System.getProperty("reference.dir"), "checkpoints", "ckpt-conv-UNet2d", "weights.pth");

    @TempDir
    Path folder;

    private String said;

    private int run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            return Main.run(arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
            said = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void givesAModelFileWithDescription() throws IOException {
        Path model = folder.resolve("model.zip");
        assertEquals(
                0, run("import", "--weights", CHECKPOINT.toString(), "--output", model.toString(), "--input", "2,9,8"));
        Weights weights = Weights.load(CHECKPOINT);
        StateDict.of(ModelFiles.read(model)).forEach((key, value) -> {
            try {
                assertEquals(weights.read(key, DataType.FLOAT), value, key);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        ModelDescription description = ModelDescription.fromJson(ModelFiles.readNote(model, ModelDescription.NOTE));
        assertEquals("conv.unet2d", description.model());
        assertEquals(List.of(2L, 9L, 8L), description.inputShape());
    }

    @Test
    void takesAModelFolderOfNnunet() throws IOException {
        String models =
                Path.of(System.getProperty("reference.dir"), "nnunet/models").toString();
        String output = folder.resolve("model.zip").toString();
        assertEquals(0, run("import", models + "/plain-3d-anisotropic", "--output", output), said);
        assertTrue(said.contains("nnunet.plain3d (3d_fullres, folds 0 1): 48 tensors"), said);
        assertEquals(
                List.of("0", "1"), Processing.in(Path.of(output)).orElseThrow().folds());
        assertEquals(
                0,
                run("predict", output, models + "/plain-3d-anisotropic/case_1", "--fast", "--output", folder + "/p"),
                said);
        assertTrue(Files.exists(folder.resolve("p/image.nii.gz")), said);
        String image = models + "/plain-3d-anisotropic/case_0/image_0000.nii.gz";
        String[][] refused = {
            {"give [_0000, _0001]", image},
            {"the model is for images .nii.gz", models + "/plain-3d-anisotropic/case_0/probabilities.npy"},
            {"has shape [1, ", models + "/plain-3d-anisotropic/case_0/segmentation.nii.gz"},
            {"--uncertainty", image, "--uncertainty"},
            {"--geometry", image, "--geometry", "refuse"},
            {"import its folds", output, image},
            {"--fast", image, "--fast", "--tta", "flip"},
            {"--step", image, "--step", "0"}
        };
        for (String[] one : refused) {
            List<String> command = new ArrayList<>(List.of("predict", output));
            command.addAll(List.of(one).subList(1, one.length));
            command.addAll(List.of("--output", folder + "/q"));
            assertEquals(2, run(command.toArray(String[]::new)), said);
            assertTrue(said.contains(one[0]), said);
            assertTrue(Files.notExists(folder.resolve("q")), said);
        }
        assertEquals(2, run("evaluate", output, "--data", "brain"), said);
        assertTrue(said.contains("nnU-Net"), said);

        String other = folder.resolve("other.zip").toString();
        String[][] mistakes = {
            {"plans.json", models},
            {"plans.json", folder.toString()},
            {"--folds", "--weights", CHECKPOINT.toString(), "--folds", "0"},
            {"--configuration", "--weights", CHECKPOINT.toString(), "--configuration", "2d"},
            {"fold_4", models + "/residual-2d-slices", "--folds", "0,4"},
            {"MODEL", models + "/residual-2d-slices", "--layers", "2,2"},
            {"--weights", "resnet.ae1d"}
        };
        for (String[] mistake : mistakes) {
            List<String> command = new ArrayList<>(List.of("import", "--output", other));
            command.addAll(List.of(mistake).subList(1, mistake.length));
            assertEquals(2, run(command.toArray(String[]::new)), said);
            assertTrue(said.contains(mistake[0]), said);
            assertTrue(Files.notExists(Path.of(other)), said);
        }
    }

    @Test
    void loadsInPartOnlyWhenAsked() throws IOException {
        Path model = folder.resolve("model.zip");
        String[] command = {
            "import",
            "conv.unet2d",
            "--layers",
            "2,2,1",
            "--channel",
            "4",
            "--in-planes",
            "2",
            "--out-planes",
            "7",
            "--weights",
            CHECKPOINT.toString(),
            "--output",
            model.toString(),
            "--partial"
        };
        assertEquals(2, run(java.util.Arrays.copyOf(command, command.length - 1)));
        assertTrue(Files.notExists(model));
        assertEquals(0, run(command));
        var parameters = StateDict.of(ModelFiles.read(model));
        assertArrayEquals(
                new long[] {7, 4, 5, 5}, parameters.get("conv_final.weight").shape());
        assertEquals(
                Weights.load(CHECKPOINT).read("conv_first.weight", DataType.FLOAT),
                parameters.get("conv_first.weight"));
    }

    /** A case whose stored forms differ, or cannot be read, does not pass. */
    @Test
    void verificationSeesDamage() throws IOException {
        Path damaged = Files.createDirectory(folder.resolve("case"));
        try (var files = Files.list(CHECKPOINT.getParent())) {
            for (Path file : files.toList()) {
                Files.copy(file, damaged.resolve(file.getFileName()));
            }
        }
        assertEquals(0, run("verify", damaged.toString()));
        Path weights = damaged.resolve("weights.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        assertEquals(1, run("verify", damaged.toString()));
        Files.write(weights, new byte[9]);
        assertEquals(1, run("verify", damaged.toString()));
        Files.delete(weights);
        assertEquals(1, run("verify", damaged.toString()));
        assertTrue(said.contains("no file weights.safetensors"), said);
    }
}
