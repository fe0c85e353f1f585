package io.mdnc4j.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.TwinNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Values and networks are checked against the reference cases in the module {@code training}. */
class WeightsTest {
    private static final Path CHECKPOINTS = Path.of(System.getProperty("reference.dir"), "checkpoints");
    private static NetworkModel model;

    @TempDir
    Path folder;

    @BeforeAll
    static void describe() {
        model = NetworkModel.builder("conv.ae1d")
                .channel(2)
                .layers(1, 1)
                .inputShape(1, 8)
                .build();
    }

    /** Writes float tensors as safetensors, to change keys and shapes at will. */
    private Path safetensors(Map<String, INDArray> tensors) throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        long end = 0;
        for (Map.Entry<String, INDArray> tensor : tensors.entrySet()) {
            long start = end;
            end += tensor.getValue().length() * Float.BYTES;
            header.append(",\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                    .formatted(tensor.getKey(), List.of(box(tensor.getValue().shape())), start, end));
        }
        byte[] text = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + text.length + (int) end).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        tensors.values().forEach(tensor -> {
            for (float value : tensor.dup('c').data().asFloat()) {
                bytes.putFloat(value);
            }
        });
        return Files.write(folder.resolve("weights.safetensors"), bytes.array());
    }

    private static Object[] box(long[] shape) {
        return java.util.Arrays.stream(shape).boxed().toArray();
    }

    private static Map<String, INDArray> state(String prefix) {
        Map<String, INDArray> state = new LinkedHashMap<>();
        StateDict.of(model.init()).forEach((key, value) -> state.put(prefix + key, Nd4j.rand(value.shape())));
        return state;
    }

    private static void assertHolds(Map<String, INDArray> state, String prefix, ComputationGraph network) {
        StateDict.of(network).forEach((key, value) -> assertEquals(state.get(prefix + key), value, key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "module.", "model.", "_orig_mod.", "net.module."})
    void prefixesArePassedOver(String prefix) throws IOException {
        Map<String, INDArray> state = state(prefix);
        Weights weights = Weights.load(safetensors(state));
        ComputationGraph network = model.init();
        assertTrue(weights.into(network).complete());
        assertHolds(state, prefix, network);
        assertHolds(state, prefix, weights.network());
        assertEquals(Map.of("format", "pt"), weights.metadata());
    }

    @Test
    void whatDoesNotFitIsListedAndNothingLoaded() throws IOException {
        Map<String, INDArray> state = state("");
        INDArray bias = state.remove("conv_final.bias");
        state.put("conv_final.biass", bias);
        state.put("conv_first.weight", Nd4j.rand(2, 1, 3));
        state.put("norm.num_batches_tracked", Nd4j.zeros(1));
        Weights weights = Weights.load(safetensors(state));
        ComputationGraph network = model.init();
        INDArray before = network.params().dup();
        String message = assertThrows(WeightsException.class, () -> weights.into(network))
                .getMessage();
        assertTrue(message.contains("missing: conv_final.bias [1]"), message);
        assertTrue(message.contains("unexpected: conv_final.biass [1]"), message);
        assertTrue(message.contains("misshapen: conv_first.weight [2, 1, 3] instead of [2, 1, 5]"), message);
        assertFalse(message.contains("num_batches_tracked"), message);
        assertEquals(before, network.params());

        Match match = weights.partial().into(network);
        assertEquals(List.of("conv_final.bias [1]"), match.missing());
        assertFalse(match.loaded().containsKey("conv_first.weight"));
        Map<String, INDArray> loaded = StateDict.of(network);
        match.loaded().keySet().forEach(key -> assertEquals(state.get(key), loaded.get(key), key));
        assertThrows(WeightsException.class, weights::network);
    }

    @Test
    void nothingThatFitsIsAnErrorEvenInPart() throws IOException {
        Weights weights = Weights.load(safetensors(Map.of("other", Nd4j.zeros(2))));
        assertThrows(WeightsException.class, () -> weights.partial().into(model.init()));
    }

    @ParameterizedTest
    @CsvSource({"nested.pth", "nested_legacy.pth"})
    void nestedStates(String name) throws IOException {
        Path file = CHECKPOINTS.resolve("layouts").resolve(name);
        Weights found = Weights.load(file);
        assertEquals(Set.of("plain", "transposed", "int64"), found.tensors().keySet());
        assertEquals(found.tensors(), Weights.load(file, "model").tensors());
        Weights top = Weights.load(file, "");
        assertEquals(Set.of("param"), top.tensors().keySet());
        assertEquals(found.read("plain", DataType.DOUBLE), top.read("param", DataType.DOUBLE));
        String message = assertThrows(WeightsException.class, () -> Weights.load(file, "ema"))
                .getMessage();
        assertTrue(message.contains("\"model\""), message);
    }

    @Test
    void oneTensorAtATime() throws IOException {
        Weights weights = Weights.load(CHECKPOINTS.resolve("layouts").resolve("weights.pth"));
        TensorInfo info = weights.tensors().get("transposed");
        assertEquals("transposed float32 [8, 6]", info.toString());
        INDArray target = Nd4j.zeros(DataType.DOUBLE, info.shape());
        weights.copy("transposed", target);
        assertEquals(weights.read("transposed", DataType.DOUBLE), target);
        assertThrows(IllegalArgumentException.class, () -> weights.copy("transposed", Nd4j.zeros(6, 8)));
        assertThrows(IllegalArgumentException.class, () -> weights.copy("absent", target));
        assertThrows(
                IllegalArgumentException.class,
                () -> weights.copy("transposed", Nd4j.zeros(DataType.INT32, info.shape())));
        assertEquals(0, weights.read("empty", DataType.FLOAT).length());
    }

    /** Either name of a tensor will do, in any order, under any prefix; two different ones for one tensor are refused. */
    @Test
    void twinsAreOneTensor() throws IOException {
        NetworkModel unet = NetworkModel.builder("nnunet.residual1d")
                .features(2, 3)
                .layers(1, 1)
                .inputShape(1, 8)
                .build();
        Map<String, INDArray> parameters = StateDict.of(unet.init());
        for (int choice = 0; choice < 4; choice++) {
            Map<String, INDArray> state = new LinkedHashMap<>();
            for (Map.Entry<String, INDArray> parameter : parameters.entrySet()) {
                List<String> names = new ArrayList<>(List.of(parameter.getKey()));
                names.addAll(TwinNames.of(parameter.getKey()));
                names.forEach(name -> assertEquals(parameter.getKey(), TwinNames.first(name)));
                state.put("module." + names.get(Math.min(choice, names.size() - 1)), parameter.getValue());
            }
            Weights weights = Weights.load(safetensors(state));
            assertEquals(parameters, StateDict.of(weights.network(unet)));
            assertEquals(unet.spec(), weights.spec());
        }
        String first = "encoder.stem.convs.0.conv.weight";
        INDArray weight = parameters.get(first);
        for (String twin : TwinNames.of(first)) {
            Map<String, INDArray> both = new LinkedHashMap<>(parameters);
            both.put(twin, weight.dup());
            assertEquals(
                    parameters, StateDict.of(Weights.load(safetensors(both)).network(unet)));
            both.put(twin, weight.add(1e-3));
            WeightsException e = assertThrows(WeightsException.class, () -> Weights.load(safetensors(both)));
            assertTrue(e.getMessage().contains(twin) && e.getMessage().contains("differ"), e.getMessage());
            both.put(twin, weight.reshape(weight.length()));
            assertThrows(WeightsException.class, () -> Weights.load(safetensors(both)));
        }
    }
}
