package io.mdnc4j.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.StateDict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Files made to do harm. Pickles are written byte by byte; see Python's {@code pickletools} for the instructions. */
class HostileWeightsTest {
    private static final String TENSOR = "ctorch._utils\n_rebuild_tensor_v2\n";
    private static final String STORAGE = "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0000X\3\0\0\0cpuK\4tQ";

    private static final String DTYPE = "cnumpy\ndtype\n(X\2\0\0\0f8\u0089\u0088tR";
    private static final String LATIN1 = "c_codecs\nencode\n(X\10\0\0\0aaaaaaaaX\6\0\0\0latin1tR";
    private static final String SCALAR = "cnumpy.core.multiarray\nscalar\n";

    @TempDir
    Path folder;

    static Stream<Arguments> pickles() {
        return Stream.of(
                Arguments.of("posix.system", "cposix\nsystem\n(X\u000f\0\0\0touch /tmp/harmtR."),
                Arguments.of("builtins.eval", "cbuiltins\neval\n(X\3\0\0\0001+1tR."),
                Arguments.of("os.system", "X\2\0\0\0osX\6\0\0\0system\u0093(X\2\0\0\0lstR."),
                Arguments.of("instruction", "(X\2\0\0\0lsios\nsystem\n."),
                Arguments.of("os.system", "(cos\nsystem\nX\2\0\0\0lso."),
                Arguments.of("instruction", "\u0082\1."),
                Arguments.of("torch.nn.modules.conv.Conv2d", "ctorch.nn.modules.conv\nConv2d\n)\u0081}b."),
                Arguments.of("attributes", "]}b."),
                Arguments.of("instruction", "(X\1\0\0\0aX\1\0\0\0bdX\1\0\0\0xb."),
                Arguments.of("longer than the file", "X\u00ff\u00ff\u00ff\u007fabc."),
                Arguments.of("longer than the file", "X\u00ff\u00ff\u00ff\u00ffabc."),
                Arguments.of("longer than the file", "\u008d\0\0\0\0\0\0\0\u0010abc."),
                Arguments.of("instruction", "\u008b\u00ff\u00ff\u00ff\u007fabc."),
                Arguments.of("steps", "}q\0(" + "h\0".repeat(12_000_000) + "t."),
                Arguments.of("dictionary", doubled(10_000)),
                Arguments.of("dictionary", "](" + "]".repeat(500_000) + "e."),
                Arguments.of("keys are collections", "}}Ns."),
                Arguments.of("damaged", "}q\0h\1."),
                Arguments.of("instruction", "0000."),
                Arguments.of("damaged", "tttt."),
                Arguments.of("damaged", "}(X\1\0\0\0au."),
                Arguments.of(
                        "does not lie",
                        "}X\1\0\0\0a" + TENSOR + "(" + STORAGE + "K\1K\2K\2\u0086K\2K\1\u0086\u0089}tRs."),
                Arguments.of(
                        "too large",
                        "}X\1\0\0\0a" + TENSOR + "(" + STORAGE
                                + "K\0K\2K\2\u0086\u008a\10\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fK\1\u0086\u0089}tRs."),
                Arguments.of("no tuple", "}X\1\0\0\0a" + TENSOR + "(" + STORAGE + "K\0NK\1\u0085\u0089}tRs."),
                Arguments.of(
                        "axes",
                        "}X\1\0\0\0a" + TENSOR + "(" + STORAGE + "K\0(" + "K\1".repeat(99) + "tq\0h\0\u0089}tRs."),
                Arguments.of(
                        "expect", "}X\1\0\0\0a" + TENSOR + "(" + STORAGE.replace("K\4t", "K\5t") + "K\0))\u0089}tRs."),
                Arguments.of(
                        "two types", "}(X\1\0\0\0a" + STORAGE + "X\1\0\0\0b" + STORAGE.replace("Float", "Int") + "u."),
                Arguments.of("not created", "cnumpy.core.multiarray\n_reconstruct\n(X\1\0\0\0atR."),
                Arguments.of("type of NumPy", DTYPE.replace("f8", "O8") + "."),
                Arguments.of("type of NumPy", "cnumpy\ndtype\n)R."),
                Arguments.of(
                        "little endian",
                        DTYPE + "(K\3X\1\0\0\0>NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb."),
                Arguments.of("little endian", DTYPE + "}b."),
                Arguments.of(
                        "without its bytes",
                        SCALAR + "(" + DTYPE + LATIN1.replace("X\10\0\0\0aaaaaaaa", "X\1\0\0\0a") + "tR."),
                Arguments.of("without its bytes", SCALAR + "(X\1\0\0\0aX\1\0\0\0btR."),
                Arguments.of("encodes a text", LATIN1.replace("latin1", "utf_16") + "."),
                Arguments.of("encodes a text", LATIN1.replace("X\10\0\0\0aaaaaaaa", "X\11\0\0\0aaaaaaaaa") + "."),
                Arguments.of("no storage", "}X\1\0\0\0aX\1\0\0\0bQs."),
                Arguments.of("torch.ComplexFloatStorage", STORAGE.replace("Float", "ComplexFloat") + "."));
    }

