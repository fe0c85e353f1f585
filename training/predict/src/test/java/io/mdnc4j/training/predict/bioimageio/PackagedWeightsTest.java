package io.mdnc4j.training.predict.bioimageio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptions of packages become those of this library, or are refused in one way. */
class PackagedWeightsTest {
    /** As bioimageio.spec writes them; the place of each line that tests change is in it. */
    static final String RDF = """
            format_version: 0.5.4
            type: model
            name: Nuclei of cells
            license: MIT
            authors:
            - name: Ada Lovelace
            inputs:
            - id: raw
              axes:
              - type: batch
              - type: channel
                channel_names: [red, green]
              - {type: space, id: y, unit: micrometer, scale: 0.5, size: {min: 16, step: 16}}
              - {type: space, id: x, unit: micrometer, scale: 0.25, size: 80}
              data: {type: float32, unit: mV}
              preprocessing:
              - id: ensure_dtype
                kwargs: {dtype: float32}
              - id: zero_mean_unit_variance
                kwargs: {axes: [y, x], eps: 1.0e-06}
            outputs:
            - id: mask
              axes:
              - type: batch
              - type: channel
                channel_names: [outside, nucleus]
              - {type: space, id: y, halo: 16, size: {tensor_id: raw, axis_id: y}}
              - {type: space, id: x, size: {tensor_id: raw, axis_id: x}}
              postprocessing:
              - id: softmax
                kwargs: {axis: channel}
            weights:
              pytorch_state_dict:
                source: weights.pt
                architecture: {callable: UNet, import_from: some.where}
                pytorch_version: 2.5.1
            """;

    @TempDir
    Path folder;

    static Path zip(Path file, Map<String, byte[]> entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return file;
    }

    private Path packaged(String rdf) throws IOException {
        return zip(
                folder.resolve("package.zip"),
                Map.of("rdf.yaml", rdf.getBytes(StandardCharsets.UTF_8), "weights.pt", new byte[100]));
    }

    private ModelDescription read(String rdf) throws IOException {
        try (PackagedWeights weights = PackagedWeights.open(packaged(rdf))) {
            assertEquals(100, Files.size(weights.weights()));
            return weights.description();
        }
    }

    private void refused(String part, String rdf) throws IOException {
        Path file = packaged(rdf);
        PackageException e = assertThrows(PackageException.class, () -> PackagedWeights.open(file));
        assertTrue(e.getMessage().contains(part) && e.getMessage().startsWith(file.toString()), e.getMessage());
        assertTrue(e.getMessage().length() < 1000 + file.toString().length(), "short");
    }

    @Test
    void descriptionsAreThoseOfThisLibrary() throws IOException {
        Path weights;
        try (PackagedWeights read = PackagedWeights.open(packaged(RDF))) {
            weights = read.weights();
            ModelDescription description = read.description();
            assertEquals(List.of(2L, 64L, 80L), description.inputShape());
            assertEquals("segmentation", description.task());
            assertEquals(List.of("outside", "nucleus"), description.classes());
            assertEquals(new Normalization(Normalization.By.CHANNEL, null, null, false), description.normalization());
            assertEquals(List.of(0.0005, 0.00025), description.spacing());
            assertEquals("mV", description.unit());
            assertEquals(0.5, description.windows().overlap());
            assertEquals("Ada Lovelace", description.properties().get("authors"));
            assertFalse(read.sigmoid());
            assertTrue(read.notes().get(0).contains("eps (1.0E-6)"));
            read.requireLike(2, 2, 2);
            assertThrows(PackageException.class, () -> read.requireLike(2, 1, 2));
        }
        assertFalse(Files.exists(weights));
        assertFalse(Files.exists(weights.getParent()));
    }

    private static String with(String preprocessing) {
        return RDF.replace("id: zero_mean_unit_variance", preprocessing)
                .replace("kwargs: {axes: [y, x], eps: 1.0e-06}", "");
    }

