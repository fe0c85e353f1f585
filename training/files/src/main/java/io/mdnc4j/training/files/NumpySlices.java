package io.mdnc4j.training.files;

import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Sets of arrays in NumPy's zips: the first axis counts them. Since they are compressed, an array is read as a whole and stays
 * in memory while there is enough. For any number of threads.
 */
final class NumpySlices {
    private static final int KEPT = 4;

    private record Key(Path file, FileTime changed, String name) {}

    /** The least recently used first. */
    private static final Map<Key, SoftReference<StoredArray>> ARRAYS = new LinkedHashMap<>(KEPT, 1, true);

    private NumpySlices() {}

    static Map<String, long[]> shapes(Path file) {
        try {
            ArrayFiles.size(file);
            return NumpyFormat.shapes(file, false);
        } catch (IOException | RuntimeException e) {
            throw ArrayFiles.unusable(file, e);
        }
    }

    static List<String> textNames(Path file) {
        try {
            return List.copyOf(NumpyFormat.shapes(file, true).keySet());
        } catch (IOException | RuntimeException e) {
            throw ArrayFiles.unusable(file, e);
        }
    }

    static List<String> texts(Path file, String name) {
        try {
            return NumpyFormat.texts(file, name);
        } catch (IOException | RuntimeException e) {
            throw ArrayFiles.unusable(file, e);
        }
    }

    static StoredArray read(Path file, String name, int index) {
        StoredArray all = whole(file, name);
        INDArray values = all.values();
        ArgumentException.require(
                index >= 0 && index < values.size(0),
                "index",
                index,
                "give one of the " + values.size(0) + " of " + name);
        long[] one = values.rank() == 1 ? new long[] {1} : Arrays.copyOfRange(values.shape(), 1, values.rank());
        INDArray slice =
                values.rank() == 1 ? values.get(NDArrayIndex.interval(index, index + 1L)) : values.slice(index);
        return new StoredArray(slice.dup('c').reshape('c', one), false, all.type());
    }

    private static StoredArray whole(Path file, String name) {
        FileTime changed;
        try {
            changed = Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw ArrayFiles.unusable(file, e);
        }
        Key key = new Key(file, changed, name);
        synchronized (ARRAYS) {
            SoftReference<StoredArray> kept = ARRAYS.get(key);
            @Nullable StoredArray array = kept == null ? null : kept.get();
            if (array == null) {
                array = ArrayFiles.read(file, name);
                if (ARRAYS.size() >= KEPT) {
                    ARRAYS.remove(ARRAYS.keySet().iterator().next());
                }
                ARRAYS.put(key, new SoftReference<>(array));
            }
            return array;
        }
    }
}
