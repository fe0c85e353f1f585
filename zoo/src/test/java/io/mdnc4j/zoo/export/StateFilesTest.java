package io.mdnc4j.zoo.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** safetensors and PyTorch files: what was read from one goes into another unchanged. */
class StateFilesTest {
    private static final ModelDescription DESCRIPTION = new ModelDescription(
            "resnet.unet3d",
            "segmentation",
            List.of(1L, 8L, 8L, 8L),
            null,
            List.of("rest", "brain"),
            "au",
            360.0,
            List.of(1.0, 1.0, 2.5),
            Map.of("data", "\u00e4 \"quoted\" name"));

    @TempDir
    Path folder;

    static Set<String> checkpoints() {
        return Checkpoints.NETWORKS.keySet();
    }

    /** One tensor of a safetensors file. */
    private record Stored(String type, String shape, byte[] bytes) {}

    /** Read by hand, apart from our own reader. */
    private static Map<String, Stored> safetensors(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong();
        JsonNode json = new ObjectMapper().readTree(bytes.array(), Long.BYTES, header);
        int start = Long.BYTES + header;
        assertEquals(0, start % 8);
        Map<String, Stored> tensors = new LinkedHashMap<>();
        List<int[]> places = new ArrayList<>();
        json.properties().forEach(entry -> {
            if (entry.getKey().equals("__metadata__")) {
                return;
            }
            int from = entry.getValue().get("data_offsets").get(0).asInt();
            int to = entry.getValue().get("data_offsets").get(1).asInt();
            places.add(new int[] {from, to});
            String type = entry.getValue().get("dtype").asText();
            if (file.endsWith("exported.safetensors")) {
                assertEquals(0, from % (Integer.parseInt(type.substring(1)) / 8), "aligned");
            }
            tensors.put(
                    entry.getKey(),
                    new Stored(
                            type,
                            entry.getValue().get("shape").toString(),
                            Arrays.copyOfRange(bytes.array(), start + from, start + to)));
        });
        places.sort((a, b) -> Integer.compare(a[0], b[0]));
        int end = 0;
        for (int[] place : places) {
            assertEquals(end, place[0], "no gaps");
            end = place[1];
        }
        assertEquals(bytes.capacity(), start + end);
        return tensors;
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void safetensorsHaveTheBytesOfTheReference(String name) throws IOException {
        Path exported = folder.resolve("exported.safetensors");
        ExportFormat.SAFETENSORS.write(Checkpoints.network(name), null, exported);
        Map<String, Stored> ours = safetensors(exported);
        Map<String, Stored> theirs = safetensors(Checkpoints.folder(name).resolve("weights.safetensors"));
        assertEquals(List.copyOf(theirs.keySet()), List.copyOf(ours.keySet()));
        theirs.forEach((key, stored) -> {
            assertEquals(stored.shape, ours.get(key).shape, key);
            if (stored.type.equals("F16")) { // computed with, and stored, as F32
                assertEquals("F32", ours.get(key).type, key);
                return;
            }
            assertEquals(stored.type, ours.get(key).type, key);
            assertArrayEquals(stored.bytes, ours.get(key).bytes, key);
        });
    }

    @Tag("long")
    @Test
    void torchReadsWhatItWouldHaveWritten() throws Exception {
        List<Path> pairs = new ArrayList<>();
        for (String name : checkpoints()) {
            Path exported = folder.resolve(name + ".pth");
            ExportFormat.PTH.write(Checkpoints.network(name), DESCRIPTION, exported);
            pairs.addAll(List.of(exported, Checkpoints.folder(name).resolve("weights.pth")));
        }
        Python.run("compare.py", pairs.toArray());
    }

    @Tag("long")
    @Test
    void torchComputesTheSameAfterAStrictLoad() throws Exception {
        ComputationGraph network = Checkpoints.network("ckpt-resnet-BlockPlain2d-batch");
        INDArray input = Nd4j.randn(DataType.FLOAT, 3, 4, 9, 8);
        network.fit(new DataSet(input, network.outputSingle(input).mul(0.5)));
        network.fit(new DataSet(input, network.outputSingle(input).mul(0.5)));
        Path weights = folder.resolve("weights.pth");
        ExportFormat.PTH.write(network, null, weights);
        assertEquals(
                3 + 2,
                Weights.load(weights)
                        .read("conv1.0.num_batches_tracked", DataType.DOUBLE)
                        .getDouble());
        Path in = folder.resolve("in.npy");
        Path out = folder.resolve("out.npy");
        Files.write(in, Nd4j.toNpyByteArray(input));
        Python.run("block.py", weights, in, out);
        INDArray theirs = Nd4j.createFromNpyFile(out.toFile());
        assertTrue(network.outputSingle(input).equalsWithEps(theirs, 1e-4), "equal outputs");
    }

    @ParameterizedTest
    @EnumSource(
            value = ExportFormat.class,
            names = {"SAFETENSORS", "PTH"})
    void ownReaderGetsEqualParameters(ExportFormat format) throws IOException {
        for (String name : checkpoints()) {
            ComputationGraph network = Checkpoints.network(name);
            Path file = folder.resolve("model." + format.code());
            format.write(network, DESCRIPTION, file);
            ComputationGraph other = Checkpoints.NETWORKS.get(name).get();
            assertTrue(Weights.load(file).into(other).complete());
            assertEquals(StateDict.of(network), StateDict.of(other));
        }
    }

    @Test
    void theDescriptionGoesWithThem() throws IOException {
        ComputationGraph network = Checkpoints.network("ckpt-resnet-UNet3d");
        Path safetensors = folder.resolve("model.safetensors");
        ExportFormat.SAFETENSORS.write(network, DESCRIPTION, safetensors);
        Map<String, String> metadata = Weights.load(safetensors).metadata();
        assertEquals("pt", metadata.get("format"));
        assertEquals(DESCRIPTION, ModelDescription.fromJson(metadata.get(ModelDescription.NOTE)));

        Path pth = folder.resolve("model.pth");
        ExportFormat.PTH.write(network, DESCRIPTION, pth);
        try (ZipFile zip = new ZipFile(pth.toFile())) {
            byte[] json =
                    zip.getInputStream(zip.getEntry("archive/mdnc4j.json")).readAllBytes();
            assertEquals(DESCRIPTION, ModelDescription.fromJson(new String(json, StandardCharsets.UTF_8)));
        }
    }

    @Test
    void elementsCanBeMapped() throws IOException {
        Path pth = folder.resolve("model.pth");
        ExportFormat.PTH.write(Checkpoints.network("ckpt-conv-UNet2d"), null, pth);
        try (ZipFile zip = new ZipFile(pth.toFile())) {
            Enumeration<ZipArchiveEntry> entries = zip.getEntries();
            for (ZipArchiveEntry entry : Collections.list(entries)) {
                assertEquals(ZipArchiveEntry.STORED, entry.getMethod(), entry.getName());
                assertEquals(0, entry.getDataOffset() % 64, entry.getName());
            }
        }
    }

    @Test
    void aFailedExportLeavesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("model.onnx"), "old");
        ComputationGraph network = Checkpoints.network("ckpt-conv-UNet2d");
        assertThrows(
                IOException.class,
                () -> ExportFormat.PTH.write(
                        network, null, folder.resolve("missing").resolve("model.pth")));
        assertEquals("old", Files.readString(file));
        assertEquals(ExportFormat.PTH, ExportFormat.of(Path.of("a.PT")));
        assertThrows(IllegalArgumentException.class, () -> ExportFormat.of(Path.of("a.zip")));
    }

    /** All names that nnU-Net's own checkpoint has for the tensors, so that PyTorch's {@code load_state_dict} misses none. */
    @ParameterizedTest
    @ValueSource(strings = {"plain-3d-anisotropic", "residual-2d-slices", "residual-3d-regions"})
    void torchFilesHaveAllNamesOfNnunet(String model) throws IOException {
        Path checkpoint =
                Path.of(System.getProperty("reference.dir"), "nnunet/models", model, "fold_0/checkpoint_final.pth");
        Weights stored = Weights.load(checkpoint, "network_weights");
        Path exported = folder.resolve("exported.pth");
        ExportFormat.of(exported).write(stored.network(), null, exported);
        assertEquals(names(checkpoint), names(exported));
        assertEquals(stored.tensors().keySet(), Weights.load(exported).tensors().keySet());
    }

    private static Set<String> names(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (entry.getName().endsWith("data.pkl")) {
                    String pickle = new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
                    return Pattern.compile("(?:encoder|decoder)[\\w.]+\\.(?:weight|bias)")
                            .matcher(pickle)
                            .results()
                            .map(MatchResult::group)
                            .collect(Collectors.toSet());
                }
            }
        }
        throw new IOException("no pickle in " + file);
    }
}