    @Test
    void normalisationsAreThoseOfThisLibrary() throws IOException {
        assertEquals(
                Normalization.By.SAMPLE,
                read(RDF.replace("axes: [y, x], ", "")).normalization().by());
        assertEquals(
                Normalization.By.SAMPLE,
                read(RDF.replace("axes: [y, x]", "axes: [batch, channel, x, y]"))
                        .normalization()
                        .by());
        assertEquals(
                new Normalization(Normalization.By.SET, List.of(3.0, 4.0), List.of(1.0, 0.5), false),
                read(with(
                                "{id: fixed_zero_mean_unit_variance, kwargs: {mean: [3, 4], std: [1.0, 0.5], axis: channel}}"))
                        .normalization());
        assertEquals(
                new Normalization(Normalization.By.SET, List.of(-4.0, -4.0), List.of(4.0, 4.0), false),
                read(with("{id: scale_linear, kwargs: {gain: 0.25, offset: 1}}"))
                        .normalization());
        Normalization undone = read(with("{id: fixed_zero_mean_unit_variance, kwargs: {mean: 3, std: 2}}")
                        .replace("id: softmax", "id: scale_linear")
                        .replace("kwargs: {axis: channel}", "kwargs: {gain: 2, offset: 3}"))
                .normalization();
        assertTrue(undone.restored());
        String plain = RDF.replace("id: softmax", "id: ensure_dtype").replace("{axis: channel}", "{dtype: float32}");
        assertEquals("regression", read(plain).task());
        assertEquals(List.of(), read(plain).classes());
        String sigmoid = RDF.replace("id: softmax", "id: sigmoid").replace("kwargs: {axis: channel}", "");
        try (PackagedWeights weights = PackagedWeights.open(packaged(sigmoid))) {
            assertTrue(weights.sigmoid());
            assertEquals("regression", weights.description().task());
        }
        String signal = RDF.replace(
                        "{type: space, id: y, unit: micrometer, scale: 0.5, size: {min: 16, step: 16}}",
                        "{type: time, unit: millisecond, scale: 4, size: 512}")
                .replace(
                        "              - {type: space, id: x, unit: micrometer, scale: 0.25, size: 80}\n".stripIndent(),
                        "")
                .replaceAll("  - \\{type: space, id: x.*\\n", "")
                .replaceAll("  - \\{type: space, id: y.*\\n", "")
                .replace("axes: [y, x]", "axes: [time]");
        ModelDescription ofSignal = read(signal);
        assertEquals(250.0, ofSignal.samplingRate());
        assertEquals(List.of(2L, 512L), ofSignal.inputShape());
        assertNull(ofSignal.windows());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type: model|type: dataset|is no model",
                "format_version: 0.5.4|format_version: 0.4.9|0.5",
                "pytorch_state_dict|torchscript|only those as pytorch_state_dict",
                "pytorch_state_dict|onnx|onnx",
                "source: weights.pt|source: other.pt|not in it",
                "source: weights.pt|source: ../weights.pt|not in it",
                "source: weights.pt|source: https://example.org/w.pt|not in it",
                "pytorch_version: 2.5.1|sha256: 00|SHA-256",
                "id: zero_mean_unit_variance|id: scale_range|scale_range",
                "axes: [y, x]|axes: [x]|neither",
                "eps: 1.0e-06|eps: .inf|finite",
                "id: softmax|id: binarize|binarize",
                "{axis: channel}|{axis: x}|softmax",
                "dtype: float32|dtype: uint8|round",
                "size: 80|size: 0|size",
                "size: 80|size: 1e9|no mapping",
                "size: 80|size: {tensor_id: raw, axis_id: y}|min and step",
                "size: 80|size: {min: 1, step: 0}|size",
                "scale: 0.25|scale: -1|positive",
                "channel_names: [red, green]|channel_names: []|missing",
                "channel_names: [red, green]|channel_names: [1, 2]|no text",
                "name: Ada Lovelace|name: !!java.net.URL http://example.org|no YAML",
                "name: Nuclei of cells|name: !!python/object/apply:os.system [id]|no YAML",
                "name: Nuclei of cells|name: a\\nname: b|no YAML",
                "inputs:|input:|0 tensors",
                "weights:|weights: 3\\nwas:|no mapping",
            })
    void whatIsNotSupportedIsRefused(String there, String other, String part) throws IOException {
        assertTrue(RDF.contains(there));
        refused(part, RDF.replace(there, other.replace("\\n", "\n")));
    }

    @Test
    void whatTakesMemoryIsRefused() throws IOException {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append(", *a")
                    .append(i - 1)
                    .append("]\n");
        }
        refused("no YAML", bomb + RDF);
        refused("levels", "deep: " + "[".repeat(100_000) + "\n" + RDF);
        refused("levels", "deep: " + "{a: ".repeat(10_000) + "\n" + RDF);
        refused("bytes", "# " + "x".repeat(1 << 20) + "\n" + RDF);
        refused("no YAML", "a: &a [*a]\n" + RDF);
        refused("no YAML", "\u0000");
        refused("no mapping", "3");
        refused("missing", "");
        refused("no YAML", "- [");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../rdf.yaml", "/rdf.yaml", "a/rdf.yaml", "C:\\rdf.yaml"})
    void archivesThatAreNoPackagesAreRefused(String name) throws IOException {
        Path file = zip(
                folder.resolve("package.zip"),
                Map.of(name, RDF.getBytes(StandardCharsets.UTF_8), "weights.pt", new byte[100]));
        assertThrows(PackageException.class, () -> PackagedWeights.open(file));
        Path text = Files.writeString(folder.resolve("text.zip"), RDF);
        assertThrows(PackageException.class, () -> PackagedWeights.open(text));
        assertThrows(PackageException.class, () -> PackagedWeights.open(folder));
        assertThrows(PackageException.class, () -> PackagedWeights.open(folder.resolve("none.zip")));
    }

    @Test
    void whatTakesTheDiskIsRefused() throws IOException {
        Path file = zip(
                folder.resolve("package.zip"),
                Map.of("rdf.yaml", RDF.getBytes(StandardCharsets.UTF_8), "weights.pt", new byte[(64 << 20) + 1]));
        PackageException e = assertThrows(PackageException.class, () -> PackagedWeights.open(file));
        assertTrue(e.getMessage().contains("67108865 bytes"), e.getMessage());
    }

    /** Any damage ends in the one exception, or in a description. */
    @Property(tries = 100)
    void damageEndsInOneException(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = RDF.getBytes(StandardCharsets.UTF_8);
        String[] parts = {"[", "{", "-", ":", " ", "\n", "&a", "*a", "!!set", "null", "1e400", "~", "'", "\"", "|", "? "
        };
        StringBuilder text = new StringBuilder(new String(bytes, StandardCharsets.UTF_8));
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            int place = random.nextInt(text.length());
            if (random.nextBoolean()) {
                text.insert(place, parts[random.nextInt(parts.length)]);
            } else {
                text.delete(place, Math.min(text.length(), place + 1 + random.nextInt(12)));
            }
        }
        Path file = Files.createTempFile("package", ".zip");
        try {
            zip(
                    file,
                    Map.of("rdf.yaml", text.toString().getBytes(StandardCharsets.UTF_8), "weights.pt", new byte[100]));
            try (PackagedWeights weights = PackagedWeights.open(file)) {
                ModelDescription.fromJson(weights.description().toJson());
            } catch (PackageException e) {
                assertFalse(e.getMessage().contains("cannot be read"), e.getMessage());
            }
        } finally {
            Files.delete(file);
        }
    }
}
