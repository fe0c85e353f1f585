package io.mdnc4j.training.predict.bioimageio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.predict.OnnxRuntime;
import io.mdnc4j.training.predict.bioimageio.PackageText.Author;
import io.mdnc4j.training.predict.bioimageio.PackageText.Citation;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelDescription.Output;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Pretrained;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.nnunet.ModelFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Packages keep to the specification's own schema, and hold what they say. */
class ModelPackageTest {
    private static final Schema SCHEMA = schema();
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final PackageText TEXT = new PackageText(
            "Nuclei of cells",
            "Finds nuclei: \"bright\" ones, and those of \u00e4\u2026 others",
            "CC-BY-4.0",
            List.of(
                    Author.parse("Ada Lovelace; affiliation=University of London; orcid=0000-0002-1825-0097"),
                    Author.parse("Charles Babbage")),
            List.of(Citation.parse("Lovelace, Notes; url=https://example.org/notes")),
            List.of("nuclei", "yes"),
            null);

    @TempDir
    Path folder;

    private static Schema schema() {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(ModelPackageTest.class.getResourceAsStream("model_schema.json"));
    }

    private static ModelDescription description(Task task, List<Long> shape, Normalization how, String... classes) {
        return new ModelDescription(
                null, task.code(), shape, how, List.of(classes), "mV", null, null, Map.of("data", "cells"));
    }

    private static ComputationGraph unet(int classes) {
        return NetworkModel.builder("conv.unet2d")
                .inputShape(1, 16, 12)
                .outPlanes(classes)
                .channel(4)
                .layers(1, 1)
                .task(classes > 1 ? Task.SEGMENTATION : Task.DENOISING)
                .build()
                .init();
    }

