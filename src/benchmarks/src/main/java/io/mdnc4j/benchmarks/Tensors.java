package io.mdnc4j.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** The tensors that {@code trace.py} wrote for one case: weights by key, the input, the output. */
final class Tensors {
    private static final int PIECE = 1 << 20;

    private final JsonNode index;
    private final Path data;

    /** Opens the files of that case's folder. */
    Tensors(Path folder) throws IOException {
        index = new ObjectMapper().readTree(folder.resolve("tensors.json").toFile());
        data = folder.resolve("tensors.bin");
    }

    /** The keys of the weights. */
    Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        for (Iterator<String> names = index.get("tensors").fieldNames(); names.hasNext(); ) {
            keys.add(names.next());
        }
        keys.remove("input");
        keys.remove("output");
        return keys;
    }

    long[] shape(String key) {
        JsonNode shape = index.get("tensors").get(key).get("shape");
        long[] sizes = new long[shape.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = shape.get(i).asLong();
        }
        return sizes;
    }

    /** The elements in row-major order. */
    float[] values(String key) {
        float[] values = new float[(int) LongStream.of(shape(key)).reduce(1, Math::multiplyExact)];
        read(key, FloatBuffer.wrap(values));
        return values;
    }

    /** Puts the elements, in row-major order, where they belong. */
    void read(String key, FloatBuffer target) {
        ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
        long offset = index.get("tensors").get(key).get("offset").asLong();
        // in pieces and not mapped: the file's pages would count as memory of the process
        try (FileChannel file = FileChannel.open(data, StandardOpenOption.READ)) {
            while (target.hasRemaining()) {
                piece.clear().limit((int) Math.min(PIECE, (long) target.remaining() * Float.BYTES));
                while (piece.hasRemaining()) {
                    int count = file.read(piece, offset);
                    if (count < 0) {
                        throw new IllegalStateException(data + ": ends before " + key);
                    }
                    offset += count;
                }
                target.put(piece.flip().asFloatBuffer());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The norm of all gradients of the output's mean square. */
    double gradientNorm() {
        return index.get("gradient_norm").asDouble();
    }
}
