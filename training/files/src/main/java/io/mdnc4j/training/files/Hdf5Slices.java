package io.mdnc4j.training.files;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Sets of arrays in HDF5 files: the first axis counts them, and one at a time is read. A few files are kept open, since opening
 * takes longer than reading; what nobody has read from for some seconds is closed. For any number of threads, one at a time.
 */
public final class Hdf5Slices {
    private static final int OPEN = 4;

    private static final long IDLE_SECONDS = 10;

    /** Runs in a thread of the JDK's own that keeps no JVM alive. */
    private static final Executor LATER = CompletableFuture.delayedExecutor(IDLE_SECONDS, TimeUnit.SECONDS);

    /** By path, the least recently used first; also the lock of all reading. */
    private static final Map<Path, HdfFile> FILES = new LinkedHashMap<>(OPEN, 1, true);

    /** The files that were read from since {@link #closeIdle} last looked. */
    private static final Set<Path> BUSY = new HashSet<>();

    private static boolean watched;

    private Hdf5Slices() {}

    /**
     * Shapes of the datasets in a file.
     *
     * @param file a regular file
     * @return shapes {@code [N, ...]} by the datasets' paths without the leading slash; {@code [1]} of a single number
     * @throws DataException if it cannot be read
     */
    public static Map<String, long[]> shapes(Path file) {
        synchronized (FILES) {
            close(FILES.remove(file));
            try {
                Map<String, long[]> shapes = new LinkedHashMap<>();
                HdfFile hdf = open(file);
                Map<String, Dataset> datasets =
                        Hdf5Format.bounded(ArrayFiles.size(file), () -> Hdf5Format.datasets(hdf));
                for (Map.Entry<String, Dataset> dataset : datasets.entrySet()) {
                    shapes.put(dataset.getKey(), shape(file, dataset.getValue()));
                }
                return shapes;
            } catch (IOException | RuntimeException | StackOverflowError | InternalError e) {
                throw ArrayFiles.unusable(file, e);
            }
        }
    }

    /**
     * The datasets of texts in a file, such as names of classes.
     *
     * @param file a regular file
     * @return the datasets' paths without the leading slash
     * @throws DataException if it cannot be read
     */
    public static List<String> textNames(Path file) {
        synchronized (FILES) {
            try {
                return List.copyOf(
                        Hdf5Format.datasets(open(file), Hdf5Format::isTexts).keySet());
            } catch (IOException | RuntimeException | StackOverflowError e) {
                throw ArrayFiles.unusable(file, e);
            }
        }
    }

    /**
     * Reads a dataset of texts.
     *
     * @param file a regular file
     * @param name one of {@link #textNames}
     * @return the texts, without spaces at their ends
     * @throws DataException if it cannot be read, or they are more than the file can hold
     */
    public static List<String> texts(Path file, String name) {
        synchronized (FILES) {
            try {
                Dataset dataset = open(file).getDatasetByPath(name);
                long bytes = ArrayFiles.size(file);
                Limits.elements(
                        Hdf5Format.capacity(dataset, bytes), bytes, DataType.DOUBLE, dataset.getDimensionsAsLong());
                return Arrays.stream((Object[]) dataset.getData())
                        .map(text -> String.valueOf(text).strip())
                        .toList();
            } catch (IOException | RuntimeException | StackOverflowError e) {
                throw ArrayFiles.unusable(file, e);
            }
        }
    }

    /**
     * Reads one array of a set.
     *
     * @param file a regular file
     * @param name of the dataset: its path, with or without the leading slash
     * @param index of the array along the dataset's first axis, from 0
     * @return the array, without the first axis; {@code [1]} where there is no other
     * @throws ArgumentException if the dataset has no array of that index
     * @throws DataException if it cannot be read, or the array is too large ({@link ArrayFiles#MAX_ARRAY})
     * @throws OutOfMemoryError if the array takes more memory than there is
     */
    public static StoredArray read(Path file, String name, int index) {
        synchronized (FILES) {
            try {
                Dataset dataset = open(file).getDatasetByPath(name);
                long[] shape = shape(file, dataset);
                ArgumentException.require(
                        index >= 0 && index < shape[0], "index", index, "give one of the " + shape[0] + " of " + name);
                long[] start = new long[shape.length];
                start[0] = index;
                int[] size = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
                size[0] = 1;
                long[] one = shape.length == 1 ? new long[] {1} : Arrays.copyOfRange(shape, 1, shape.length);
                ElementType type = Hdf5Format.type(dataset);
                long bytes = ArrayFiles.size(file);
                return Hdf5Format.bounded(bytes + Hdf5Format.heap(one), () -> {
                    Hdf5Chunks.requireSound(dataset, start, size, bytes);
                    return new StoredArray(Hdf5Format.array(dataset.getData(start, size), type, one), false, type);
                });
            } catch (IOException | RuntimeException | StackOverflowError | InternalError e) {
                throw ArrayFiles.unusable(file, e);
            }
        }
    }

    /** The shape of a dataset that the file can hold and of which one array at a time may be read. */
    private static long[] shape(Path file, Dataset dataset) throws IOException {
        long bytes = ArrayFiles.size(file);
        long[] shape = dataset.isScalar() ? new long[] {1} : dataset.getDimensionsAsLong();
        long capacity = Hdf5Format.capacity(dataset, bytes);
        long[] one = shape.clone();
        one[0] = Math.min(1, shape[0]);
        long elements = Limits.elements(capacity, bytes, RawNumbers.arrayType(Hdf5Format.type(dataset)), one);
        if (shape[0] > capacity / elements) {
            throw new IOException("its header says " + Arrays.toString(shape) + ", more than the file can hold");
        }
        return shape;
    }

    private static HdfFile open(Path file) throws IOException {
        HdfFile open = FILES.get(file);
        if (open == null) {
            if (FILES.size() == OPEN) {
                close(FILES.remove(FILES.keySet().iterator().next()));
            }
            ArrayFiles.size(file);
            open = Hdf5Format.open(file);
            if (!watched) {
                watched = true;
                LATER.execute(Hdf5Slices::lookAgain);
            }
            FILES.put(file, open);
        }
        BUSY.add(file);
        return open;
    }

    private static void lookAgain() {
        synchronized (FILES) {
            watched = closeIdle() > 0;
            if (watched) {
                LATER.execute(Hdf5Slices::lookAgain);
            }
        }
    }

    /** Closes the files that were not read from since it was called last; returns how many stay open. */
    static int closeIdle() {
        synchronized (FILES) {
            FILES.entrySet().removeIf(entry -> {
                boolean idle = !BUSY.contains(entry.getKey());
                if (idle) {
                    close(entry.getValue());
                }
                return idle;
            });
            BUSY.clear();
            return FILES.size();
        }
    }

    private static void close(@Nullable HdfFile file) {
        if (file != null) {
            file.close();
        }
    }
}