    /** Unpacks, validates, and computes the output again; returns the description. */
    private JsonNode checked(Path file, double tolerance) throws IOException, OrtException {
        Path unpacked = Files.createTempDirectory(folder, "unpacked");
        Set<String> names = new TreeSet<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                names.add(entry.getName());
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, unpacked.resolve(entry.getName()));
                }
            }
        }
        Object yaml =
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(unpacked.resolve("rdf.yaml")));
        JsonNode rdf = MAPPER.valueToTree(yaml);
        List<com.networknt.schema.Error> faults = SCHEMA.validate(rdf);
        assertTrue(faults.isEmpty(), faults::toString);
        for (JsonNode part :
                List.of(rdf.at("/weights/onnx"), rdf.at("/inputs/0/test_tensor"), rdf.at("/outputs/0/test_tensor"))) {
            assertEquals(
                    part.get("sha256").asText(),
                    sha256(unpacked.resolve(part.get("source").asText())));
        }
        assertEquals(
                new TreeSet<>(Set.of(
                        "rdf.yaml",
                        "weights.onnx",
                        "test_input.npy",
                        "test_output.npy",
                        "README.md",
                        rdf.at("/covers/0").asText())),
                names);
        INDArray input = ArrayFiles.read(unpacked.resolve("test_input.npy")).values();
        INDArray output = ArrayFiles.read(unpacked.resolve("test_output.npy")).values();
        try (OnnxRuntime runtime = new OnnxRuntime(unpacked.resolve("weights.onnx"))) {
            INDArray again = runtime.output(input);
            assertArrayEquals(output.shape(), again.shape());
            double largest = output.amaxNumber().doubleValue();
            double difference = output.sub(again).amaxNumber().doubleValue();
            assertTrue(largest > 0 && difference <= tolerance * largest, () -> difference + " of " + largest);
        }
        assertEquals(input.rank(), rdf.at("/inputs/0/axes").size());
        assertEquals(output.rank(), rdf.at("/outputs/0/axes").size());
        assertTrue(Files.readString(unpacked.resolve("README.md")).contains("# Validation"));
        if (rdf.at("/covers/0").asText().endsWith(".png")) {
            Path cover = unpacked.resolve("cover.png");
            BufferedImage image = ImageIO.read(cover.toFile());
            assertEquals(2 * image.getHeight(), image.getWidth());
            assertTrue(Files.size(cover) < 500_000);
        }
        return rdf;
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void packagesOfSeveralLabelsHaveTheirProbabilities() throws IOException, OrtException {
        ComputationGraph network = NetworkModel.builder("conv.unet2d")
                .inputShape(1, 16, 12)
                .outPlanes(2)
                .channel(4)
                .layers(1, 1)
                .task(Task.MULTI_LABEL_SEGMENTATION)
                .build()
                .init();
        Path file = folder.resolve("labels.zip");
        ModelPackage.builder(
                        network,
                        description(
                                Task.MULTI_LABEL_SEGMENTATION,
                                List.of(1L, 16L, 12L),
                                Normalization.NONE,
                                "cell",
                                "nucleus"),
                        TEXT)
                .build()
                .write(file);
        JsonNode output = checked(file, 1e-4).at("/outputs/0");
        assertEquals(
                "probabilities of any number of cell, nucleus",
                output.path("description").asText());
        assertEquals("nucleus", output.at("/axes/1/channel_names/1").asText());
    }

    @Test
    void packagesKeepToTheSchema() throws IOException, OrtException {
        Normalization how = new Normalization(Normalization.By.SAMPLE, null, null, false);
        ModelDescription description = description(
                        Task.SEGMENTATION, List.of(1L, 16L, 12L), how, "back ground", "2 nuclei", "2-nuclei")
                .withGrid(null, List.of(0.25, 0.5), null);
        Path file = folder.resolve("package.zip");
        ModelPackage.builder(unet(3), description, TEXT).build().write(file);
        JsonNode rdf = checked(file, 1e-4);
        assertEquals("Nuclei of cells", rdf.get("name").asText());
        assertEquals(TEXT.description(), rdf.get("description").asText());
        assertEquals("0000-0002-1825-0097", rdf.at("/authors/0/orcid").asText());
        assertEquals("yes", rdf.at("/tags/1").asText());
        assertEquals(
                MAPPER.readTree("[\"back_ground\", \"_2_nuclei\", \"_2_nuclei_2\"]"),
                rdf.at("/outputs/0/axes/1/channel_names"));
        assertEquals(
                MAPPER.readTree("{\"type\": \"space\", \"id\": \"y\", \"size\": {\"min\": 16, \"step\": 1}}"),
                rdf.at("/inputs/0/axes/2"));
        assertEquals(
                MAPPER.readTree("{\"type\": \"space\", \"id\": \"x\","
                        + " \"size\": {\"tensor_id\": \"input\", \"axis_id\": \"x\"}, \"halo\": 3}"),
                rdf.at("/outputs/0/axes/3"));
        assertEquals("nuclei-of-cells", rdf.at("/config/bioimageio/nickname").asText());
        assertEquals(0.25, rdf.at("/config/mdnc4j/spacing/0").asDouble());
        assertTrue(rdf.at("/config/mdnc4j/normalization/by").asText().equals("none"));
        assertTrue(rdf.at("/inputs/0/preprocessing").isMissingNode(), "nothing is done twice");
        ((ObjectNode) rdf.at("/outputs/0/axes/3")).put("halo", 0);
        assertFalse(SCHEMA.validate(rdf).isEmpty(), "the schema finds what is wrong");
    }

    @Test
    void sizesSamplesAndCoversAreThoseGiven() throws IOException, OrtException {
        Normalization how = new Normalization(Normalization.By.SET, List.of(20.0), List.of(4.0), true);
        ModelDescription description =
                description(Task.DENOISING, List.of(1L, 16L, 12L), how).withOutput(Output.RESIDUAL);
        Path cover = folder.resolve("own.JPG");
        Files.write(cover, new byte[] {1, 2, 3});
        Path file = folder.resolve("package.zip");
        INDArray sample = Nd4j.rand(DataType.FLOAT, 1, 40, 31).muli(9);
        ModelPackage.builder(unet(1), description, TEXT)
                .fixedSize(20, 22)
                .sample(sample)
                .cover(cover)
                .build()
                .write(file);
        JsonNode rdf = checked(file, 1e-4);
        assertEquals(22, rdf.at("/inputs/0/axes/3/size").asInt());
        assertEquals("cover.jpg", rdf.at("/covers/0").asText());
        assertEquals("mV", rdf.at("/outputs/0/data/unit").asText());
        refused(
                "sample",
                () -> ModelPackage.builder(unet(1), description, TEXT)
                        .sample(Nd4j.zeros(1, 15, 12))
                        .build());
        refused("cover", () -> ModelPackage.builder(unet(1), description, TEXT).cover(folder));
        refused(
                "fixedSize",
                () -> ModelPackage.builder(unet(1), description, TEXT)
                        .fixedSize(1, 2, 3)
                        .build());
        refused(
                "model",
                () -> ModelPackage.builder(unet(1), description.withInputShape(List.of()), TEXT)
                        .build());
    }

    @Test
    void numbersOfWholeExamplesAndVectorsCanBePackaged() throws IOException, OrtException {
        ComputationGraph encoder = NetworkModel.builder("resnet.encoder1d")
                .inputShape(2, 20)
                .outLength(2)
                .channel(4)
                .layers(1, 1)
                .task(Task.ESTIMATION)
                .build()
                .init();
        Output numbers = new Output(false, List.of("age", "weight"), List.of(40.0, 70.0), List.of(20.0, 9.0));
        ModelDescription description = description(
                        Task.ESTIMATION,
                        List.of(2L, 20L),
                        new Normalization(Normalization.By.CHANNEL, null, null, false))
                .withOutput(numbers)
                .withGrid(250.0, List.of(), null);
        Path file = folder.resolve("encoder.zip");
        ModelPackage.builder(encoder, description, TEXT).build().write(file);
        JsonNode rdf = checked(file, 1e-4);
        assertEquals(250, rdf.at("/config/mdnc4j/sampling_rate").asDouble());
        assertEquals("time", rdf.at("/inputs/0/axes/2/type").asText());
        assertEquals(20, rdf.at("/inputs/0/axes/2/size").asInt());
        assertEquals("weight", rdf.at("/outputs/0/axes/1/channel_names/1").asText());

        ComputationGraph decoder = NetworkModel.builder("conv.decoder2d")
                .outSize(9, 8)
                .inLength(5)
                .channel(4)
                .layers(1, 1)
                .build()
                .init();
        Path other = folder.resolve("decoder.zip");
        ModelPackage.builder(decoder, description(Task.REGRESSION, List.of(5L), Normalization.NONE), TEXT)
                .build()
                .write(other);
        assertEquals(8, checked(other, 1e-4).at("/outputs/0/axes/3/size").asInt());
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"ecg-denoiser", "digits", "brain-mask"})
    void shippedModelsCanBePackaged(String name) throws IOException, OrtException {
        ModelDescription description =
                Pretrained.named(name).read(file -> ModelFiles.description(file).orElseThrow());
        ComputationGraph network = Pretrained.named(name).read(ModelFiles::read);
        Path file = folder.resolve("package.zip");
        ModelPackage.builder(network, description, TEXT).build().write(file);
        checked(file, 1e-4);
    }

    @Test
    void importedModelsCanBePackaged() throws IOException, OrtException {
        ModelFolder model = ModelFolder.read(
                Path.of(System.getProperty("reference.dir", "../../src/reference"), "nnunet/models/residual-2d-slices"),
                null,
                List.of());
        Path file = folder.resolve("package.zip");
        ModelPackage.Builder builder =
                ModelPackage.builder(model.network(), model.description(), TEXT).processing(model.processing());
        builder.build().write(file);
        checked(file, 1e-4);
        refused("multiples", () -> builder.fixedSize(33).build());
    }

    @Test
    void whatTheSpecificationForbidsIsRefused() {
        refused("name", () -> text("Nucl", "MIT", "A B"));
        refused("name", () -> text("Nuclei, cells", "MIT", "A B"));
        refused("license", () -> text("Nuclei", "MIT License", "A B"));
        refused("license", () -> text("Nuclei", null, "A B"));
        refused("author", () -> text("Nuclei", "MIT"));
        refused("author", () -> Author.parse("A/B"));
        refused("author", () -> Author.parse(""));
        refused("author", () -> Author.parse("A; orcid=0000-0002-1825-0098"));
        refused("author", () -> Author.parse("A; orcid"));
        refused("author", () -> Author.parse("A; mail=a@b.c"));
        refused("author", () -> Author.parse("A; email=a"));
        refused("cite", () -> Citation.parse("A paper"));
        refused("cite", () -> Citation.parse("A paper; doi=11.1/2"));
        refused("cite", () -> Citation.parse("A paper; url=ftp://x"));
        assertEquals("10.1038/x", Citation.parse("A; doi=10.1038/x").doi());
        assertEquals(
                "0000-0002-9079-593X",
                Author.parse("A; orcid=0000-0002-9079-593X").further().get("orcid"));
        assertFalse(Author.parse("A").further().containsKey("orcid"));
    }

    private static PackageText text(String name, String licence, String... authors) {
        return new PackageText(
                name,
                "does something",
                licence,
                java.util.Arrays.stream(authors).map(Author::parse).toList(),
                List.of(),
                List.of(),
                null);
    }

    private static void refused(String argument, Executable action) {
        ArgumentException e = assertThrows(ArgumentException.class, action);
        assertTrue(e.getMessage().contains(argument), e.getMessage());
    }

    /** An input that is nearly the same everywhere would test nothing. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void inputsThatAreMadeUpVary(int axes) {
        long[] shape = {1, 40, 36, 20};
        ModelDescription plain = description(Task.DENOISING, List.of(1L), Normalization.NONE);
        INDArray input = TestInput.of(plain, Arrays.copyOf(shape, axes + 1));
        assertTrue(input.stdNumber().doubleValue() > 0.15, input.stdNumber() + " of a range of 1");
    }
}
