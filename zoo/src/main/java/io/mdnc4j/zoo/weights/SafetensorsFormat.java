package io.mdnc4j.zoo.weights;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: the length of a header in JSON, the header, the elements of all tensors without gaps. See
 * <a href="https://github.com/huggingface/safetensors">github.com/huggingface/safetensors</a>.
 */
final class SafetensorsFormat {
    /** Its first byte; spaces may only follow the header. */
    private static final byte BRACE = '{';

    private static final int LENGTH_BYTES = Long.BYTES;

    /** A tensor takes about a hundred bytes. The format allows 100 MB. */
    private static final int MAX_HEADER = 16 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private SafetensorsFormat() {}

    /** The header: tensors by key, besides one key for texts. */
    private static final class Header {
        @JsonProperty("__metadata__")
        private Map<String, String> metadata = new LinkedHashMap<>();

        private final Map<String, Entry> tensors = new LinkedHashMap<>();

        @JsonAnySetter
        void add(String key, Entry entry) {
            tensors.put(key, entry);
        }
    }

    private record Entry(
            @JsonProperty(value = "dtype", required = true) String type,
            @JsonProperty(value = "shape", required = true) long[] shape,

            @JsonProperty(value = "data_offsets", required = true)
            long[] offsets) {}

    /** Whether a file that begins with these bytes is one. */
    static boolean begins(ByteBuffer start) {
        return start.remaining() > LENGTH_BYTES && start.get(start.position() + LENGTH_BYTES) == BRACE;
    }

    static Contents read(FileChannel file) throws IOException {
        long length = FileParts.read(file, 0, LENGTH_BYTES).getLong();
        long rest = file.size() - LENGTH_BYTES;
        if (length < 2 || length > rest) {
            throw new WeightsException("the header has " + Long.toUnsignedString(length) + " bytes, the file only "
                    + rest + " for it; the file is cut short or damaged");
        }
        if (length > MAX_HEADER) {
            throw new WeightsException(
                    "the header has " + length + " bytes, more than the " + MAX_HEADER + " that are read");
        }
        Header header = header(FileParts.read(file, LENGTH_BYTES, (int) length));
        return new Contents(place(header.tensors, LENGTH_BYTES + length, rest - length), Map.copyOf(header.metadata));
    }

    private static Header header(ByteBuffer json) throws WeightsException {
        try {
            Header header = MAPPER.readValue(json.array(), Header.class);
            if (header == null || header.metadata == null || header.metadata.containsValue(null)) {
                throw new WeightsException("the header is null where it must not be");
            }
            return header;
        } catch (JsonProcessingException e) {
            throw new WeightsException("the header is not valid: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new WeightsException("the header is not valid: " + e.getMessage(), e);
        }
    }

    /** The tensors, in the order of their places, which must follow one another and fill the file. */
    private static Map<Object, Object> place(Map<String, Entry> entries, long start, long available)
            throws WeightsException {
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            check(entry.getKey(), entry.getValue());
        }
        List<Map.Entry<String, Entry>> inOrder = entries.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, Entry>>comparingLong(entry -> entry.getValue().offsets[0])
                        .thenComparingLong(entry -> entry.getValue().offsets[1]))
                .toList();
        Map<Object, Object> tensors = new LinkedHashMap<>();
        long end = 0;
        for (Map.Entry<String, Entry> named : inOrder) {
            Entry entry = named.getValue();
            if (entry.offsets[0] != end) {
                throw new WeightsException("tensor \"" + named.getKey() + "\" begins at byte " + entry.offsets[0]
                        + ", the one before it ends at " + end + "; tensors must not overlap nor leave holes");
            }
            TensorType type = TensorType.ofSafetensors(entry.type);
            Storage storage =
                    new Storage(named.getKey(), type, StoredTensor.count(entry.shape)).at(start + end, available - end);
            end = entry.offsets[1];
            tensors.put(named.getKey(), StoredTensor.whole(storage, entry.shape));
        }
        if (end != available) {
            throw new WeightsException("the tensors take " + end + " bytes, the file has " + available
                    + " for them; it is cut short or damaged");
        }
        return tensors;
    }

    private static void check(String key, Entry entry) throws WeightsException {
        if (entry == null || entry.type == null || entry.shape == null || entry.offsets == null) {
            throw new WeightsException("tensor \"" + key + "\" lacks its dtype, shape or data_offsets");
        }
        TensorType type = TensorType.ofSafetensors(entry.type);
        if (type == null) {
            throw new WeightsException("tensor \"" + key + "\" has elements of type \"" + entry.type
                    + "\", which is not read; convert it to F32");
        }
        long elements = StoredTensor.count(entry.shape);
        long[] offsets = entry.offsets;
        boolean fits = offsets.length == 2
                && 0 <= offsets[0]
                && offsets[0] <= offsets[1]
                && (offsets[1] - offsets[0]) % type.size() == 0
                && (offsets[1] - offsets[0]) / type.size() == elements;
        if (!fits) {
            throw new WeightsException("tensor \"" + key + "\" of type " + entry.type + " and shape "
                    + java.util.Arrays.toString(entry.shape) + " does not fit its data_offsets "
                    + java.util.Arrays.toString(offsets));
        }
    }
}
