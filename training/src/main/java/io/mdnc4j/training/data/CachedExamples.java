package io.mdnc4j.training.data;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Examples of which those used last are kept in memory, up to a number of bytes. For several threads. */
final class CachedExamples implements Examples {
    private static final int SLOTS = 16;
    private static final float LOAD = 0.75f;

    private final Examples source;
    private final long limit;
    private final Map<Integer, Example> kept = new LinkedHashMap<>(SLOTS, LOAD, true);
    private long bytes;

    CachedExamples(Examples source, long limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit: " + limit + " is negative; give a number of bytes");
        }
        this.source = source;
        this.limit = limit;
    }

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public List<String> classes() {
        return source.classes();
    }

    @Override
    public synchronized Example get(int index) {
        Example example = kept.get(index);
        if (example == null) {
            example = source.get(index);
            keep(index, example);
        }
        return example;
    }

    private void keep(int index, Example example) {
        long size = bytes(example);
        if (size > limit) {
            return;
        }
        Iterator<Example> oldest = kept.values().iterator();
        while (bytes + size > limit) {
            bytes -= bytes(oldest.next());
            oldest.remove();
        }
        kept.put(index, example);
        bytes += size;
    }

    private static long bytes(Example example) {
        return bytes(example.input()) + bytes(example.target());
    }

    private static long bytes(INDArray array) {
        return array == null ? 0 : array.length() * array.dataType().width();
    }

    /** Bytes of the values that are kept. */
    synchronized long bytes() {
        return bytes;
    }
}