    /** A tuple of two of the one before it, and so on: short to write, endless to walk through. */
    private static String doubled(int levels) {
        return ")q\0" + "h\0h\0\u0086q\0".repeat(levels) + ".";
    }

    @ParameterizedTest
    @MethodSource("pickles")
    void picklesThatAreNoTensors(String problem, String pickle) throws IOException {
        byte[] bytes = ("\u0080\2" + pickle).getBytes(StandardCharsets.ISO_8859_1);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a/data.pkl", bytes);
        entries.put("a/data/0", new byte[16]);
        refused(problem, Zips.write(folder.resolve("zip.pth"), entries));
        assertThrows(WeightsException.class, () -> Weights.load(legacy(bytes)));
        assertFalse(Files.exists(Path.of("/tmp/harm")), "a command was run");
    }

    private Path legacy(byte[] pickle) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                ("\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.\u0080\2M\u00e9\3.\u0080\2}X\15\0\0\0little_endian\u0088s.")
                        .getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(pickle);
        out.writeBytes("\u0080\2]X\1\0\0\0000a.\4\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(new byte[16]);
        return Files.write(folder.resolve("legacy.pth"), out.toByteArray());
    }

    /** The same pickle without harm loads, so that the refusals above are for their reasons. */
    @Test
    void harmlessOfTheSameMake() throws IOException {
        byte[] pickle = ("\u0080\2}X\1\0\0\0a" + TENSOR + "(" + STORAGE + "K\0K\2K\2\u0086K\2K\1\u0086\u0089}tRs.")
                .getBytes(StandardCharsets.ISO_8859_1);
        Map<String, byte[]> entries = Map.of("a/data.pkl", pickle, "a/data/0", new byte[16]);
        Path zip = Zips.write(folder.resolve("zip.pth"), entries);
        for (Path file : new Path[] {zip, legacy(pickle)}) {
            assertTrue(Weights.load(file).read("a", DataType.FLOAT).eq(0).all(), file.toString());
        }
    }

