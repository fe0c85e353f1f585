package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.files.ArrayFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate} with models of nnU-Net, whose own masks are the truth. */
class EvaluateImagesTest {
    private static final Path MODELS = Path.of(System.getProperty("reference.dir"), "nnunet/models");
    private static final Path TWO_CHANNELS = MODELS.resolve("plain-3d-anisotropic");
    private static final Path REGIONS = MODELS.resolve("residual-3d-regions");

    @TempDir
    Path folder;

    private String said;
    private Path data;

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

    private String model(Path from) {
        Path file = folder.resolve(from.getFileName() + ".zip");
        assertEquals(0, run("import", from.toString(), "--output", file.toString()), said);
        return file.toString();
    }

    /** A data set as nnU-Net has it, of the model with two channels. */
    @BeforeEach
    void files() throws IOException {
        data = folder.resolve("set");
        Files.createDirectories(data.resolve("imagesTs"));
        Files.createDirectories(data.resolve("labelsTs"));
        for (int i = 0; i < 2; i++) {
            Path from = TWO_CHANNELS.resolve("case_" + i);
            for (String channel : new String[] {"_0000.nii.gz", "_0001.nii.gz"}) {
                Files.copy(from.resolve("image" + channel), data.resolve("imagesTs/head_" + i + channel));
            }
            Files.copy(from.resolve("segmentation.nii.gz"), data.resolve("labelsTs/head_" + i + ".nii.gz"));
        }
    }

    private JsonNode result(String name) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("evaluation-" + name + ".json").toFile());
    }

    @Test
    @Tag("long")
    void findsTheMasksOfNnunet() throws IOException {
        String model = model(TWO_CHANNELS);
        assertEquals(0, run("evaluate", model, "--data", data.toString()), said);
        JsonNode found = result("set");
        assertEquals(2, found.get("examples").asInt());
        for (String metric : new String[] {"dice", "dice_a", "dice_b"}) {
            assertEquals(1, found.get("metrics").get(metric).asDouble(), 1e-3, said);
        }
        assertTrue(Files.readString(folder.resolve("evaluation-set.csv")).contains("head_1,"), said);

        // what can be seen of an image alone is no less than in a set: the same windows as predict
        Path list = folder.resolve("list.csv");
        Files.writeString(list, "input,target\nset/imagesTs/head_1_0000.nii.gz,set/labelsTs/head_1.nii.gz\n");
        String[] rough = {"--fast", "--step", "1"};
        assertEquals(0, run("evaluate", model, "--data", list.toString(), rough[0], rough[1], rough[2]), said);
        Path masks = folder.resolve("masks");
        String image = data.resolve("imagesTs/head_1_0000.nii.gz").toString();
        String other = data.resolve("imagesTs/head_1_0001.nii.gz").toString();
        assertEquals(
                0,
                run("predict", model, image, other, rough[0], rough[1], rough[2], "--output", masks.toString()),
                said);
        int[] own = OnHeap.ints(ArrayFiles.read(masks.resolve("head_1.nii.gz")).values());
        int[] theirs = OnHeap.ints(
                ArrayFiles.read(data.resolve("labelsTs/head_1.nii.gz")).values());
        double both = 0;
        double all = 0;
        for (int i = 0; i < own.length; i++) {
            both += own[i] == 1 && theirs[i] == 1 ? 1 : 0;
            all += (own[i] == 1 ? 1 : 0) + (theirs[i] == 1 ? 1 : 0);
        }
        double dice = result("list").get("metrics").get("dice_a").asDouble();
        assertEquals(2 * both / all, dice, 1e-12);
        assertTrue(dice < 0.999, "too good to tell something: " + dice);
    }

    @Test
    void measuresRegions() throws IOException {
        Path list = folder.resolve("list.csv");
        Path from = REGIONS.resolve("case_0");
        Files.writeString(
                list,
                "input,target\n" + from.resolve("image_0000.nii.gz") + "," + from.resolve("segmentation.nii.gz")
                        + "\n");
        assertEquals(0, run("evaluate", model(REGIONS), "--data", list.toString()), said);
        JsonNode metrics = result("list").get("metrics");
        assertEquals(1, metrics.get("dice_whole").asDouble(), 1e-3, said);
        assertEquals(1, metrics.get("dice_core").asDouble(), 1e-3, said);
    }

    @Test
    void saysWhatDoesNotFit() throws IOException {
        String model = model(TWO_CHANNELS);
        String images = data.resolve("imagesTs").toString();
        refused("--targets", "evaluate", model, "--data", images);
        refused("--spacing", "evaluate", model, "--data", data.toString(), "--spacing", "1");
        refused("--part", "evaluate", model, "--data", data.toString(), "--part", "validation");
        refused("is not there", "evaluate", model, "--data", "brain");

        Files.copy(
                data.resolve("labelsTs/head_0.nii.gz"),
                data.resolve("labelsTs/head_1.nii.gz"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        refused("image's grid", "evaluate", model, "--data", data.toString(), "--strict", "--fast", "--step", "1");
        assertFalse(Files.exists(folder.resolve("evaluation-set.json")));

        Files.delete(data.resolve("labelsTs/head_1.nii.gz"));
        refused("head_1_0000.nii.gz: has no mask", "evaluate", model, "--data", data.toString());
    }

    private void refused(String why, String... arguments) {
        assertEquals(2, run(arguments), said);
        assertTrue(said.contains(why), said);
    }
}
