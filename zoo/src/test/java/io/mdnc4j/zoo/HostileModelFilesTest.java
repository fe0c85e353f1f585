package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.zoo.weights.Mutations;
import io.mdnc4j.zoo.weights.Zips;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Model files made to do harm, or damaged. */
@Timeout(1200) // only against endless loops
class HostileModelFilesTest {
    private static final String CONFIGURATION = ModelSerializer.CONFIGURATION_JSON;

    @TempDir
    Path folder;

    private ComputationGraph network;
    private Path good;

    @BeforeEach
    void writeOne() throws IOException {
        network = model(2).init();
        network.fit(new DataSet(Nd4j.rand(2, 1, 8), Nd4j.rand(2, 1, 8)));
        good = folder.resolve("good.zip");
        ModelFiles.write(network, good, Map.of("note", "{}"));
    }

    private static NetworkModel model(int channel) {
        return NetworkModel.builder("conv.ae1d")
                .channel(channel)
                .layers(1, 1)
                .inputShape(1, 8)
                .build();
    }

    private Path changed(String entry, UnaryOperator<byte[]> change) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(Zips.read(good));
        entries.put(entry, change.apply(entries.get(entry)));
        return Zips.write(folder.resolve("changed.zip"), entries);
    }

    private static byte[] replace(byte[] text, String from, String to) {
        String old = new String(text, StandardCharsets.UTF_8);
        assertTrue(old.contains(from), from);
        return old.replace(from, to).getBytes(StandardCharsets.UTF_8);
    }

    private static void refused(String problem, Path file) {
        ModelFileException e = assertThrows(ModelFileException.class, () -> ModelFiles.read(file));
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertTrue(e.getMessage().contains(problem), e.getMessage());
    }

    @Test
    void ourFilesAndDl4jsAreTheSame() throws IOException {
        ComputationGraph theirs = ModelSerializer.restoreComputationGraph(good.toFile(), true);
        assertEquals(network.params(), theirs.params());
        assertEquals(
                network.getUpdater().getStateViewArray(), theirs.getUpdater().getStateViewArray());
        Path written = folder.resolve("theirs.zip");
        ModelSerializer.writeModel(network, written.toFile(), true);
        ComputationGraph ours = ModelFiles.read(written);
        assertEquals(network.params(), ours.params());
        assertEquals(network.getUpdater().getStateViewArray(), ours.getUpdater().getStateViewArray());
        assertEquals("{}", ModelFiles.readNote(good, "note"));
        assertThrows(ModelFileException.class, () -> ModelFiles.readNote(good, "absent"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"preprocessor.bin", "normalizer.bin", "other"})
    void serialisedObjects(String entry) throws IOException {
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(object)) {
            out.writeObject(new Trap());
        }
        refused("Java objects", changed(entry, old -> object.toByteArray()));
        assertEquals(0, Trap.sprung);
    }

    /** Tells when it is deserialised. */
    static final class Trap implements java.io.Serializable {
        static int sprung;

        private void readObject(java.io.ObjectInputStream in) {
            sprung++;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javax.swing.JEditorPane",
                "java.util.ArrayList",
                "org.nd4j.shade.jackson.databind.node.POJONode",
                "io.mdnc4j.blocks.conf.PReLU<javax.swing.JEditorPane>",
                "[Lio.mdnc4j.blocks.conf.PReLU;",
                "io.mdnc4jx.Evil",
                ""
            })
    void foreignClasses(String name) throws IOException {
        refused(
                "neither DL4J's nor ours",
                changed(CONFIGURATION, json -> replace(json, "io.mdnc4j.blocks.conf.PReLU", name)));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"nin\" : 2', '\"nin\" : 2000000000'",
        "'\"nin\" : 2', '\"nin\" : -2'",
        "'\"nout\" : 2', '\"nout\" : 9223372036854775807'",
        "'\"nout\" : 2', '\"nout\" : 3'"
    })
    void sizesThatDoNotMatch(String from, String to) throws IOException {
        refused("", changed(CONFIGURATION, json -> replace(json, from, to)));
    }

    @Test
    void arraysThatDoNotMatch() throws IOException {
        refused("damaged", changed(ModelSerializer.COEFFICIENTS_BIN, bytes -> Arrays.copyOf(bytes, bytes.length + 1)));
        refused("", changed(ModelSerializer.COEFFICIENTS_BIN, bytes -> Arrays.copyOf(bytes, bytes.length - 1)));
        refused("", changed(ModelSerializer.COEFFICIENTS_BIN, bytes -> new byte[0]));
        refused("", changed(ModelSerializer.UPDATER_BIN, bytes -> Arrays.copyOf(bytes, bytes.length / 2)));
        refused("no entry", Zips.write(folder.resolve("empty.zip"), Map.of("note.json", new byte[2])));
    }

    @Test
    void nestingAndSizes() throws IOException {
        refused("", changed(CONFIGURATION, json -> "[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8)));
        refused("at most", Zips.pack(folder.resolve("text.zip"), Map.of(CONFIGURATION, new byte[64 << 20])));
    }

    /** Parameters of 0 that pack to a thousandth, with a configuration that does want as many. */
    @Test
    void bomb() throws IOException {
        NetworkModel large = model(3000);
        String json = large.conf().toJson();
        long count = StateDict.shapesOf(large.spec()).values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum();
        byte[] head = Arrays.copyOf(Zips.read(good).get(ModelSerializer.COEFFICIENTS_BIN), 0x71);
        byte[] zeros = Arrays.copyOf(head, (int) (head.length + count * Float.BYTES));
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(CONFIGURATION, json.getBytes(StandardCharsets.UTF_8));
        entries.put(ModelSerializer.COEFFICIENTS_BIN, zeros);
        refused("unpacks to", Zips.pack(folder.resolve("bomb.zip"), entries));
    }

    @Test
    void damagedFiles() throws IOException {
        fuzz(400);
    }

    @Test
    @Tag("long")
    void manyDamagedFiles() throws IOException {
        fuzz(20_000);
    }

    /** Half of the files are damaged as a whole, half in one entry, with checksums that are right again. */
    private void fuzz(int count) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        byte[] whole = Files.readAllBytes(good);
        String[] names = Zips.read(good).keySet().toArray(String[]::new);
        int loaded = 0;
        for (int i = 0; i < count; i++) {
            boolean outside = i % 2 == 0;
            Path file = outside
                    ? Files.write(folder.resolve("damaged.zip"), Mutations.of(whole, random))
                    : changed(names[random.nextInt(names.length)], bytes -> Mutations.of(bytes, random));
            try {
                ComputationGraph found = ModelFiles.read(file);
                loaded++;
                if (outside) {
                    assertEquals(network.params(), found.params());
                }
            } catch (ModelFileException e) {
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            }
        }
        assertTrue(loaded < count, "no damage was seen");
    }
}