    /** Pickles mention an object that is there twice only once. */
    @Test
    void oneTensorUnderTwoKeys() throws IOException {
        String tensor = TENSOR + "(" + STORAGE + "K\0K\2\u0085K\2\u0085\u0089}tRq\1";
        byte[] pickle = ("\u0080\2}(X\10\0\0\0a.weight" + tensor + "X\10\0\0\0b.weighth\1u.")
                .getBytes(StandardCharsets.ISO_8859_1);
        Map<String, byte[]> entries = Map.of("a/data.pkl", pickle, "a/data/0", new byte[16]);
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .addLayer("a", new PReLU.Builder().build(), "input")
                .addLayer("b", new PReLU.Builder().build(), "a")
                .setOutputs("b")
                .setInputTypes(SpatialDims.ONE.inputType(2, 4))
                .validateOutputLayerConfig(false)
                .build());
        network.init();
        Weights.load(Zips.write(folder.resolve("zip.pth"), entries)).into(network);
        assertTrue(network.params().eq(0).all());
    }

    @Test
    void expandedTensorsTakeNoMemoryUnlessAskedFor() throws IOException {
        byte[] pickle = ("\u0080\2}X\1\0\0\0a" + TENSOR + "(" + STORAGE
                        + "K\0J\0\0\0\10J\0\0\0\10\u0086K\0K\0\u0086\u0089}tRs.")
                .getBytes(StandardCharsets.ISO_8859_1);
        Map<String, byte[]> entries = Map.of("a/data.pkl", pickle, "a/data/0", new byte[16]);
        Weights weights = Weights.load(Zips.write(folder.resolve("zip.pth"), entries));
        assertThrows(WeightsException.class, () -> weights.read("a", DataType.FLOAT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/etc/evil", "a/../../evil", "a\\..\\evil", "C:evil"})
    void pathsThatLeadOut(String name) throws IOException {
        refused("leads elsewhere", Zips.write(folder.resolve("slip.pth"), Map.of(name, new byte[1])));
    }

    @Test
    void zipsThatDeceive() throws IOException {
        Path bomb = Zips.pack(folder.resolve("bomb.pth"), Map.of("a/data.pkl", new byte[100 << 20]));
        refused("at most", bomb);
        Path packed = Zips.pack(
                folder.resolve("packed.pth"),
                Map.of(
                        "a/data.pkl",
                        ("\u0080\2}X\1\0\0\0a" + TENSOR + "(" + STORAGE + "K\0))\u0089}tRs.")
                                .getBytes(StandardCharsets.ISO_8859_1),
                        "a/data/0",
                        new byte[16]));
        refused("compressed", packed);
        Path twice = folder.resolve("twice.pth");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(twice)) {
            for (int i = 0; i < 2; i++) {
                out.putArchiveEntry(new ZipArchiveEntry("a/data.pkl"));
                out.write(new byte[] {'.'});
                out.closeArchiveEntry();
            }
        }
        refused("twice", twice);
    }

    /** The second entry of the directory is led to the place of the first. */
    @Test
    void overlappingEntries() throws IOException {
        Path file = Zips.write(
                folder.resolve("overlap.pth"), new LinkedHashMap<>(Map.of("a/x", new byte[9], "a/y", new byte[9])));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int seen = 0;
        for (int at = 0; at < bytes.limit() - 46; at++) {
            if (bytes.getInt(at) == 0x02014b50 && ++seen == 2) {
                bytes.putInt(at + 42, 0);
            }
        }
        Files.write(file, bytes.array());
        refused("overlaps", file);
    }

    @ParameterizedTest
    @MethodSource("headers")
    void safetensorsThatDeceive(String problem, long length, String header, int data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length < 0 ? text.length : length).put(text);
        refused(problem, Files.write(folder.resolve("a.safetensors"), bytes.array()));
    }

    static Stream<Arguments> headers() {
        String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        return Stream.of(
                Arguments.of("bytes, the file only", 1L << 60, "{" + a + "}", 8),
                Arguments.of("bytes, the file only", Long.MAX_VALUE, "{" + a + "}", 8),
                Arguments.of("bytes, the file only", 1L << 31, "{" + a + "}", 8),
                Arguments.of("overlap", -1L, "{" + a + "," + a.replace("\"a\"", "\"b\"") + "}", 8),
                Arguments.of("holes", -1L, "{" + a.replace("[0,8]", "[8,16]") + "}", 16),
                Arguments.of("the file has 9", -1L, "{" + a + "}", 9),
                Arguments.of("cut short", -1L, "{" + a + "}", 7),
                Arguments.of("does not fit", -1L, "{" + a.replace("[2]", "[3]") + "}", 8),
                Arguments.of("does not fit", -1L, "{" + a.replace("[2]", "[-1,-2]") + "}", 8),
                Arguments.of("does not fit", -1L, "{" + a.replace("[2]", "[4294967296,4294967296]") + "}", 8),
                Arguments.of("does not fit", -1L, "{" + a.replace("[0,8]", "[8,0]") + "}", 8),
                Arguments.of("does not fit", -1L, "{" + a.replace("[0,8]", "[-8,0]") + "}", 8),
                Arguments.of("not valid", -1L, "{" + a + "," + a + "}", 8),
                Arguments.of("not valid", -1L, "{" + a.replace("[2]", "[1.5]") + "}", 8),
                Arguments.of("not valid", -1L, "{" + a.replace("[2]", "[9223372036854775808]") + "}", 8),
                Arguments.of("not valid", -1L, "{" + a.replace("[2]", "[null]") + "}", 8),
                Arguments.of("not valid", -1L, "{" + a.replace(",\"shape\":[2]", "") + "}", 8),
                Arguments.of("not valid", -1L, "{\"a\":" + "[".repeat(100_000) + "}", 8),
                Arguments.of("lacks", -1L, "{\"a\":null}", 0),
                Arguments.of("not read", -1L, "{" + a.replace("F32", "F8_E4M3") + "}", 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PK", "\u0080", "hello world, this is no checkpoint"})
    void otherFiles(String text) throws IOException {
        refused("", Files.write(folder.resolve("other"), text.getBytes(StandardCharsets.ISO_8859_1)));
        refused("no such file", folder.resolve("absent"));
    }

    private static void refused(String problem, Path file) {
        WeightsException e = assertThrows(WeightsException.class, () -> Weights.load(file));
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertTrue(e.getMessage().contains(problem), e.getMessage());
    }

    /** A file whose tensors of those shapes all repeat the one value that is stored. */
    private Path repeating(Map<String, long[]> shapes) throws IOException {
        StringBuilder pickle = new StringBuilder("\u0080\2}");
        shapes.forEach((key, shape) -> {
            pickle.append("X")
                    .append(int32(key.length()))
                    .append(key)
                    .append(TENSOR)
                    .append('(');
            pickle.append(STORAGE.replace("K\4t", "K\1t")).append("K\0(");
            Arrays.stream(shape).forEach(size -> pickle.append('J').append(int32((int) size)));
            pickle.append("t(").append("K\0".repeat(shape.length)).append("t\u0089}tRs");
        });
        return Zips.write(
                folder.resolve("repeating.pth"),
                Map.of(
                        "a/data.pkl",
                        pickle.append('.').toString().getBytes(StandardCharsets.ISO_8859_1),
                        "a/data/0",
                        new byte[4]));
    }

    private static String int32(int value) {
        byte[] bytes = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void networksThatAreNotInTheFileAreNotMade() throws IOException {
        NetworkSpec huge = NetworkModel.builder("conv.ae1d")
                .channel(6000)
                .layers(1, 1)
                .build()
                .spec();
        Path file = repeating(StateDict.shapesOf(huge));
        assertTrue(Files.size(file) < 10_000);
        Weights weights = Weights.load(file);
        assertEquals(huge, weights.spec());
        WeightsException e = assertThrows(WeightsException.class, () -> weights.network());
        assertTrue(e.getMessage().contains("repeat the 1 that"), e.getMessage());
        assertThrows(WeightsException.class, () -> weights.partial().network(huge));
        NetworkModel large =
                NetworkModel.builder("conv.ae1d").channel(1200).layers(1, 1).build();
        ComputationGraph network = large.init();
        INDArray before = network.params().dup();
        Weights repeated = Weights.load(repeating(StateDict.shapesOf(large.spec())));
        assertThrows(WeightsException.class, () -> repeated.into(network));
        assertEquals(before, network.params());
    }

    @Test
    void weightsMayBeSharedAndSmallOnesRepeated() throws IOException {
        NetworkModel small =
                NetworkModel.builder("conv.ae1d").channel(8).layers(1, 1).build();
        ComputationGraph network =
                Weights.load(repeating(StateDict.shapesOf(small.spec()))).network();
        assertTrue(network.params().eq(0).all());
    }

    @Test
    void namesWithControlCharacters() throws IOException {
        Weights weights = Weights.load(repeating(Map.of("conv_first.\u001b[31m\u0007", new long[] {2})));
        for (Executable use : new Executable[] {
            () -> weights.spec(),
            () -> weights.into(NetworkModel.builder("conv.ae1d")
                    .channel(2)
                    .layers(1, 1)
                    .build()
                    .init())
        }) {
            String message = assertThrows(WeightsException.class, use).getMessage();
            assertFalse(message.matches("(?s).*\\p{Cc}.*"), message);
        }
    }
}
