package io.mdnc4j.training.files;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Sets of arrays in HDF5 files: the first axis counts them, and one at a time is read. A few files are kept open, since opening
 * takes longer than reading; what nobody has read from for some seconds is closed.
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
     * Shapes of the datasets in a file by name.
     *
     * @throws DataException if it cannot be read
     */
    public static Map<String, long[]> shapes(Path file) {
        synchronized (FILES) {
            close(FILES.remove(file));
            try {
                Map<String, long[]> shapes = new LinkedHashMap<>();
                for (Map.Entry<String, Dataset> dataset :
                        Hdf5Format.datasets(open(file)).entrySet()) {
                    shapes.put(dataset.getKey(), Hdf5Format.shape(dataset.getValue(), ArrayFiles.size(file)));
                }
                return shapes;
            } catch (IOException | RuntimeException e) {
                throw broken(file, e);
            }
        }
    }

    /**
     * Reads one array of a set.
     *
     * @param name of the dataset
     * @param index from 0
     * @throws DataException if it cannot be read
     */
    public static StoredArray read(Path file, String name, int index) {
        synchronized (FILES) {
            try {
                Dataset dataset = open(file).getDatasetByPath(name);
                long[] shape = Hdf5Format.shape(dataset, ArrayFiles.size(file));
                long[] start = new long[shape.length];
                start[0] = index;
                int[] size = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
                size[0] = 1;
                long[] one = shape.length == 1 ? new long[] {1} : Arrays.copyOfRange(shape, 1, shape.length);
                ElementType type = Hdf5Format.type(dataset);
                return new StoredArray(Hdf5Format.array(dataset.getData(start, size), type, one), false, type);
            } catch (IOException | RuntimeException e) {
                throw broken(file, e);
            }
        }
    }

    private static HdfFile open(Path file) {
        HdfFile open = FILES.get(file);
        if (open == null) {
            if (FILES.size() == OPEN) {
                close(FILES.remove(FILES.keySet().iterator().next()));
            }
            open = new HdfFile(file);
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

    private static void close(HdfFile file) {
        if (file != null) {
            file.close();
        }
    }

    private static DataException broken(Path file, Exception e) {
        if (OutOfMemory.is(e)) {
            throw OutOfMemory.error(e);
        }
        return new DataException(file + ": " + e.getMessage() + "; check that the file is whole", e);
    }
}
