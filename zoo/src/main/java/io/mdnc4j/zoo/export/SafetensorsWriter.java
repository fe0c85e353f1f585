package io.mdnc4j.zoo.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mdnc4j.zoo.ModelDescription;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes safetensors: the length of a header in JSON, the header, the elements of all tensors without gaps. See
 * <a href="https://github.com/huggingface/safetensors">github.com/huggingface/safetensors</a>.
 */
final class SafetensorsWriter {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The elements begin at a multiple of this many bytes; spaces fill the header up. */
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    static void write(ComputationGraph network, ModelDescription description, Path file) throws IOException {
        Map<String, INDArray> tensors = StateTensors.of(network);
        // larger elements first, so that all are aligned in memory, as readers that map the file want them
        List<String> stored = tensors.keySet().stream()
                .sorted(Comparator.comparing(
                        key -> -StateTensors.type(tensors.get(key)).size()))
                .toList();
        byte[] header = MAPPER.writeValueAsBytes(header(tensors, stored, description));
        byte[] padded = Arrays.copyOf(header, (header.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, header.length, padded.length, (byte) ' ');
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(padded.length)
                    .array());
            out.write(padded);
            for (String key : stored) {
                StateTensors.write(tensors.get(key), out);
            }
        }
    }

    private static ObjectNode header(Map<String, INDArray> tensors, List<String> stored, ModelDescription description) {
        ObjectNode header = MAPPER.createObjectNode();
        ObjectNode metadata = header.putObject("__metadata__").put("format", "pt");
        if (description != null) {
            metadata.put(ModelDescription.NOTE, description.toJson());
        }
        tensors.keySet().forEach(header::putObject); // in the order of the state_dict
        long offset = 0;
        for (String key : stored) {
            INDArray tensor = tensors.get(key);
            ObjectNode entry = (ObjectNode) header.get(key);
            entry.put("dtype", StateTensors.type(tensor).safetensorsName());
            entry.set("shape", MAPPER.valueToTree(tensor.shape()));
            long end = offset + StateTensors.bytes(tensor);
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        return header;
    }
}
