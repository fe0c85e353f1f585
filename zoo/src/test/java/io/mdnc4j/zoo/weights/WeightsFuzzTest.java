package io.mdnc4j.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Damaged files either load with the right values or end in a {@link WeightsException}, in bounded memory. Zip files have
 * checksums, so that there the right values are those of the undamaged file; of others they are what the damaged file says.
 */
@Timeout(1200) // only against endless loops
class WeightsFuzzTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Heap that reading may take in all, beyond some times the size of the file. */
    private static final long MEMORY = 16 << 20;

    @TempDir
    Path folder;

    static Stream<Path> files() throws IOException {
        return files("checkpoints");
    }

    /** nnU-Net's among them, with an optimiser's state and records of the training. */
    static Stream<Path> allFiles() throws IOException {
        return files("");
    }

    private static Stream<Path> files(String part) throws IOException {
        Path root = Path.of(System.getProperty("reference.dir")).resolve(part);
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> path.toString().matches(".*\\.(pth|safetensors)")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void damagedFiles(Path file) throws IOException {
        fuzz(file, 150);
    }

    @ParameterizedTest
    @MethodSource("allFiles")
    @Tag("long")
    void manyDamagedFiles(Path file) throws IOException {
        fuzz(file, 5_000);
    }

    private void fuzz(Path file, int count) throws IOException {
        SplittableRandom random = new SplittableRandom(file.toString().hashCode());
        byte[] whole = Files.readAllBytes(file);
        Map<String, double[]> values = values(Weights.load(file));
        boolean zip = whole[0] == 'P';
        Path damaged = folder.resolve("damaged");
        int loaded = 0;
        for (int i = 0; i < count; i++) {
            boolean repacked = zip && i % 3 == 0;
            if (repacked) {
                repack(file, damaged, random);
            } else {
                Files.write(damaged, Mutations.of(whole, random));
            }
            try {
                Map<String, double[]> found = bounded(damaged);
                loaded++;
                if (zip && !repacked) {
                    assertEquals(values.keySet(), found.keySet());
                    found.forEach((key, value) -> assertArrayEquals(values.get(key), value, key));
                }
                if (file.toString().endsWith("safetensors")) {
                    requireAsStated(damaged, found);
                }
            } catch (WeightsException e) {
                assertTrue(e.getMessage().startsWith(damaged.toString()), e.getMessage());
            }
        }
        assertTrue(loaded < count, "no damage was seen");
    }

    /** Damages the pickle inside, and repairs the checksums around it. */
    private static void repack(Path file, Path damaged, SplittableRandom random) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(Zips.read(file));
        entries.replaceAll((name, bytes) -> name.endsWith("data.pkl") ? Mutations.of(bytes, random) : bytes);
        Zips.write(damaged, entries);
    }

    private static Map<String, double[]> bounded(Path file) throws IOException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            return values(Weights.load(file));
        } finally {
            long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(taken < MEMORY + 200 * Files.size(file), file + " took " + taken + " bytes");
        }
    }

    private static Map<String, double[]> values(Weights weights) throws WeightsException {
        Map<String, double[]> values = new LinkedHashMap<>();
        for (String key : weights.tensors().keySet()) {
            values.put(key, weights.read(key, DataType.DOUBLE).dup('c').data().asDouble());
        }
        return values;
    }

    /** The format read plainly: every tensor's elements are where the header says. */
    private static void requireAsStated(Path file, Map<String, double[]> values) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) bytes.getLong(0);
        var header = new com.fasterxml.jackson.databind.ObjectMapper().readTree(bytes.array(), 8, length);
        values.forEach((key, found) -> {
            var entry = header.get(key);
            TensorType type = TensorType.ofSafetensors(entry.get("dtype").asText());
            int start = 8 + length + entry.get("data_offsets").get(0).asInt();
            for (int i = 0; i < found.length; i++) {
                assertEquals(type.decode(bytes, start + i * type.size()), found[i], key);
            }
        });
    }
}
